// SPDX-License-Identifier: Apache-2.0
// Groups links by the cages they share, and gives each group its assemblies, modules and fibres.
#include "icplan/cabling/cable_table.hpp"

#include "choose.hpp"
#include "icplan/base/interner.hpp"
#include "icplan/base/text.hpp"
#include "icplan/place/geometry.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <numeric>
#include <unordered_map>

namespace icplan {
namespace {

using CageTypeId = Id<struct CageTypeTag>;
constexpr std::uint32_t none = ~0U;

/// Links that must be solved together: all that share cages, directly or through others.
struct CageGroups {
  /// Link indices, group by group, each in link order.
  std::vector<std::uint32_t> links;
  std::vector<std::uint32_t> first;
};

class UnionFind {
public:
  explicit UnionFind(std::uint32_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t find(std::uint32_t x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::uint32_t> parent_;
};

/// A finding that is being counted, by link group and code.
struct Tally {
  std::uint64_t count = 0;
  std::vector<std::string> examples;
  std::string message;
  std::string help;
};

/// Links that left the class that the rule names, by link group, reason and classes.
struct Escalation {
  std::uint64_t count = 0;
  std::uint32_t example_count = 0;
  std::array<std::uint32_t, 3> examples{};
  std::string reason;
};

class Cabler {
public:
  Cabler(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement, Sink& sink)
      : spec_(spec), catalog_(catalog), network_(network), placement_(placement), sink_(sink) {}

  CableTable run();

private:
  /// What was asked, and for which step of lengths.
  struct Question {
    std::uint64_t kind = 0;
    std::uint64_t length = 0;
    friend bool operator==(const Question&, const Question&) = default;
  };
  struct QuestionHash {
    std::size_t operator()(const Question& question) const noexcept {
      auto mixed = question.kind * 0x9e3779b97f4a7c15U ^ question.length;
      mixed = (mixed ^ mixed >> 29U) * 0xbf58476d1ce4e5b9U;
      return static_cast<std::size_t>(mixed ^ mixed >> 32U);
    }
  };
  /// A solution, where a part was found.
  struct CableChoice {
    bool found = false;
    SolutionId solution;
  };
  struct ModuleChoice {
    bool found = false;
    std::uint16_t family = 0;
    std::vector<std::uint16_t> modules;
  };
  struct Star {
    std::uint32_t hub_cage = none;
    CageTypeId hub;
    CageTypeId far;
    bool hub_is_from = true;
  };

  void prepare();
  void route();
  CageGroups group_links();
  void solve(const std::uint32_t* begin, const std::uint32_t* end);
  std::optional<Star> as_star(const std::uint32_t* begin, const std::uint32_t* end) const;
  bool solve_assembly(const Star& star, const std::uint32_t* begin, const std::uint32_t* end, MediaClass wanted);
  void solve_utp(const std::uint32_t* begin, const std::uint32_t* end);
  void solve_optical(const std::uint32_t* begin, const std::uint32_t* end, const Star* star);
  const CableChoice& cached_cable(bool optical, const Star& star, Millimetres needed);
  const ModuleChoice& cached_modules(const std::vector<CageTypeId>& types, Millimetres longest);
  AssemblyId add_assembly(SolutionId solution, Millimetres needed, std::uint32_t used, std::uint32_t first_link);
  void note_escalation(std::uint32_t link, std::uint32_t count, MediaClass wanted, MediaClass got, const Star* star);
  void report_escalations();
  void no_part(std::uint32_t link, Millimetres needed, std::string reason);
  void tally(Code code, std::uint32_t link_group, std::uint32_t link, std::uint64_t count, const std::string& message, const std::string& help);
  void report_tallies();
  void report_generic();

  std::uint32_t cage_of(DeviceId device, std::uint32_t port) const { return network_.cage(device, port).index(); }
  CageTypeId type_of(DeviceId device, std::uint32_t port) const {
    const auto group = network_.group_of_device[device.index()];
    return types_of_group_[group][network_.groups[group].cage_of_port[port]];
  }
  const MediaPolicy& policy() const { return spec_.fabrics[policy_].media; }
  PartChooser& chooser() { return choosers_[policy_]; }
  std::string link_name(std::uint32_t link) const;

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const Network& network_;
  const Placement& placement_;
  Sink& sink_;
  CableTable table_;
  Interner<Solution, SolutionId> solutions_;
  Interner<CageType, CageTypeId> types_;
  Interner<PartId, Id<struct ModuleTag>> modules_;
  Interner<OpticalFamily, Id<struct FamilyTag>> families_;
  /// By device group and local cage.
  std::vector<std::vector<CageTypeId>> types_of_group_;
  /// By cage: a port of it is held back for a device that is not cabled yet, so no cable may fill it.
  std::vector<bool> reserved_cages_;
  std::vector<std::uint32_t> from_cage_;
  std::vector<std::uint32_t> to_cage_;
  std::vector<std::uint32_t> group_of_link_;
  std::vector<PartChooser> choosers_;
  std::size_t policy_ = 0;
  // Millions of links ask a few thousand questions: the answers are kept by kind of question and length.
  std::unordered_map<Question, CableChoice, QuestionHash> cables_;
  std::map<std::pair<std::size_t, std::vector<CageTypeId>>, std::uint32_t> type_sets_;
  /// The set that was asked for last.
  std::size_t last_policy_ = 0;
  std::vector<CageTypeId> last_types_;
  std::uint32_t last_set_ = none;
  std::unordered_map<Question, ModuleChoice, QuestionHash> module_choices_;
  std::unordered_map<Question, CableChoice, QuestionHash> fibres_;
  std::vector<CageTypeId> scratch_types_;
  std::map<std::pair<std::uint32_t, Code>, Tally> tallies_;
  std::vector<Escalation> escalations_;
};

std::string Cabler::link_name(std::uint32_t index) const {
  const auto& link = network_.links[index];
  return network_.device_name(link.from) + " to " + network_.device_name(link.to);
}

void Cabler::prepare() {
  for (const auto& fabric : spec_.fabrics) {
    const auto protocol = network_.fabrics[choosers_.size()].protocol;
    choosers_.emplace_back(spec_, catalog_, fabric.media, protocol);
  }
  for (const auto& group : network_.groups) {
    auto& types = types_of_group_.emplace_back();
    for (const auto& block : group.blocks) types.insert(types.end(), block.cages, types_.intern(cage_type(block)));
  }
  reserved_cages_.assign(network_.cages, false);
  for (const auto& layout : network_.fabrics) {
    for (const auto& reserved : layout.reserved) reserved_cages_[cage_of(reserved.device, reserved.port)] = true;
  }
  table_.legs.resize(network_.links.size());
  table_.module_of_cage.assign(network_.cages, 0);
  table_.family_of_cage.assign(network_.cages, 0);
}

void Cabler::route() {
  constexpr std::int64_t most = 1'000'000'000;
  from_cage_.resize(network_.links.size());
  to_cage_.resize(network_.links.size());
  group_of_link_.resize(network_.links.size());
  for (std::uint32_t g = 0; g < network_.link_groups.size(); ++g) {
    const auto& group = network_.link_groups[g];
    for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network_.links[i];
      from_cage_[i] = cage_of(link.from, link.from_port);
      to_cage_[i] = cage_of(link.to, link.to_port);
      group_of_link_[i] = g;
      const auto length = run_length(spec_.floor, placement_, link.from, link.to);
      if (length.count() > most) {
        tally(Code::length_too_long, g, i, 1, "runs of fabric `" + spec_.fabrics[group.fabric.index()].name + "` are longer than 1,000 km",
              "check the pitches of `floor`: they are metres");
        continue;
      }
      table_.legs[i].length_mm = static_cast<std::uint32_t>(length.count());
    }
  }
}

CageGroups Cabler::group_links() {
  const auto count = static_cast<std::uint32_t>(network_.links.size());
  UnionFind cages(network_.cages);
  for (std::uint32_t i = 0; i < count; ++i) cages.join(from_cage_[i], to_cage_[i]);
  std::vector<std::uint32_t> number(network_.cages, none);
  std::vector<std::uint32_t> group(count);
  CageGroups groups;
  groups.first.push_back(0);
  std::uint32_t next = 0;
  std::vector<std::uint32_t> size;
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& n = number[cages.find(from_cage_[i])];
    if (n == none) {
      n = next++;
      size.push_back(0);
    }
    group[i] = n;
    ++size[n];
  }
  groups.first.resize(next + 1, 0);
  for (std::uint32_t n = 0; n < next; ++n) groups.first[n + 1] = groups.first[n] + size[n];
  std::vector<std::uint32_t> fill(groups.first.begin(), groups.first.end() - 1);
  groups.links.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) groups.links[fill[group[i]]++] = i;
  return groups;
}

/// The group as one cage joined to one or more others that belong to it alone; nothing when cages are shared in another way or hold reserved ports.
std::optional<Cabler::Star> Cabler::as_star(const std::uint32_t* begin, const std::uint32_t* end) const {
  bool one_from = true;
  bool one_to = true;
  for (const auto* i = begin; i != end; ++i) {
    one_from = one_from && from_cage_[*i] == from_cage_[*begin];
    one_to = one_to && to_cage_[*i] == to_cage_[*begin];
    if (reserved_cages_[from_cage_[*i]] || reserved_cages_[to_cage_[*i]]) return std::nullopt;
  }
  if (!one_from && !one_to) return std::nullopt;
  const auto& link = network_.links[*begin];
  const auto from = type_of(link.from, link.from_port);
  const auto to = type_of(link.to, link.to_port);
  Star star;
  star.hub_is_from = one_from && (!one_to || types_[from].ports >= types_[to].ports);
  star.hub = star.hub_is_from ? from : to;
  star.far = star.hub_is_from ? to : from;
  star.hub_cage = star.hub_is_from ? from_cage_[*begin] : to_cage_[*begin];
  const auto& hub = types_[star.hub];
  const auto& far = types_[star.far];
  if (hub.ports % far.ports != 0) return std::nullopt;
  std::int64_t far_cages = 0;
  auto previous = none;
  for (const auto* i = begin; i != end; ++i) {
    const auto& at = network_.links[*i];
    const auto type = star.hub_is_from ? type_of(at.to, at.to_port) : type_of(at.from, at.from_port);
    if (type != star.far) return std::nullopt;
    const auto cage = star.hub_is_from ? to_cage_[*i] : from_cage_[*i];
    far_cages += cage != previous ? 1 : 0;
    previous = cage;
  }
  return far_cages <= hub.ports / far.ports ? std::optional(star) : std::nullopt;
}

AssemblyId Cabler::add_assembly(SolutionId solution, Millimetres needed, std::uint32_t used, std::uint32_t first_link) {
  table_.assemblies.push_back({solution, static_cast<std::uint32_t>(needed.count()), used, first_link});
  return AssemblyId(static_cast<std::uint32_t>(table_.assemblies.size() - 1));
}

const Cabler::CableChoice& Cabler::cached_cable(bool optical, const Star& star, Millimetres needed) {
  assert(policy_ < (1U << 24U) && star.hub.index() < (1U << 16U) && star.far.index() < (1U << 16U));
  const auto kind = (std::uint64_t{policy_} << 16U | star.hub.index()) << 17U | std::uint64_t{star.far.index()} << 1U | (optical ? 1U : 0U);
  const auto [it, added] = cables_.try_emplace({kind, chooser().cable_step(needed)});
  if (!added) return it->second;
  if (const auto chosen = chooser().cable(optical, types_[star.hub], types_[star.far], needed)) {
    const auto legs = static_cast<std::uint32_t>(types_[star.hub].ports);
    it->second = {true, solutions_.intern({optical ? MediaClass::aoc : MediaClass::dac, chosen->part, chosen->sold, legs})};
  }
  return it->second;
}

bool Cabler::solve_assembly(const Star& star, const std::uint32_t* begin, const std::uint32_t* end, MediaClass wanted) {
  std::uint32_t longest = 0;
  for (const auto* i = begin; i != end; ++i) longest = std::max(longest, table_.legs[*i].length_mm);
  const Millimetres needed(longest);
  auto media = wanted;
  const auto* chosen = &cached_cable(media == MediaClass::aoc, star, needed);
  if (!chosen->found && media == MediaClass::dac && policy().escalate) {
    media = MediaClass::aoc;
    chosen = &cached_cable(true, star, needed);
  }
  if (!chosen->found) return false;
  const auto legs = static_cast<std::uint32_t>(types_[star.hub].ports);
  const auto used = static_cast<std::uint32_t>(end - begin);
  const auto assembly = add_assembly(chosen->solution, needed, used, *begin);
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    const auto& hub = network_.group(star.hub_is_from ? link.from : link.to);
    const auto port = star.hub_is_from ? link.from_port : link.to_port;
    const auto& block = hub.block_of_port(port);
    auto& leg = table_.legs[*i];
    leg.assembly = assembly;
    leg.number = static_cast<std::uint8_t>((port - block.first_port) % block.ports_per_cage + 1);
    leg.escalated = media != wanted;
  }
  if (media != wanted) note_escalation(*begin, used, wanted, media, &star);
  if (used < legs) {
    tally(Code::unused_leg, group_of_link_[*begin], *begin, legs - used,
          "cables of fabric `" + spec_.fabrics[network_.link_groups[group_of_link_[*begin]].fabric.index()].name + "` have legs that no link uses",
          "an even number of nodes in a unit leaves none");
  }
  return true;
}

