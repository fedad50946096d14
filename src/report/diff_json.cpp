// SPDX-License-Identifier: Apache-2.0
// A difference as JSON: all of it.
#include "diff_match.hpp"

#include "icplan/json/writer.hpp"
#include "icplan/version.hpp"

#include <utility>

namespace icplan {
namespace {

constexpr auto none = PlanDiff::none;
using json::Writer;

std::string_view state_word(ComparedValue::State state) {
  switch (state) {
  case ComparedValue::State::known: return "exact";
  case ComparedValue::State::at_least: return "at_least";
  case ComparedValue::State::at_most: return "at_most";
  case ComparedValue::State::unknown: return "unknown";
  case ComparedValue::State::absent: return "absent";
  }
  return {};
}

std::string_view verdict_key(DiffVerdict::State state) {
  switch (state) {
  case DiffVerdict::State::kept: return "kept";
  case DiffVerdict::State::exceeded: return "exceeded";
  case DiffVerdict::State::unknown: return "unknown";
  }
  return {};
}

std::optional<std::int64_t> shown(const ComparedValue& value) { return value.has_value() ? std::optional(value.scaled) : std::nullopt; }

class DiffWriter {
public:
  DiffWriter(const PlanDiff& diff, std::string& text) : diff_(diff), old_legs_(*diff.before), new_legs_(*diff.after), out_(text) {}

  void run(const DiffTitles& titles, std::span<const DiffVerdict> verdicts) {
    out_.begin_object().member("format", "icplan.diff/1");
    out_.key("tool").begin_object_row().member("name", "icplan").member("version", version).end_object();
    out_.key("old").begin_object_row().member("title", titles.before).member("name", diff_.before->name).end_object();
    out_.key("new").begin_object_row().member("title", titles.after).member("name", diff_.after->name).end_object();
    out_.member_bool("changed", !diff_.empty());
    out_.key("limits").begin_array();
    for (const auto& verdict : verdicts) {
      out_.begin_object_row()
          .member("limit", verdict.limit)
          .member("verdict", verdict_key(verdict.state))
          .member("reason", verdict.reason)
          .end_object();
    }
    out_.end_array();
    out_.key("totals");
    write_figures(diff_.figures);
    write_devices();
    write_racks();
    write_parts();
    write_fabrics();
    write_findings();
    write_cables();
    out_.end_object();
  }

private:
  void write_value(std::string_view side, const ComparedValue& value, int decimals) {
    out_.member_decimal(side, shown(value), decimals).member(std::string(side) + "_is", state_word(value.state));
  }

  void write_figures(const std::vector<PlanDiff::Figure>& figures) {
    out_.begin_array();
    for (const auto& figure : figures) {
      out_.begin_object_row().member("figure", figure.key).member("unit", figure.unit);
      write_value("old", figure.before, figure.decimals);
      write_value("new", figure.after, figure.decimals);
      const bool known = figure.before.state == ComparedValue::State::known && figure.after.state == ComparedValue::State::known;
      out_.member_decimal("change", known ? std::optional(figure.after.scaled - figure.before.scaled) : std::nullopt, figure.decimals);
      out_.end_object();
    }
    out_.end_array();
  }

  void optional_text(std::string_view key, const std::string& text) {
    out_.key(key);
    text.empty() ? out_.null() : out_.string(text);
  }

  void write_place(const PlanRecord& plan, std::uint32_t device, std::string_view rack, std::string_view unit) {
    const auto& at = plan.devices[device];
    out_.member(rack, plan.racks[at.rack].name);
    out_.key(unit);
    at.unit == 0 ? out_.null() : out_.integer(at.unit);
  }

  void write_device_list(std::string_view key, const PlanRecord& plan, const std::vector<std::uint32_t>& devices) {
    out_.key(key).begin_array();
    for (const auto device : devices) {
      out_.begin_object_row().member("device", plan.devices[device].name).member("part", plan.devices[device].part);
      write_place(plan, device, "rack", "u");
      out_.end_object();
    }
    out_.end_array();
  }

