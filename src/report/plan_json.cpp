// SPDX-License-Identifier: Apache-2.0
// The plan document.
#include "icplan/report/report.hpp"

#include "figures.hpp"
#include "findings.hpp"
#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/halls.hpp"
#include "icplan/analysis/transport.hpp"
#include "icplan/base/sha256.hpp"
#include "icplan/json/writer.hpp"
#include "icplan/report/record.hpp"
#include "icplan/report/workloads.hpp"
#include "icplan/spec/workload.hpp"
#include "icplan/version.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

using json::Writer;

class PlanWriter {
public:
  PlanWriter(const Plan& plan, std::string& text) : plan_(plan), text_(text), out_(text) {}

  void run() {
    out_.begin_object().member("format", "icplan.plan/1").member("name", plan_.spec.name);
    out_.key("tool").begin_object_row().member("name", "icplan").member("version", version).end_object();
    write_summary();
    write_nodes();
    write_fabrics();
    write_media();
    write_between_halls();
    write_lengths();
    write_baseline();
    write_bom();
    write_power();
    write_racks();
    write_optimized();
    if (!plan_.spec.workloads.empty()) {
      out_.key("workloads").begin_object();
      write_workloads(out_, plan_);
      out_.end_object();
    }
    out_.key("findings");
    write_findings(out_, plan_.findings, *plan_.sources);
    out_.key("defaults").begin_array();
    for (const auto& line : plan_.spec.defaults) out_.string(line);
    out_.end_array();
    write_inputs();
    Sha256 digest;
    write_cables_csv(plan_, [&](std::string_view text) { digest.update(text); });
    out_.key("cables").begin_object_row().member("file", "cables.csv").member("sha256", digest.hex_digest()).end_object();
    write_own_digest();
    out_.end_object();
  }

private:
  void write_summary() {
    const auto counts = count_plan(plan_);
    const auto power = measure_power(plan_).total;
    const auto cost = measure_cost(plan_);
    out_.key("summary").begin_object();
    out_.member("gpus", counts.gpus)
        .member("nodes", counts.nodes)
        .member("support_nodes", counts.support_nodes)
        .member("racks", counts.racks)
        .member("switches", counts.switches);
    out_.member("links", counts.links).member("cables", counts.cables).member("modules", counts.modules);
    out_.member_decimal("power_typical_w", known_total(power.typical, power.unknown_typical), 3);
    out_.member_decimal("power_max_w", known_total(power.maximum, power.unknown_maximum), 3);
    out_.member("power_unknown_parts", power.unknown_maximum).member("power_typical_unknown_parts", power.unknown_typical);
    out_.member_decimal("cost_usd", known_total(cost.total, cost.unknown_parts), 2);
    out_.member("cost_unknown_parts", cost.unknown_parts);
    out_.end_object();
  }

  void write_nodes() {
    out_.key("nodes").begin_array();
    for (const auto& group : count_node_groups(plan_)) {
      out_.begin_object_row().member("group", group.name).member("model", group.model).member("count", group.count).end_object();
    }
    out_.end_array();
  }

  void write_tier(const Tier& tier, const TierUse& use) {
    out_.begin_object_row();
    out_.member("name", tier.name)
        .member("model", plan_.part(tier.model).id)
        .member("switches", tier.switches)
        .member("ports_down", tier.ports_down)
        .member("ports_up", tier.ports_up);
    out_.member_decimal("down_gbps", tier.mixed_speeds ? std::nullopt : std::optional(tier.down_speed), 3);
    out_.member_decimal("up_gbps", tier.oversubscription ? std::optional(tier.up_speed) : std::nullopt, 3);
    out_.member_decimal("oversubscription", tier.oversubscription ? std::optional(thousandths(*tier.oversubscription)) : std::nullopt, 3);
    out_.member("ports_free", use.ports_free)
        .member("cages_used", use.cages_used)
        .member("cages_disabled", use.cages_disabled)
        .member("cages_free", use.cages_free);
    out_.end_object();
  }

  void write_transport(FabricId fabric) {
    const auto transports = shared_transports(plan_, fabric);
    if (!transports) return;
    out_.key("transport").begin_array_row();
    for (const auto& word : *transports) out_.string(word);
    out_.end_array();
  }