void Cabler::solve_utp(const std::uint32_t* begin, const std::uint32_t* end) {
  for (const auto* i = begin; i != end; ++i) {
    const Millimetres needed(table_.legs[*i].length_mm);
    const auto chosen = chooser().utp(needed);
    if (!chosen) {
      no_part(*i, needed, "twisted pair reaches 100 m");
      continue;
    }
    table_.legs[*i].assembly = add_assembly(solutions_.intern({MediaClass::utp, chosen->part, chosen->sold, 1}), needed, 1, *i);
  }
}

const Cabler::ModuleChoice& Cabler::cached_modules(const std::vector<CageTypeId>& types, Millimetres longest) {
  if (last_set_ == none || last_policy_ != policy_ || last_types_ != types) {
    last_set_ = type_sets_.try_emplace({policy_, types}, static_cast<std::uint32_t>(type_sets_.size())).first->second;
    last_policy_ = policy_;
    last_types_ = types;
  }
  const auto [it, added] = module_choices_.try_emplace({last_set_, chooser().module_step(longest)});
  if (!added) return it->second;
  std::vector<CageType> cages;
  for (const auto type : types) cages.push_back(types_[type]);
  if (const auto chosen = chooser().modules(cages, longest)) {
    it->second.found = true;
    it->second.family = static_cast<std::uint16_t>(families_.intern(chosen->family).index());
    for (const auto part : chosen->modules) it->second.modules.push_back(static_cast<std::uint16_t>(modules_.intern(part).index()));
  }
  return it->second;
}

