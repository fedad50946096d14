// SPDX-License-Identifier: Apache-2.0
// Lists what draws power, and adds it up by class.
#include "icplan/analysis/energy.hpp"

#include "draws.hpp"

#include <algorithm>
#include <map>

namespace icplan {
namespace {

class DrawLister {
public:
  explicit DrawLister(const Plan& plan) : plan_(plan) {}

  std::vector<PowerDraw> run() {
    for (std::uint32_t g = 0; g < plan_.network.groups.size(); ++g) list_devices(g);
    list_media();
    return std::move(draws_);
  }

private:
  [[nodiscard]] PowerDraw draw(PowerClass kind, PartId part, std::uint32_t group, std::int64_t pieces) const {
    const auto& of = plan_.part(part);
    return {kind, part, group, FabricId(), pieces, plan_.spec.accepted(of.power_typical), plan_.spec.accepted(of.power_max), false, false};
  }

  void list_devices(std::uint32_t g) {
    const auto& group = plan_.network.groups[g];
    // What a PDU hands on is counted where it is drawn.
    if (plan_.part(group.part).kind == PartKind::pdu) return;
    if (!group.is_node()) {
      draws_.push_back(draw(PowerClass::switch_, group.part, g, group.count));
      draws_.back().fabric = group.fabric;
      return;
    }
    const auto& nodes = plan_.spec.nodes[group.nodes.index()];
    // A rack product's own figures hold its nodes and what is in them.
    draws_.push_back(nodes.product.valid() ? draw(PowerClass::node, nodes.product, g, group.count / nodes.per_product)
                                           : draw(PowerClass::node, group.part, g, group.count));
    list_inside(g);
  }

  /// GPUs and NICs of a node. The node's own figures hold the NICs that it comes with, not those that the spec puts in their place.
  void list_inside(std::uint32_t g) {
    const auto& group = plan_.network.groups[g];
    const auto& nodes = plan_.spec.nodes[group.nodes.index()];
    const auto& part = plan_.part(group.part);
    const auto& facts = *part.as<NodeFacts>();
    const bool product = nodes.product.valid();
    if (const auto gpu = plan_.catalog->find(facts.gpu); gpu && facts.gpus > 0) {
      auto& of = draws_.emplace_back(draw(PowerClass::gpu, *gpu, g, facts.gpus * group.count));
      of.in_typical = product || (plan_.spec.accepted(part.power_typical) && part.typical_includes.contains(Included::gpu));
      of.in_maximum = product || (plan_.spec.accepted(part.power_max) && part.max_includes.contains(Included::gpu));
    }
    for (const auto& ports : facts.ports) {
      const auto& gone = nodes.replaced_ports;
      const auto nic = plan_.catalog->find(ports.nic);
      if (!nic || ports.nics == 0 || std::find(gone.begin(), gone.end(), ports.name) != gone.end()) continue;
      auto& of = draws_.emplace_back(draw(PowerClass::nic, *nic, g, ports.nics * group.count));
      of.in_typical = of.in_maximum = true;
    }
    for (const auto& [nic, count] : nodes.added_nics) {
      auto& of = draws_.emplace_back(draw(PowerClass::nic, nic, g, count * group.count));
      of.in_typical = of.in_maximum = product;
    }
  }

