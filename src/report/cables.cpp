// SPDX-License-Identifier: Apache-2.0
// The cable schedule: one CSV row per used leg.
#include "icplan/report/report.hpp"

#include "csv.hpp"
#include "icplan/place/geometry.hpp"
#include "icplan/spec/cable_columns.hpp"
#include "leg_rows.hpp"
#include "plan/end_names.hpp"

#include <optional>

namespace icplan {
namespace {

class CableWriter {
public:
  CableWriter(const Plan& plan, const TextSink& sink, bool terms) : plan_(plan), sink_(sink), names_(plan) {
    if (terms) runs_.emplace(plan.spec.floor, plan.placement);
    for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) {
      std::string text = "," + plan.spec.floor.halls[plan.placement.racks[r].hall.index()].name + ",";
      append_number(text, plan.placement.racks[r].row + 1);
      text += ',';
      text += names_.rack(RackId(r));
      text += ',';
      racks_.push_back(std::move(text));
    }
    for (const auto& solution : plan.cables.solutions) {
      const auto& part = plan.part(solution.part);
      const auto* fibre = part.as<FibreFacts>();
      std::string text = ",";
      append_csv(text, fibre == nullptr ? std::string_view() : std::string_view(fibre->fibre));
      text += ',';
      append_csv(text, fibre == nullptr ? std::string_view() : std::string_view(fibre->connector_a));
      fibres_.push_back(std::move(text));
    }
  }

  void run() {
    const auto add = [&](std::string_view column) {
      if (!out_.empty()) out_ += ',';
      out_ += column;
    };
    for (const auto column : cable_columns) add(column);
    for (const auto column : term_columns) {
      if (runs_) add(column);
    }
    out_ += '\n';
    write_leg_rows(plan_.network, sink_, out_, [&](const LinkGroup& group, std::uint32_t i) { append_row(group, i); });
  }

private:
  void append_end(DeviceId device, const PortText& port) {
    const auto& place = plan_.placement.devices[device.index()];
    out_ += racks_[place.rack.index()];
    append_number(out_, place.unit);
    out_ += ',';
    names_.append_device(out_, device);
    out_ += ',';
    out_ += port.cage_and_port;
  }

  void append_plug(DeviceId device, std::uint32_t port, const PortText& text) {
    out_ += ',';
    out_ += plan_.part(plan_.network.group(device).part).id;
    out_ += ',';
    out_ += text.lane;
    out_ += ',';
    if (const auto module = plan_.cables.module_of_cage[plan_.network.cage(device, port).index()]; module != 0)
      out_ += plan_.part(plan_.cables.modules[module - 1U]).id;
    out_ += ',';
    out_ += text.port_name;
  }

  void append_row(const LinkGroup& group, std::uint32_t i) {
    const auto& link = plan_.network.links[i];
    const auto& leg = plan_.cables.legs[i];
    const auto& assembly = plan_.cables.assemblies[leg.assembly.index()];
    const auto& solution = plan_.cables.solutions[assembly.solution.index()];
    names_.append_cable(out_, assembly, group);
    out_ += ',';
    append_number(out_, leg.number);
    out_ += ',';
    out_ += plan_.spec.fabrics[group.fabric.index()].name;
    out_ += ',';
    append_number(out_, group.plane + 1);
    out_ += ',';
    out_ += to_text(solution.media);
    out_ += ',';
    out_ += plan_.part(solution.part).id;
    out_ += ',';
    append_metres(out_, assembly.needed_mm);
    out_ += ',';
    append_metres(out_, leg.length_mm);
    out_ += ',';
    append_metres(out_, solution.sold.count());
    out_ += leg.escalated ? ",yes" : ",no";
    const auto& from = names_.port(link.from, link.from_port);
    const auto& to = names_.port(link.to, link.to_port);
    append_end(link.from, from);
    append_end(link.to, to);
    append_plug(link.from, link.from_port, from);
    append_plug(link.to, link.to_port, to);
    out_ += fibres_[assembly.solution.index()];
    out_ += ',';
    out_ += to_text(leg.status);
    out_ += ',';
    append_metres(out_, plan_.cables.estimate_mm(i));
    if (runs_) append_terms(link);
    out_ += '\n';
  }

  /// What the length model adds up, to the micrometre: their sum, rounded up to whole millimetres, is the length of the leg.
  void append_terms(const Link& link) {
    const auto terms = runs_->terms(link.from, link.to).value_or(RunTerms());
    for (const auto term : {terms.rise, terms.along, terms.across, terms.duct, terms.sides, terms.loops, terms.slack}) {
      out_ += ',';
      append_number(out_, term.count() / 1'000'000);
      out_ += '.';
      append_number(out_, term.count() % 1'000'000, 6);
    }
  }

  const Plan& plan_;
  const TextSink& sink_;
  EndNames names_;
  std::vector<std::string> racks_;
  std::vector<std::string> fibres_;
  std::optional<RunModel> runs_;
  std::string out_;
};

} // namespace

void write_cables_csv(const Plan& plan, const TextSink& sink, bool terms) { CableWriter(plan, sink, terms).run(); }

std::string cable_name(const Plan& plan, AssemblyId assembly) {
  return cable_name(EndNames(plan), plan.network, plan.cables.assemblies[assembly.index()].first_link);
}

std::optional<AssemblyId> find_cable(const Plan& plan, std::string_view name) {
  const EndNames names(plan);
  std::string text;
  for (const auto& group : plan.network.link_groups) {
    for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
      const auto id = plan.cables.legs[i].assembly;
      const auto& assembly = plan.cables.assemblies[id.index()];
      if (assembly.first_link != i) continue;
      text.clear();
      names.append_cable(text, assembly, group);
      if (text == name) return id;
    }
  }
  return std::nullopt;
}

} // namespace icplan