/// One module family for the whole group, one module in each of its cages, one fibre for each link.
void Cabler::solve_optical(const std::uint32_t* begin, const std::uint32_t* end, const Star* star) {
  std::uint32_t longest = 0;
  scratch_types_.clear();
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    longest = std::max(longest, table_.legs[*i].length_mm);
    for (const auto type : {type_of(link.from, link.from_port), type_of(link.to, link.to_port)}) {
      if (std::find(scratch_types_.begin(), scratch_types_.end(), type) == scratch_types_.end()) scratch_types_.push_back(type);
    }
  }
  std::sort(scratch_types_.begin(), scratch_types_.end());
  const auto& choice = cached_modules(scratch_types_, Millimetres(longest));
  if (!choice.found) {
    std::vector<CageType> cages;
    for (const auto type : scratch_types_) cages.push_back(types_[type]);
    no_part(*begin, Millimetres(longest), chooser().nearest_module(cages, Millimetres(longest)));
    return;
  }
  const auto light = [&](std::uint32_t cage, CageTypeId type) {
    const auto at = static_cast<std::size_t>(std::lower_bound(scratch_types_.begin(), scratch_types_.end(), type) - scratch_types_.begin());
    table_.module_of_cage[cage] = static_cast<std::uint16_t>(choice.modules[at] + 1);
    table_.family_of_cage[cage] = static_cast<std::uint16_t>(choice.family + 1);
  };
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    auto& leg = table_.legs[*i];
    light(from_cage_[*i], type_of(link.from, link.from_port));
    light(to_cage_[*i], type_of(link.to, link.to_port));
    const Millimetres needed(leg.length_mm);
    const auto [fibre, added] = fibres_.try_emplace({std::uint64_t{policy_} << 16U | choice.family, chooser().fibre_step(needed)});
    if (added) {
      const auto chosen = chooser().fibre(families_.values()[choice.family], needed);
      assert(chosen);
      fibre->second = {true, solutions_.intern({MediaClass::osfp, chosen->part, chosen->sold, 1})};
    }
    leg.assembly = add_assembly(fibre->second.solution, needed, 1, *i);
    // Where one cable could join the cages, the rule speaks of that cable, whose longest leg counts.
    const auto wanted = class_by_rule(policy(), star != nullptr ? Millimetres(longest) : needed);
    leg.escalated = wanted != MediaClass::osfp;
    if (leg.escalated) note_escalation(*i, 1, wanted, MediaClass::osfp, star);
  }
}

