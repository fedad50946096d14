// SPDX-License-Identifier: Apache-2.0
// Labels for cables: one row for each plug or connector.
#include "icplan/report/report.hpp"

#include "leg_rows.hpp"
#include "plan/end_names.hpp"

#include <set>

namespace icplan {
namespace {

/// "A-01-02.48:1.1/A-01-05.01:compute-1.1": rack, unit and port of this end, then of the other one.
NamePattern default_label() {
  Sink nothing;
  return *parse_name_pattern(default_label_pattern, "names.label", NameOf::label, {}, nothing);
}

class LabelWriter {
public:
  LabelWriter(const Plan& plan, const TextSink& sink)
      : plan_(plan),
        sink_(sink),
        names_(plan),
        pattern_(plan.spec.names.label ? *plan.spec.names.label : default_label()),
        plugged_(plan.network.cages, false) {}

  void run() {
    out_ = "label,cable,end,fabric,class,part,sold_m,rack,u,device,port,far_rack,far_u,far_device,far_port\n";
    write_leg_rows(plan_.network, sink_, out_, [&](const LinkGroup& group, std::uint32_t i) {
      const auto& link = plan_.network.links[i];
      const CableEndPoint from{link.from, link.from_port};
      const CableEndPoint to{link.to, link.to_port};
      append_row(group, i, from, to, "from");
      append_row(group, i, to, from, "to");
    });
  }

private:
  /// A plug fills its cage and is one end however many legs meet in it; a fibre has an end at every port.
  bool fresh(std::uint32_t i, const CableEndPoint& end) {
    const auto assembly = plan_.cables.legs[i].assembly;
    const auto& solution = plan_.cables.solutions[plan_.cables.assemblies[assembly.index()].solution.index()];
    const auto cage = plan_.network.cage(end.device, end.port).index();
    if (solution.media == MediaClass::dac || solution.media == MediaClass::aoc) {
      if (plugged_[cage]) return false;
      plugged_[cage] = true;
      return true;
    }
    return solution.legs < 2 || trunks_.emplace(assembly.index(), cage).second;
  }

  void append_end(const CableEndPoint& end) {
    const auto& place = plan_.placement.devices[end.device.index()];
    out_ += ',';
    out_ += names_.rack(place.rack);
    out_ += ',';
    append_number(out_, place.unit);
    out_ += ',';
    names_.append_device(out_, end.device);
    out_ += ',';
    out_ += names_.port(end.device, end.port).port_name;
  }

  void append_row(const LinkGroup& group, std::uint32_t i, const CableEndPoint& near, const CableEndPoint& far, std::string_view end) {
    if (!fresh(i, near)) return;
    const auto& assembly = plan_.cables.assemblies[plan_.cables.legs[i].assembly.index()];
    const auto& solution = plan_.cables.solutions[assembly.solution.index()];
    names_.append(out_, pattern_, assembly, group, near, far);
    out_ += ',';
    names_.append_cable(out_, assembly, group);
    out_ += ',';
    out_ += end;
    out_ += ',';
    out_ += plan_.spec.fabrics[group.fabric.index()].name;
    out_ += ',';
    out_ += to_text(solution.media);
    out_ += ',';
    out_ += plan_.part(solution.part).id;
    out_ += ',';
    append_metres(out_, solution.sold.count());
    append_end(near);
    append_end(far);
    out_ += '\n';
  }

  const Plan& plan_;
  const TextSink& sink_;
  EndNames names_;
  NamePattern pattern_;
  std::vector<bool> plugged_;
  /// Fibres with several legs: assembly and cage.
  std::set<std::pair<std::uint32_t, std::uint32_t>> trunks_;
  std::string out_;
};

} // namespace

void write_labels_csv(const Plan& plan, const TextSink& sink) { LabelWriter(plan, sink).run(); }

} // namespace icplan