  void write_between_halls() {
    const auto crossings = measure_hall_crossings(plan_);
    out_.key("between_halls").begin_array();
    for (const auto& line : crossings) {
      out_.begin_object_row();
      out_.member("from", plan_.spec.floor.halls[line.from.index()].name).member("to", plan_.spec.floor.halls[line.to.index()].name);
      out_.member("fabric", plan_.fabric_name(line.fabric)).member("class", to_text(line.media));
      if (!line.optics.empty()) out_.member("optics", line.optics);
      out_.member("links", line.links).member("cables", line.cables);
      out_.member_decimal("tbps", line.capacity, 6);
      if (line.light) {
        out_.member("fibre_pairs", *line.pairs()).member("wavelengths_per_pair", line.light->wavelengths);
        out_.member_decimal("gbps_per_wavelength", line.light->rate, 3);
      }
      out_.end_object();
    }
    out_.end_array();
  }

  void write_optics(FabricId fabric) {
    for (const auto& line : optics_) {
      if (line.fabric != fabric) continue;
      out_.key("optics").begin_object_row().member("links", line.links).member("loss_unknown_links", line.unknown);
      out_.member_decimal("worst_margin_db", line.worst, 3);
      out_.end_object();
    }
  }

  void write_fabrics() {
    optics_ = measure_optics(plan_);
    const auto bandwidth = measure_bandwidth(plan_);
    out_.key("fabrics").begin_array();
    for (std::size_t f = 0; f < plan_.network.fabrics.size(); ++f) {
      const auto& layout = plan_.network.fabrics[f];
      const auto& fabric = plan_.spec.fabrics[layout.fabric.index()];
      out_.begin_object();
      out_.member("name", fabric.name)
          .member("topology", to_text(fabric.topology))
          .member("protocol", to_text(layout.protocol))
          .member("planes", fabric.planes);
      write_transport(layout.fabric);
      if (fabric.on) out_.member("on", plan_.fabric_name(*fabric.on));
      if (fabric.uplink_to) out_.member("uplink_to", plan_.fabric_name(*fabric.uplink_to));
      if (layout.rails > 1) out_.member("rails", layout.rails);
      out_.key("tiers").begin_array();
      const auto use = measure_tiers(plan_, f);
      for (std::size_t t = 0; t < use.size(); ++t) write_tier(layout.tiers[t], use[t]);
      out_.end_array();
      out_.key("links").begin_array();
      for (const auto& line : count_links(plan_, f)) {
        out_.begin_object_row().member("from", line.from).member("to", line.to).member("count", line.count);
        if (!line.kind.empty()) out_.member("kind", line.kind);
        if (line.kind == to_text(LinkKind::uplink)) {
          out_.member("fabric", line.purpose);
        } else if (line.from == "reserved" || line.from == "external") {
          out_.member("for", line.purpose);
        }
        out_.end_object();
      }
      out_.end_array();
      const auto& at = bandwidth[f];
      out_.key("bandwidth").begin_object_row();
      out_.member_decimal("injection_gbps_per_gpu", at.per_gpu, 3);
      out_.member_decimal("bisection_half_tbps", at.bisection_full ? std::optional(*at.bisection_full * 5) : std::nullopt, 7);
      out_.member_bool("bisection_is_bound", at.bisection_bound);
      out_.member_decimal("bisection_full_tbps", at.bisection_full, 6);
      out_.end_object();
      write_optics(layout.fabric);
      out_.key("reasons").begin_array();
      for (const auto& reason : layout.reasons) out_.string(reason);
      out_.end_array();
      out_.end_object();
    }
    out_.end_array();
  }

  void write_media() {
    const auto bands = measure_length_bands(plan_);
    out_.key("media").begin_array();
    for (const auto& line : measure_media(plan_)) {
      out_.begin_object_row();
      out_.member("class", to_text(line.media)).member("cables", line.cables).member("links", line.links).member("escalated", line.escalated);
      out_.key("length_m").begin_object_row();
      out_.member_decimal("min", line.shortest.count(), 3)
          .member_decimal("mean", (line.sum.count() + line.cables / 2) / line.cables, 3)
          .member_decimal("max", line.longest.count(), 3);
      out_.end_object();
      out_.key("lengths").begin_array_row();
      for (const auto& band : bands) {
        const auto count = band.cables[static_cast<std::size_t>(line.media)];
        if (count == 0) continue;
        out_.begin_object_row().member_decimal("from_m", band.from.count(), 3);
        out_.member_decimal("below_m", band.to, 3).member("cables", count).end_object();
      }
      out_.end_array().end_object();
    }
    out_.end_array();
  }