/// Counts only: there can be millions of these. The sentences are made once, by report_escalations.
void Cabler::note_escalation(std::uint32_t link, std::uint32_t count, MediaClass wanted, MediaClass got, const Star* star) {
  const auto g = group_of_link_[link];
  const auto slot = ((g * 2 + (star != nullptr ? 1U : 0U)) * 4 + static_cast<std::uint32_t>(wanted)) * 4 + static_cast<std::uint32_t>(got);
  if (slot >= escalations_.size()) escalations_.resize(slot + 1);
  auto& entry = escalations_[slot];
  entry.count += count;
  if (entry.example_count < 3) entry.examples[entry.example_count++] = link;
  if (entry.reason.empty() && star != nullptr)
    entry.reason = chooser().nearest_cable(wanted == MediaClass::aoc, types_[star->hub], types_[star->far]);
}

void Cabler::report_escalations() {
  for (std::uint32_t slot = 0; slot < escalations_.size(); ++slot) {
    const auto& entry = escalations_[slot];
    if (entry.count == 0) continue;
    const auto got = static_cast<MediaClass>(slot % 4);
    const auto wanted = std::string(to_text(static_cast<MediaClass>(slot / 4 % 4)));
    const bool pairs = slot / 16 % 2 == 1;
    const auto& group = network_.link_groups[slot / 32];
    const auto& fabric = spec_.fabrics[group.fabric.index()];
    const std::string links = std::string(group.from_tier == 0   ? "node-leaf"
                                          : group.from_tier == 1 ? "leaf-spine"
                                                                 : "spine-core") +
                              " links of fabric `" + fabric.name + "`";
    const std::string reserved = network_.fabrics[group.fabric.index()].reserved.empty() ? "" : " or are reserved";
    Finding finding;
    finding.where = group.origin;
    finding.count = entry.count;
    for (std::uint32_t i = 0; i < entry.example_count; ++i) {
      auto name = link_name(entry.examples[i]);
      if (std::find(finding.examples.begin(), finding.examples.end(), name) == finding.examples.end()) finding.examples.push_back(std::move(name));
    }
    if (!fabric.media.escalate) {
      finding.code = Code::escalation_refused;
      finding.message = "the rule names " + wanted + " for " + links + ", but " +
                        (pairs ? entry.reason : "the ports of their cages go to different devices" + reserved) + ", and `escalate` is false";
      finding.help = "set both thresholds to 0 for optics everywhere, or leave `escalate` out";
    } else if (!pairs) {
      finding.code = Code::cages_do_not_pair;
      finding.message =
          links + " take modules and fibre where the rule names " + wanted + ", because the ports of their cages go to different devices" + reserved;
    } else {
      finding.code = Code::escalated;
      finding.message = "no " + wanted + " makes these " + links + ", so they are " + std::string(to_text(got)) + ": " + entry.reason;
      finding.help = "add a part that fits through `catalogs`, or change the thresholds under `media`";
    }
    finding.severity = code_info(finding.code).severity;
    sink_.report(std::move(finding));
  }
}