  void write_devices() {
    out_.key("devices").begin_object().key("counts").begin_array();
    for (const auto& line : diff_.devices) {
      out_.begin_object_row();
      optional_text("fabric", line.fabric);
      out_.member(line.fabric.empty() ? "group" : "tier", line.name).member("model", line.model).member("old", line.before).member("new", line.after);
      out_.end_object();
    }
    out_.end_array();
    write_device_list("added", *diff_.after, diff_.devices_added);
    write_device_list("removed", *diff_.before, diff_.devices_removed);
    out_.key("replaced").begin_array();
    for (const auto& pair : diff_.devices_replaced) {
      out_.begin_object_row().member("device", diff_.after->devices[pair.after].name);
      out_.member("old_part", diff_.before->devices[pair.before].part).member("new_part", diff_.after->devices[pair.after].part).end_object();
    }
    out_.end_array().key("moved").begin_array();
    for (const auto& pair : diff_.devices_moved) {
      out_.begin_object_row().member("device", diff_.after->devices[pair.after].name);
      write_place(*diff_.before, pair.before, "old_rack", "old_u");
      write_place(*diff_.after, pair.after, "new_rack", "new_u");
      out_.end_object();
    }
    out_.end_array().end_object();
  }

  void write_rack(const PlanRecord::Rack& rack) {
    out_.begin_object_row().member("rack", rack.name).member("kind", rack.kind).member("hall", rack.hall);
    out_.member("row", rack.row).member("position", rack.position).end_object();
  }

  void write_racks() {
    out_.key("racks").begin_object().key("added").begin_array();
    for (const auto rack : diff_.racks_added) write_rack(diff_.after->racks[rack]);
    out_.end_array().key("removed").begin_array();
    for (const auto rack : diff_.racks_removed) write_rack(diff_.before->racks[rack]);
    out_.end_array().key("changed").begin_array();
    for (const auto& pair : diff_.racks_changed) {
      out_.begin_object_row().key("old");
      write_rack(diff_.before->racks[pair.before]);
      out_.key("new");
      write_rack(diff_.after->racks[pair.after]);
      out_.end_object();
    }
    out_.end_array().end_object();
  }

  void write_purchase(std::string_view key, const PlanDiff::Purchase& purchase) {
    out_.key(key).begin_object_row();
    out_.member("quantity", purchase.quantity).member("spares", purchase.spares).member("ordered", purchase.ordered);
    out_.member_decimal("unit_price_usd", purchase.price_cents, 2);
    write_value("cost_usd", purchase.cost, 2);
    out_.end_object();
  }

  void write_parts() {
    out_.key("parts").begin_array();
    for (const auto& part : diff_.parts) {
      out_.begin_object().member("kind", part.kind).member("part", part.part);
      optional_text("included_in", part.included_in);
      write_purchase("old", part.before);
      write_purchase("new", part.after);
      out_.key("lengths").begin_array();
      for (const auto& length : part.lengths) {
        out_.begin_object_row().member_decimal("length_m", length.length_mm, 3);
        write_purchase("old", length.before);
        write_purchase("new", length.after);
        out_.end_object();
      }
      out_.end_array().end_object();
    }
    out_.end_array();
  }

  void write_fabrics() {
    out_.key("fabrics").begin_array();
    for (const auto& fabric : diff_.fabrics) {
      out_.begin_object().member("fabric", fabric.name);
      optional_text("old_topology", fabric.before == none ? std::string() : diff_.before->fabrics[fabric.before].topology);
      optional_text("new_topology", fabric.after == none ? std::string() : diff_.after->fabrics[fabric.after].topology);
      out_.key("figures");
      write_figures(fabric.figures);
      out_.end_object();
    }
    out_.end_array();
  }

  Writer& begin_finding(const PlanRecord::Note& note) {
    out_.begin_object_row().member("code", note.code).member("name", note.name).member("severity", note.severity);
    return out_.member("message", note.message);
  }

