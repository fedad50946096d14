// SPDX-License-Identifier: Apache-2.0
// The cable schedule: one CSV row per used leg.
#include "icplan/report/report.hpp"

#include <charconv>

namespace icplan {
namespace {

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// Metres with three decimals.
void append_metres(std::string& out, std::int64_t millimetres) {
  append_number(out, millimetres / 1000);
  const auto rest = millimetres % 1000;
  out += '.';
  out += static_cast<char>('0' + rest / 100);
  out += static_cast<char>('0' + rest / 10 % 10);
  out += static_cast<char>('0' + rest % 10);
}

class CableWriter {
public:
  CableWriter(const Plan& plan, const TextSink& sink) : plan_(plan), sink_(sink) {
    for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) {
      std::string text = plan.spec.floor.hall + ",";
      append_number(text, plan.placement.racks[r].row + 1);
      text += ',';
      text += plan.placement.rack_name(plan.spec.floor, RackId(r));
      racks_.push_back(std::move(text));
    }
  }

  void run() {
    out_ = "cable,leg,fabric,plane,class,part,needed_m,leg_m,sold_m,escalated,"
           "from_hall,from_row,from_rack,from_u,from_device,from_cage,from_port,to_hall,to_row,to_rack,to_u,to_device,to_cage,to_port\n";
    for (const auto& group : plan_.network.link_groups) {
      for (auto i = group.first; i < group.first + group.count; ++i) {
        append_row(group, i);
        if (out_.size() < flush_at) continue;
        sink_(out_);
        out_.clear();
      }
    }
    sink_(out_);
  }

private:
  static constexpr std::size_t flush_at = 1U << 16U;

  void append_device(DeviceId device) {
    const auto& group = plan_.network.group(device);
    out_ += group.name_prefix;
    out_ += '-';
    const auto number = device.index() - group.first.index() + group.first_number;
    for (std::uint32_t digit = 1000; digit > number && digit > 1; digit /= 10) out_ += '0';
    append_number(out_, number);
  }

  /// The cage as the faceplate numbers it: "compute-1" on a node, "1" on a switch.
  void append_cage(const CageBlock& block, std::uint32_t cage) {
    if (block.name != "fabric") {
      out_ += block.name;
      out_ += '-';
    }
    append_number(out_, block.number(cage));
  }

  void append_end(DeviceId device, std::uint32_t port) {
    const auto& place = plan_.placement.devices[device.index()];
    out_ += ',';
    out_ += racks_[place.rack.index()];
    out_ += ',';
    append_number(out_, place.unit);
    out_ += ',';
    append_device(device);
    out_ += ',';
    const auto& block = plan_.network.group(device).block_of_port(port);
    append_cage(block, (port - block.first_port) / block.ports_per_cage);
    out_ += ',';
    append_number(out_, (port - block.first_port) % block.ports_per_cage + 1);
  }

  /// Named after where its first leg starts, so that a name does not change when other cables come and go.
  void append_name(const Assembly& assembly, FabricId fabric) {
    const auto& link = plan_.network.links[assembly.first_link];
    const auto& block = plan_.network.group(link.from).block_of_port(link.from_port);
    out_ += plan_.spec.fabrics[fabric.index()].name;
    out_ += '/';
    append_device(link.from);
    out_ += '/';
    append_cage(block, (link.from_port - block.first_port) / block.ports_per_cage);
    out_ += '.';
    append_number(out_, (link.from_port - block.first_port) % block.ports_per_cage + 1);
  }

  void append_row(const LinkGroup& group, std::uint32_t i) {
    const auto& link = plan_.network.links[i];
    const auto& leg = plan_.cables.legs[i];
    const auto& assembly = plan_.cables.assemblies[leg.assembly.index()];
    const auto& solution = plan_.cables.solutions[assembly.solution.index()];
    append_name(assembly, group.fabric);
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
    append_end(link.from, link.from_port);
    append_end(link.to, link.to_port);
    out_ += '\n';
  }

  const Plan& plan_;
  const TextSink& sink_;
  std::vector<std::string> racks_;
  std::string out_;
};

} // namespace

void write_cables_csv(const Plan& plan, const TextSink& sink) { CableWriter(plan, sink).run(); }

} // namespace icplan