  /// What sits in the cages of equal devices for one fabric counts alike.
  void list_media() {
    const auto& cables = plan_.cables;
    const PluggedItems items(cables);
    const auto groups = plan_.network.groups.size();
    std::map<std::pair<std::uint32_t, FabricId>, std::vector<std::int64_t>> counted;
    std::vector<std::vector<std::int64_t>*> now(groups, nullptr);
    FabricId current;
    visit_plugged(plan_, items, [&](FabricId fabric, DeviceId device, std::size_t item) {
      if (fabric != current) {
        current = fabric;
        std::fill(now.begin(), now.end(), nullptr);
      }
      const auto group = plan_.network.group_of_device[device.index()];
      if (now[group] == nullptr) {
        now[group] = &counted[{group, fabric}];
        now[group]->resize(items.count());
      }
      ++(*now[group])[item];
    });
    const auto add = [&](PowerDraw of, std::uint32_t group, FabricId fabric, std::int64_t count) {
      of.pieces = count;
      of.fabric = fabric;
      set_host(plan_, group, of);
      draws_.push_back(of);
    };
    const auto add_items = [&](bool modules) {
      for (const auto& entry : counted) {
        for (std::size_t item = 0; item < items.count(); ++item) {
          if (entry.second[item] > 0 && items.is_module(item) == modules)
            add(plugged_draw(plan_, items, item), entry.first.first, entry.first.second, entry.second[item]);
        }
      }
    };
    add_items(true);
    for (const auto& dark : cables.dark_modules)
      add(module_draw(plan_, dark.module), dark.group, plan_.network.groups[dark.group].fabric, dark.count);
    add_items(false);
  }