  void write_findings() {
    out_.key("findings").begin_object().key("appeared").begin_array();
    for (const auto f : diff_.findings_appeared) begin_finding(diff_.after->findings[f]).member("count", diff_.after->findings[f].count).end_object();
    out_.end_array().key("vanished").begin_array();
    for (const auto f : diff_.findings_vanished)
      begin_finding(diff_.before->findings[f]).member("count", diff_.before->findings[f].count).end_object();
    out_.end_array().key("recounted").begin_array();
    for (const auto& pair : diff_.findings_recounted) {
      begin_finding(diff_.after->findings[pair.after]).member("old_count", diff_.before->findings[pair.before].count);
      out_.member("new_count", diff_.after->findings[pair.after].count).end_object();
    }
    out_.end_array().key("changed").begin_array();
    for (const auto& pair : diff_.findings_changed) {
      const auto& old = diff_.before->findings[pair.before];
      const auto& now = diff_.after->findings[pair.after];
      begin_finding(now).member("old_message", old.message).member("old_count", old.count).member("new_count", now.count).end_object();
    }
    out_.end_array().end_object();
  }

  void write_end(std::string_view key, const PlanRecord& plan, const PlanRecord::End& end) {
    out_.key(key).begin_object_row().member("device", plan.devices[end.device].name);
    out_.member("cage", plan.sockets[end.socket].cage).member("port", plan.sockets[end.socket].port);
    out_.key("module");
    end.module == 0 ? out_.null() : out_.string(plan.modules[end.module - 1]);
    out_.end_object();
  }

  void write_cable(const PlanRecord& plan, const LegsOfCables& legs, std::uint32_t cable) {
    const auto& piece = plan.pieces[plan.cables[cable].piece];
    out_.begin_object_row().member("cable", plan.cable_name(cable)).member("fabric", piece.fabric).member("class", piece.media);
    out_.member("part", piece.part).member_decimal("sold_m", piece.sold_mm, 3).member_decimal("needed_m", plan.cables[cable].needed_mm, 3);
    out_.key("legs").begin_array_row();
    for (const auto leg : legs.of(cable)) {
      out_.begin_object_row();
      write_end("from", plan, plan.legs[leg].ends[0]);
      write_end("to", plan, plan.legs[leg].ends[1]);
      out_.end_object();
    }
    out_.end_array().end_object();
  }

  void write_changes(std::string_view key, const std::vector<PlanDiff::Cable>& changes) {
    out_.key(key).begin_array();
    for (const auto& change : changes) {
      out_.begin_object_row().key("changes").begin_array_row();
      if (change.other_class) out_.string("class");
      if (change.other_part) out_.string("part");
      if (change.other_length) out_.string("length");
      if (change.other_modules) out_.string("modules");
      if (change.other_legs) out_.string("legs");
      out_.end_array().key("old");
      write_cable(*diff_.before, old_legs_, change.before);
      out_.key("new");
      write_cable(*diff_.after, new_legs_, change.after);
      out_.end_object();
    }
    out_.end_array();
  }

  void write_cables() {
    out_.key("cables").begin_object();
    out_.member("needed_lengths", diff_.needed_lengths);
    out_.key("added").begin_array();
    for (const auto cable : diff_.cables_added) write_cable(*diff_.after, new_legs_, cable);
    out_.end_array().key("removed").begin_array();
    for (const auto cable : diff_.cables_removed) write_cable(*diff_.before, old_legs_, cable);
    out_.end_array();
    write_changes("relengthened", diff_.cables_relengthened);
    write_changes("changed", diff_.cables_changed);
    write_changes("replugged", diff_.cables_replugged);
    out_.end_object();
  }

  const PlanDiff& diff_;
  LegsOfCables old_legs_;
  LegsOfCables new_legs_;
  Writer out_;
};

} // namespace

std::string diff_json(const PlanDiff& diff, const DiffTitles& titles, std::span<const DiffVerdict> verdicts) {
  std::string text;
  DiffWriter(diff, text).run(titles, verdicts);
  return text;
}

} // namespace icplan