void Cabler::no_part(std::uint32_t link, Millimetres needed, std::string reason) {
  const auto g = group_of_link_[link];
  const auto& fabric = spec_.fabrics[network_.link_groups[g].fabric.index()];
  tally(Code::no_part, g, link, 1,
        "no part of the catalogs makes a link of fabric `" + fabric.name + "`: " + link_name(link) + " needs " + decimal(needed.count(), 3) + " m; " +
            reason,
        "move racks together, or add a part through `catalogs`");
}

void Cabler::tally(Code code, std::uint32_t link_group, std::uint32_t link, std::uint64_t count, const std::string& message,
                   const std::string& help) {
  auto& entry = tallies_[{link_group, code}];
  entry.count += count;
  if (entry.message.empty()) {
    entry.message = message;
    entry.help = help;
  }
  if (entry.examples.size() < 3) {
    auto name = link_name(link);
    if (std::find(entry.examples.begin(), entry.examples.end(), name) == entry.examples.end()) entry.examples.push_back(std::move(name));
  }
}

void Cabler::report_tallies() {
  for (auto& [key, entry] : tallies_) {
    const auto code = key.second;
    sink_.report({code, code_info(code).severity, network_.link_groups[key.first].origin, entry.message, entry.help, entry.count, entry.examples});
  }
}