  const Plan& plan_;
  std::vector<PowerDraw> draws_;
};

PowerAccount& account(std::vector<PowerAccount>& accounts, const std::string& what) {
  for (auto& entry : accounts) {
    if (entry.what() == what) return entry;
  }
  return accounts.emplace_back(what);
}

std::string line_name(const Plan& plan, const PowerDraw& draw) {
  const auto& group = plan.network.groups[draw.group];
  switch (draw.kind) {
  case PowerClass::node:
  case PowerClass::gpu:
  case PowerClass::nic: return "nodes " + plan.spec.nodes[group.nodes.index()].name;
  case PowerClass::switch_:
    return std::string(plan.fabric_name(group.fabric)) + " " +
           plan.network.fabrics[group.fabric.index()].tiers[static_cast<std::size_t>(group.tier - 1)].name;
  case PowerClass::module: return "modules";
  case PowerClass::dac: return "DAC plugs";
  case PowerClass::aoc: return "AOC plugs";
  }
  return {};
}

} // namespace

std::string_view to_text(PowerClass kind) {
  switch (kind) {
  case PowerClass::node: return "node";
  case PowerClass::gpu: return "gpu";
  case PowerClass::nic: return "nic";
  case PowerClass::switch_: return "switch";
  case PowerClass::module: return "module";
  case PowerClass::dac: return "dac";
  case PowerClass::aoc: return "aoc";
  }
  return "?";
}

bool is_media(PowerClass kind) { return kind == PowerClass::module || kind == PowerClass::dac || kind == PowerClass::aoc; }

PowerDraw module_draw(const Plan& plan, PartId module) {
  const auto& part = plan.part(module);
  PowerDraw draw;
  draw.kind = PowerClass::module;
  draw.part = module;
  draw.pieces = 1;
  draw.typical = plan.spec.accepted(part.power_typical);
  draw.maximum = plan.spec.accepted(part.power_max);
  return draw;
}

PowerDraw plugged_draw(const Plan& plan, const PluggedItems& items, std::size_t item) {
  if (items.is_module(item)) return module_draw(plan, plan.cables.modules[item]);
  const auto& solution = plan.cables.solutions[items.solution(item).index()];
  PowerDraw draw;
  draw.kind = solution.media == MediaClass::dac ? PowerClass::dac : PowerClass::aoc;
  draw.part = solution.part;
  draw.pieces = 1;
  // Sources state one figure for a plug. Fibres and twisted pairs have none.
  if (const auto* facts = plan.part(solution.part).as<CableFacts>()) draw.typical = draw.maximum = plan.spec.accepted(facts->end_power[items.end_b(item) ? 1 : 0]);
  return draw;
}

void set_host(const Plan& plan, std::uint32_t group, PowerDraw& draw) {
  const auto& devices = plan.network.groups[group];
  const auto product = devices.is_node() ? plan.spec.nodes[devices.nodes.index()].product : PartId();
  const auto& device = plan.part(product.valid() ? product : devices.part);
  draw.group = group;
  draw.in_typical = plan.spec.accepted(device.power_typical) && device.typical_includes.contains(Included::media);
  draw.in_maximum = plan.spec.accepted(device.power_max) && device.max_includes.contains(Included::media);
}

bool is_end_b(const CableFacts& facts, const CageBlock& here, const CageBlock& there) {
  return facts.ends[1].count > 1 ? here.ports_per_cage < there.ports_per_cage : facts.ends[1].form == here.form && facts.ends[1].top == here.top;
}

void PowerAccount::add_typical(const PowerDraw& draw) {
  if (draw.typical) {
    line_.typical += *draw.typical * draw.pieces;
  } else {
    unknown_typical_.insert(draw.part);
  }
}

void PowerAccount::add_maximum(const PowerDraw& draw) {
  if (draw.maximum) {
    line_.maximum += *draw.maximum * draw.pieces;
  } else {
    unknown_maximum_.insert(draw.part);
  }
}

void PowerAccount::add(const PowerDraw& draw, bool held) {
  if (!draw.in_typical) add_typical(draw);
  if (!draw.in_maximum) add_maximum(draw);
  if (held) hold(draw);
}

void PowerAccount::hold(const PowerDraw& draw) {
  line_.in_host_typical += draw.in_typical ? draw.pieces : 0;
  line_.in_host_maximum += draw.in_maximum ? draw.pieces : 0;
}

void PowerAccount::add_network(const PowerDraw& draw, bool in_node) {
  if (!draw.in_typical || in_node) add_typical(draw);
  if (!draw.in_maximum || in_node) add_maximum(draw);
}

void PowerAccount::add(const PowerAccount& other) {
  line_.typical += other.line_.typical;
  line_.maximum += other.line_.maximum;
  unknown_typical_.insert(other.unknown_typical_.begin(), other.unknown_typical_.end());
  unknown_maximum_.insert(other.unknown_maximum_.begin(), other.unknown_maximum_.end());
}

PowerLine PowerAccount::line() const {
  auto line = line_;
  line.unknown_typical = static_cast<std::int64_t>(unknown_typical_.size());
  line.unknown_maximum = static_cast<std::int64_t>(unknown_maximum_.size());
  return line;
}

std::vector<PowerDraw> list_draws(const Plan& plan) { return DrawLister(plan).run(); }

PowerReport measure_power(const Plan& plan, const std::vector<PowerDraw>& draws) {
  std::vector<PowerAccount> accounts;
  PowerAccount network("network");
  for (const auto& draw : draws) {
    const auto& group = plan.network.groups[draw.group];
    auto& to = account(accounts, line_name(plan, draw));
    to.add(draw, is_media(draw.kind));
    if (is_media(draw.kind)) {
      to.count(draw.pieces);
      network.add_network(draw, group.is_node());
    } else if (draw.kind == PowerClass::node || draw.kind == PowerClass::switch_) {
      to.count(group.count);
    }
    if (draw.kind != PowerClass::switch_) continue;
    network.add(draw, false);
    network.count(group.count);
  }
  PowerReport report;
  PowerAccount total("total");
  for (const auto& entry : accounts) {
    report.lines.push_back(entry.line());
    total.add(entry);
  }
  report.total = total.line();
  report.network = network.line();
  return report;
}

std::vector<PowerLine> measure_class_power(const Plan& plan, const std::vector<PowerDraw>& draws) {
  std::vector<PowerAccount> accounts;
  for (const auto& draw : draws) {
    const auto& group = plan.network.groups[draw.group];
    const bool inside = draw.kind == PowerClass::gpu || draw.kind == PowerClass::nic;
    const auto name = inside ? (draw.kind == PowerClass::gpu ? "GPUs" : "NICs") + std::string(" of ") + plan.spec.nodes[group.nodes.index()].name
                             : line_name(plan, draw);
    auto& to = account(accounts, name);
    to.add(draw, true);
    // A rack product is listed by its nodes.
    to.count(draw.kind == PowerClass::node ? std::int64_t{group.count} : draw.pieces);
  }
  std::vector<PowerLine> lines;
  for (const auto& entry : accounts) lines.push_back(entry.line());
  return lines;
}

PowerReport measure_power(const Plan& plan) { return measure_power(plan, list_draws(plan)); }

} // namespace icplan