  /// Where lengths come from, where the spec states some.
  void write_lengths() {
    const auto counts = count_lengths(plan_);
    out_.key("lengths");
    if (!counts) {
      out_.null();
      return;
    }
    out_.begin_object_row();
    out_.member("file", plan_.spec.lengths->path);
    out_.member("estimated", counts->legs[0]).member("measured", counts->legs[1]).member("locked", counts->legs[2]).member("stale", counts->stale);
    out_.end_object();
  }

  /// What became of the baseline, where there is one.
  void write_baseline() {
    out_.key("baseline");
    if (!plan_.growth) {
      out_.null();
      return;
    }
    const auto& growth = *plan_.growth;
    out_.begin_object();
    out_.member("name", plan_.baseline->name).member("cables_sha256", plan_.baseline->cables_digest);
    out_.key("devices").begin_object_row();
    out_.member("kept", growth.devices.kept)
        .member("added", growth.devices.added)
        .member("moved", growth.devices.moved)
        .member("removed", growth.devices.removed);
    out_.end_object();
    out_.key("cables").begin_object_row();
    out_.member("kept", growth.cables.kept)
        .member("added", growth.cables.added)
        .member("moved", growth.cables.moved)
        .member("removed", growth.cables.removed);
    out_.member("replaced", growth.cables.replaced);
    out_.end_object();
    out_.key("left_over").begin_array();
    for (const auto& item : growth.left_over) {
      out_.begin_object_row().member("part", item.part).member("kind", item.kind);
      out_.key("fabric");
      item.fabric.empty() ? out_.null() : out_.string(item.fabric);
      out_.member_decimal("length_m", item.length_mm == 0 ? std::nullopt : std::optional(item.length_mm), 3);
      out_.member("quantity", item.bought).end_object();
    }
    out_.end_array().end_object();
  }

  void write_bom() {
    out_.key("bom").begin_array();
    for (std::size_t r = 0; r < plan_.bom.size(); ++r) {
      const auto& row = plan_.bom[r];
      const auto& part = plan_.part(row.part);
      const bool included = row.included_in.valid();
      const auto price = plan_.unit_price(row);
      const auto watts = included ? std::nullopt : plan_.spec.accepted(part.power_max);
      out_.begin_object_row();
      out_.member("part", part.id).member("kind", row.kind);
      out_.key("fabric");
      row.fabric.valid() ? out_.string(plan_.fabric_name(row.fabric)) : out_.null();
      out_.member_decimal("length_m", row.length.count() == 0 ? std::nullopt : std::optional(row.length.count()), 3);
      out_.member("quantity", row.quantity).member("spares", row.spares);
      if (plan_.growth) out_.member("installed", plan_.growth->installed[r]).member("to_buy", plan_.growth->to_buy[r]);
      out_.member_decimal("unit_price_usd", price ? std::optional(price->amount) : std::nullopt, 2);
      out_.member_decimal("power_max_w", watts, 3);
      out_.key("included_in");
      included ? out_.string(plan_.part(row.included_in).id) : out_.null();
      out_.member("manufacturer", part.manufacturer);
      out_.key("part_number");
      part.part_number.empty() ? out_.null() : out_.string(part.part_number);
      out_.key("pack");
      included ? out_.null() : out_.integer(part.pack);
      out_.key("ordered");
      included ? out_.null() : out_.integer(row.ordered);
      out_.end_object();
    }
    out_.end_array();
  }

  void write_power() {
    out_.key("power").begin_array();
    for (const auto& line : measure_power(plan_).lines) {
      out_.begin_object_row();
      out_.member("what", line.what).member("count", line.count);
      out_.member_decimal("typical_w", known_total(line.typical, line.unknown_typical), 3)
          .member_decimal("max_w", known_total(line.maximum, line.unknown_maximum), 3);
      out_.member("typical_unknown_parts", line.unknown_typical).member("max_unknown_parts", line.unknown_maximum);
      out_.end_object();
    }
    out_.end_array();
  }

  void write_total(std::string_view name, const MediaTotal& total, OptimizeFor what) {
    out_.key(name).begin_object_row();
    out_.member_decimal(what == OptimizeFor::cost ? "cost_usd" : "power_max_w", known_total(total.figure, total.unknown_parts),
                        what == OptimizeFor::cost ? 2 : 3);
    out_.member("unknown_parts", total.unknown_parts).member("modules", total.modules).member("active_cables", total.active_cables);
    out_.member_decimal("length_m", total.length.count(), 3).end_object();
  }