void Cabler::report_generic() {
  // By fabric, then by solution and by module.
  std::vector<std::vector<std::uint64_t>> bought(spec_.fabrics.size(), std::vector<std::uint64_t>(solutions_.values().size(), 0));
  std::vector<std::vector<std::uint64_t>> lit(spec_.fabrics.size(), std::vector<std::uint64_t>(modules_.values().size() + 1, 0));
  for (const auto& assembly : table_.assemblies) {
    ++bought[network_.link_groups[group_of_link_[assembly.first_link]].fabric.index()][assembly.solution.index()];
  }
  std::vector<bool> seen(network_.cages, false);
  for (std::uint32_t i = 0; i < network_.links.size(); ++i) {
    auto& modules = lit[network_.link_groups[group_of_link_[i]].fabric.index()];
    for (const auto cage : {from_cage_[i], to_cage_[i]}) {
      if (!seen[cage]) ++modules[table_.module_of_cage[cage]];
      seen[cage] = true;
    }
  }
  std::map<std::pair<std::size_t, std::string>, std::uint64_t> used;
  const auto add = [&](std::size_t fabric, PartId id, std::uint64_t count) {
    if (count > 0 && catalog_[id].generic()) used[{fabric, catalog_[id].id}] += count;
  };
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    for (std::size_t i = 0; i < bought[f].size(); ++i) add(f, solutions_.values()[i].part, bought[f][i]);
    for (std::size_t i = 1; i < lit[f].size(); ++i) add(f, modules_.values()[i - 1], lit[f][i]);
  }
  for (const auto& [key, count] : used) {
    const auto& fabric = spec_.fabrics[key.first];
    sink_.report({Code::generic_part,
                  Severity::warning,
                  fabric.origin.of("name"),
                  "fabric `" + fabric.name + "` is planned with `" + key.second + "`, a stand-in that no vendor sells",
                  "find a real part, or set `orderable_only` to see what then has none",
                  count,
                  {}});
  }
}

void Cabler::solve(const std::uint32_t* begin, const std::uint32_t* end) {
  policy_ = network_.link_groups[group_of_link_[*begin]].fabric.index();
  const auto& first = network_.links[*begin];
  const auto from = types_[type_of(first.from, first.from_port)].form;
  const auto to = types_[type_of(first.to, first.to_port)].form;
  if (from == Form::co_packaged || to == Form::co_packaged) {
    no_part(*begin, Millimetres(table_.legs[*begin].length_mm), "co-packaged ports are not supported by this version of icplan");
    return;
  }
  if (from == Form::rj45 && to == Form::rj45) {
    solve_utp(begin, end);
    return;
  }
  const auto star = as_star(begin, end);
  if (star) {
    std::uint32_t longest = 0;
    for (const auto* i = begin; i != end; ++i) longest = std::max(longest, table_.legs[*i].length_mm);
    const auto wanted = class_by_rule(policy(), Millimetres(longest));
    if (wanted != MediaClass::osfp && solve_assembly(*star, begin, end, wanted)) return;
  }
  solve_optical(begin, end, star ? &*star : nullptr);
}

CableTable Cabler::run() {
  prepare();
  route();
  if (tallies_.empty()) {
    const auto groups = group_links();
    table_.assemblies.reserve(network_.links.size());
    for (std::size_t g = 0; g + 1 < groups.first.size(); ++g) solve(groups.links.data() + groups.first[g], groups.links.data() + groups.first[g + 1]);
  }
  report_tallies();
  report_escalations();
  report_generic();
  table_.solutions = std::move(solutions_).take();
  table_.modules = std::move(modules_).take();
  table_.families = std::move(families_).take();
  return std::move(table_);
}

} // namespace

std::string_view to_text(MediaClass media) {
  switch (media) {
  case MediaClass::dac: return "DAC";
  case MediaClass::aoc: return "AOC";
  case MediaClass::osfp: return "OSFP";
  case MediaClass::utp: return "UTP";
  }
  return "?";
}

MediaClass class_by_rule(const MediaPolicy& policy, Millimetres needed) {
  if (needed < policy.dac_below) return MediaClass::dac;
  if (needed <= policy.aoc_up_to) return MediaClass::aoc;
  return MediaClass::osfp;
}

CableTable cable_network(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement, Sink& sink) {
  return Cabler(spec, catalog, network, placement, sink).run();
}

} // namespace icplan