  void write_optimized() {
    out_.key("optimize");
    if (!plan_.placement.optimized) {
      out_.null();
      return;
    }
    const auto& optimized = *plan_.placement.optimized;
    out_.begin_object().member("for", to_text(optimized.what));
    write_total("central", optimized.central, optimized.what);
    write_total("chosen", optimized.chosen, optimized.what);
    out_.member("network_racks", optimized.network_racks)
        .member("moved_racks", optimized.moved_racks)
        .member("moved_switches", optimized.moved_switches);
    out_.end_object();
  }

  /// Devices of every rack, in the order of their numbers. Those that stand upright beside the units have no unit.
  void list_contents() {
    contents_.resize(plan_.placement.racks.size());
    for (std::uint32_t d = 0; d < plan_.network.devices(); ++d) contents_[plan_.placement.devices[d].rack.index()].emplace_back(d);
  }

  void write_contents(std::uint32_t rack) {
    out_.key("contents").begin_array_row();
    for (const auto device : contents_[rack]) {
      const auto& group = plan_.network.group(device);
      const auto& place = plan_.placement.devices[device.index()];
      const bool upright = group.is_node() && plan_.spec.nodes[group.nodes.index()].pdus;
      out_.begin_object_row().member("device", plan_.network.device_name(device)).member("part", plan_.part(group.part).id);
      if (upright) {
        out_.key("u").null();
      } else {
        out_.member("u", std::int64_t{place.unit}).member("height", std::int64_t{place.height});
      }
      out_.end_object();
    }
    out_.end_array();
  }

  void write_racks() {
    list_contents();
    out_.key("racks").begin_array();
    for (std::uint32_t r = 0; r < plan_.placement.racks.size(); ++r) {
      const auto& rack = plan_.placement.racks[r];
      out_.begin_object_row();
      out_.member("name", plan_.placement.rack_name(plan_.spec.floor, RackId(r))).member("rack", plan_.spec.racks[rack.spec.index()].name);
      out_.member("hall", plan_.spec.floor.halls[rack.hall.index()].name).member("row", rack.row + 1).member("position", rack.position + 1);
      out_.member("devices", rack.devices).member("used_units", rack.used_units);
      out_.member_decimal("power_max_w", known_total(rack.power, rack.unknown_power), 3)
          .member("power_unknown_devices", rack.unknown_power)
          .member("power_typical_devices", rack.typical_power);
      out_.member_decimal("load_kg", known_total(rack.load, rack.unknown_weight), 3).member("load_unknown_devices", rack.unknown_weight);
      out_.member("closed_by", to_text(rack.closed)).member_bool("existing", rack.existing);
      write_contents(r);
      out_.end_object();
    }
    out_.end_array();
  }

  void write_inputs() {
    std::set<std::string_view> used;
    for (const auto& row : plan_.bom) used.insert(plan_.part(row.part).id);
    for (const auto& fabric : plan_.spec.fabrics) {
      for (const auto model : fabric.models) used.insert(plan_.part(model).id);
    }
    out_.key("inputs").begin_object();
    out_.key("spec").value(*plan_.document);
    out_.key("files").begin_array();
    for (const auto& [path, file] : plan_.files) {
      Sha256 digest;
      digest.update(file.text);
      out_.begin_object_row().member("path", path).member("sha256", digest.hex_digest()).end_object();
    }
    out_.end_array();
    out_.key("parts").begin_array();
    for (const auto id : used) out_.value(*plan_.part(*plan_.catalog->find(id)).entry);
    out_.end_array();
    write_workload_entries();
    out_.end_object();
  }

  /// The catalogs' entries behind the spec's workloads, where it has any.
  void write_workload_entries() {
    if (plan_.spec.workloads.empty()) return;
    std::set<std::string_view> used;
    for (const auto& workload : plan_.spec.workloads) {
      const auto& described = workload->base != nullptr ? *workload->base : *workload;
      if (described.basis) used.insert(described.id);
    }
    out_.key("workloads").begin_array();
    for (const auto id : used) out_.value(*plan_.catalog->workloads().find(id)->second.entry);
    out_.end_array();
  }

  /// Of all bytes before its own key, so that readers see whether the document is as it was written.
  void write_own_digest() {
    out_.key("sha256");
    Sha256 digest;
    digest.update(std::string_view(text_).substr(0, text_.rfind("\"sha256\"")));
    out_.string(digest.hex_digest());
  }

  const Plan& plan_;
  const std::string& text_;
  Writer out_;
  std::vector<OpticalMargin> optics_;
  std::vector<std::vector<DeviceId>> contents_;
};

} // namespace

std::string_view file_name(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

std::string plan_json(const Plan& plan) {
  std::string text;
  PlanWriter(plan, text).run();
  return text;
}

} // namespace icplan
