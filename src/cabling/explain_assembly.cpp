// SPDX-License-Identifier: Apache-2.0
// Holds the contests for one cable again, with every part of the catalogs.
#include "icplan/cabling/explain.hpp"

#include "cage_groups.hpp"
#include "choose.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

std::string metres(std::int64_t millimetres) { return decimal(millimetres, 3) + " m"; }

/// "maker A comes before B": the first criterion in which the two differ.
class Comparison {
public:
  explicit Comparison(const Catalog& catalog) : catalog_(catalog) {}

  std::string operator()(PartId winner, const Preference& won, PartId loser, const Preference& lost) const {
    for (std::size_t i = 0; i < won.count; ++i) {
      const auto [criterion, best] = won.order[i];
      const auto other = lost.order[i].second;
      if (best == other) continue;
      switch (criterion) {
      case Criterion::preferred: return "`prefer` puts the chosen one first";
      case Criterion::maker: return "maker: " + catalog_[winner].manufacturer + " comes before " + catalog_[loser].manufacturer;
      case Criterion::active: return "it is active, the chosen one passive";
      case Criterion::reach: return "reach: " + metres(other) + ", the chosen one " + metres(best);
      case Criterion::sold: return "sold at " + metres(other) + ", the chosen one at " + metres(best);
      case Criterion::watts: return figure("power", best, other, [](std::int64_t value) { return decimal(value, 3) + " W"; });
      case Criterion::price: return figure("price", best, other, [](std::int64_t value) { return "$" + decimal(value, 2); });
      }
    }
    return "id: " + catalog_[winner].id + " comes before it";
  }

private:
  template <class Text> static std::string figure(const std::string& what, std::int64_t best, std::int64_t other, const Text& text) {
    return what + ": " + (other == unknown_last ? "not known" : text(other)) + ", the chosen one " + text(best);
  }
  const Catalog& catalog_;
};

class Explainer {
public:
  Explainer(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const CableTable& cables, AssemblyId assembly)
      : spec_(spec), catalog_(catalog), network_(network), cables_(cables), assembly_(cables.assemblies[assembly.index()]) {}

  CableExplanation run();

private:
  struct Entry {
    Candidate candidate;
    Preference place;
  };
  void read_ends();
  void read_group();
  void contest_families();
  void tell_rule();
  void contest_cables(MediaClass media);
  void contest_modules();
  void contest_module(std::uint32_t link, bool from);
  void contest_fibres();
  void contest_utp();
  void finish(Contest contest, std::vector<Entry> entries, std::optional<PartId> chosen);
  CageType cage(DeviceId device, std::uint32_t port) const { return cage_type(spec_, network_.group(device).block_of_port(port)); }
  std::uint16_t module_of(DeviceId device, std::uint32_t port) const { return cables_.module_of_cage[network_.cage(device, port).index()]; }
  std::uint16_t family_of(DeviceId device, std::uint32_t port) const { return cables_.family_of_cage[network_.cage(device, port).index()]; }
  const MediaPolicy& policy() const { return spec_.fabrics[fabric_].media; }

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const Network& network_;
  const CableTable& cables_;
  const Assembly& assembly_;
  std::size_t fabric_ = 0;
  Lengths lengths_;
  std::vector<Seat> seats_;
  std::uint32_t links_in_group_ = 0;
  std::optional<Millidecibels> budget_;
  bool pairs_ = false;
  CageType hub_;
  CageType far_;
  std::optional<PartChooser> chooser_;
  CableExplanation told_;
};

/// The links that share cages with the assembly's, directly or through others.
void Explainer::read_group() {
  std::vector<std::uint32_t> from;
  std::vector<std::uint32_t> to;
  for (const auto& link : network_.links) {
    from.push_back(network_.cage(link.from, link.from_port).index());
    to.push_back(network_.cage(link.to, link.to_port).index());
  }
  const auto groups = group_by_cages(from, to, network_.cages);
  std::size_t g = 0;
  for (std::size_t i = 0; i + 1 < groups.first.size(); ++i) {
    const auto begin = groups.links.begin() + groups.first[i];
    const auto end = groups.links.begin() + groups.first[i + 1];
    if (std::find(begin, end, assembly_.first_link) != end) g = i;
  }
  std::set<std::uint32_t> from_cages;
  std::set<std::uint32_t> to_cages;
  lengths_ = {Millimetres(unknown_last), Millimetres(0)};
  for (auto i = groups.first[g]; i < groups.first[g + 1]; ++i) {
    const auto link = groups.links[i];
    from_cages.insert(from[link]);
    to_cages.insert(to[link]);
    const Millimetres length(cables_.legs[link].length_mm);
    lengths_.shortest = std::min(lengths_.shortest, length);
    lengths_.longest = std::max(lengths_.longest, length);
    const auto& at = network_.links[link];
    for (const auto& type : {cage(at.from, at.from_port), cage(at.to, at.to_port)}) {
      const auto same = [&](const Seat& seat) { return seat.cage == type; };
      if (std::none_of(seats_.begin(), seats_.end(), same)) seats_.push_back({type, std::nullopt, 1});
    }
  }
  links_in_group_ = groups.first[g + 1] - groups.first[g];
  const auto& solution = cables_.solutions[assembly_.solution.index()];
  const auto plugs = static_cast<std::size_t>(hub_.ports % far_.ports == 0 ? hub_.ports / far_.ports : 0);
  pairs_ = (from_cages.size() == 1 && to_cages.size() <= plugs) || (to_cages.size() == 1 && from_cages.size() <= plugs);
  if (solution.media == MediaClass::dac || solution.media == MediaClass::aoc) pairs_ = true;
}

void Explainer::read_ends() {
  for (const auto& group : network_.link_groups) {
    if (assembly_.first_link >= group.first && assembly_.first_link < group.first + group.count) fabric_ = group.fabric.index();
  }
  chooser_.emplace(spec_, catalog_, policy(), network_.fabrics[fabric_].protocol);
  const auto& first = network_.links[assembly_.first_link];
  const auto a = cage(first.from, first.from_port);
  const auto b = cage(first.to, first.to_port);
  hub_ = a.ports >= b.ports ? a : b;
  far_ = a.ports >= b.ports ? b : a;
  read_group();
}

void Explainer::tell_rule() {
  const auto& media = policy();
  const auto length = metres(told_.needed.count());
  if (told_.media == MediaClass::utp) {
    told_.reasons.push_back("both ports are RJ45, which takes twisted pair at any length that a part covers");
    return;
  }
  if (hub_.form == Form::co_packaged || far_.form == Form::co_packaged) {
    told_.reasons.push_back("a port with co-packaged optics takes fibre at any length, and the other end " +
                            std::string(told_.media == MediaClass::fibre ? "too" : "a module"));
    return;
  }
  if (media.choice != MediaChoice::rule) {
    told_.reasons.push_back(std::string("the policy is `reach` for ") + (media.choice == MediaChoice::reach_cost ? "cost" : "power") +
                            ": the set of parts that comes to least, whatever its class");
  } else if (told_.by_rule == MediaClass::dac) {
    told_.reasons.push_back("the rule names DAC: " + length + " is below " + metres(media.dac_below.count()));
  } else if (told_.by_rule == MediaClass::aoc) {
    told_.reasons.push_back("the rule names AOC: " + length + " is not below " + metres(media.dac_below.count()) + " and not above " +
                            metres(media.aoc_up_to.count()));
  } else {
    told_.reasons.push_back("the rule names OSFP: " + length + " is above " + metres(media.aoc_up_to.count()));
  }
  if (cables_.legs[assembly_.first_link].escalated) {
    told_.reasons.push_back("it is " + std::string(to_text(told_.media)) + " instead, because " +
                            (pairs_ ? "no part of that class fits" : "the ports of its cages go to different devices, and a cable fills whole cages"));
  }
}

void Explainer::finish(Contest contest, std::vector<Entry> entries, std::optional<PartId> chosen) {
  const Entry* winner = nullptr;
  for (auto& entry : entries) {
    entry.candidate.chosen = chosen && entry.candidate.part == *chosen;
    if (entry.candidate.chosen) winner = &entry;
  }
  if (winner != nullptr) {
    const auto place = winner->place;
    for (auto& entry : entries) {
      if (entry.candidate.chosen || !entry.candidate.misfits.empty()) continue;
      entry.candidate.lost_by =
          place <= entry.place ? Comparison(catalog_)(*chosen, place, entry.candidate.part, entry.place) : std::string("the spec states another part");
    }
  }
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    const auto rank = [](const Entry& entry) { return entry.candidate.chosen ? 0 : entry.candidate.misfits.empty() ? 1 : 2; };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (rank(a) == 1 && (a.place <=> b.place) != std::strong_ordering::equal) return a.place < b.place;
    return catalog_[a.candidate.part].id < catalog_[b.candidate.part].id;
  });
  for (auto& entry : entries) contest.candidates.push_back(std::move(entry.candidate));
  told_.contests.push_back(std::move(contest));
}

static std::vector<std::string> texts(const Verdict& verdict) {
  std::vector<std::string> list;
  for (const auto& reason : verdict) list.push_back(sentence(reason));
  return list;
}

void Explainer::contest_cables(MediaClass media) {
  Contest contest;
  contest.title = std::string(to_text(media)) + ", " + describe(hub_) + " to " + describe(far_);
  if (!pairs_) {
    contest.remark = "no cable: the ports of the cages go to different devices, and a cable fills whole cages";
    told_.contests.push_back(std::move(contest));
    return;
  }
  std::vector<Entry> entries;
  for (const auto id : catalog_.of_kind(PartKind::cable)) {
    const auto& facts = *catalog_[id].as<CableFacts>();
    if (facts.optical != (media == MediaClass::aoc)) continue;
    Entry entry;
    entry.candidate.part = id;
    entry.candidate.sold = facts.lengths.at_least(told_.needed);
    entry.candidate.misfits = texts(chooser_->judge_as_cable(id, hub_, far_, told_.needed));
    if (entry.candidate.misfits.empty()) entry.place = chooser_->cable_preference(id, *entry.candidate.sold, hub_.ports / far_.ports);
    entries.push_back(std::move(entry));
  }
  const auto& solution = cables_.solutions[assembly_.solution.index()];
  finish(std::move(contest), std::move(entries), media == told_.media ? std::optional(solution.part) : std::nullopt);
}

void Explainer::contest_module(std::uint32_t link, bool from) {
  const auto& at = network_.links[link];
  const auto device = from ? at.from : at.to;
  const auto port = from ? at.from_port : at.to_port;
  const auto type = cage(device, port);
  Contest contest;
  contest.title = "module at " + network_.device_name(device) + ", " + describe(type);
  const auto f = family_of(device, port);
  const auto m = module_of(device, port);
  if (m == 0) {
    contest.remark = type.form == Form::co_packaged ? "no module: the optics of the port are co-packaged" : "no module";
    told_.contests.push_back(std::move(contest));
    return;
  }
  const auto& family = cables_.families[f - 1U];
  std::vector<Entry> entries;
  for (const auto id : catalog_.of_kind(PartKind::module)) {
    const auto& facts = *catalog_[id].as<ModuleFacts>();
    Entry entry;
    entry.candidate.part = id;
    entry.candidate.misfits = texts(chooser_->judge_as_module(id, type, lengths_));
    if (facts.family && *facts.family != family)
      entry.candidate.misfits.push_back("its optics are " + facts.family->type + ", " + facts.family->fibre + ", " + facts.family->connector);
    if (entry.candidate.misfits.empty()) entry.place = chooser_->module_preference(id);
    entries.push_back(std::move(entry));
  }
  finish(std::move(contest), std::move(entries), cables_.modules[m - 1U]);
}

/// The families that the group's modules could be of, and why each lost.
void Explainer::contest_families() {
  const auto& first = network_.links[assembly_.first_link];
  const auto& chosen = cables_.families[family_of(first.from, first.from_port) - 1U];
  const OpticalNeed need{seats_, lengths_, std::int64_t{links_in_group_}, std::nullopt, std::nullopt, nullptr};
  const auto won = chooser_->try_family(need, chosen);
  budget_ = won.set.budget;
  Contest contest;
  contest.title = "optical family of " + counted(std::int64_t{links_in_group_}, "link", "links") + " that share cages, up to " +
                  metres(lengths_.longest.count());
  contest.remark = "chosen: " + chosen.type + " over " + chosen.fibre + ", " + chosen.connector;
  for (const auto& family : chooser_->families()) {
    if (family == chosen) continue;
    const auto tried = chooser_->try_family(need, family);
    std::string why;
    if (tried.empty_seat) {
      why = "no module for " + describe(need.seats[*tried.empty_seat].cage) + " that reaches";
    } else if (tried.no_fibre) {
      why = "no fibre for it that suffices";
    } else if (won.whole()) {
      const auto mine = chooser_->set_preference(need, won.set);
      const auto other = chooser_->set_preference(need, tried.set);
      const auto part_of = [](const FamilyTry& of) {
        return *std::find_if(of.set.modules.begin(), of.set.modules.end(), [](PartId id) { return id.valid(); });
      };
      why = mine <= other ? Comparison(catalog_)(part_of(won), mine, part_of(tried), other) : std::string("the spec states another part");
    }
    contest.others.push_back(family.type + " over " + family.fibre + ", " + family.connector + ", " + std::to_string(family.lanes) + " x " +
                             decimal(family.lane_rate.count(), 3) + "G: " + why);
  }
  told_.contests.push_back(std::move(contest));
}

void Explainer::contest_modules() {
  contest_families();
  contest_module(assembly_.first_link, true);
  contest_module(assembly_.first_link, false);
}

void Explainer::contest_fibres() {
  const auto& first = network_.links[assembly_.first_link];
  const auto f = family_of(first.from, first.from_port);
  if (f == 0) return;
  const auto& family = cables_.families[f - 1U];
  Contest contest;
  contest.title = "fibre, " + family.fibre + " with " + family.connector;
  std::vector<Entry> entries;
  for (const auto id : catalog_.of_kind(PartKind::fibre)) {
    Entry entry;
    entry.candidate.part = id;
    entry.candidate.sold = catalog_[id].as<FibreFacts>()->lengths.at_least(told_.needed);
    entry.candidate.misfits = texts(chooser_->judge_as_fibre(id, family, told_.needed, budget_));
    if (entry.candidate.misfits.empty()) entry.place = chooser_->fibre_preference(id, *entry.candidate.sold);
    entries.push_back(std::move(entry));
  }
  finish(std::move(contest), std::move(entries), cables_.solutions[assembly_.solution.index()].part);
}

void Explainer::contest_utp() {
  Contest contest;
  contest.title = "UTP";
  std::vector<Entry> entries;
  for (const auto id : catalog_.of_kind(PartKind::utp)) {
    Entry entry;
    entry.candidate.part = id;
    entry.candidate.sold = catalog_[id].as<UtpFacts>()->lengths.at_least(told_.needed);
    entry.candidate.misfits = texts(judge_order(catalog_[id], policy()));
    if (!entry.candidate.sold) entry.candidate.misfits.push_back("it is not sold at " + metres(told_.needed.count()));
    if (entry.candidate.misfits.empty()) entry.place = chooser_->fibre_preference(id, *entry.candidate.sold);
    entries.push_back(std::move(entry));
  }
  finish(std::move(contest), std::move(entries), cables_.solutions[assembly_.solution.index()].part);
}

CableExplanation Explainer::run() {
  read_ends();
  const auto& solution = cables_.solutions[assembly_.solution.index()];
  told_.media = solution.media;
  told_.needed = Millimetres(assembly_.needed_mm);
  told_.sold = solution.sold;
  // A fibre between cages that pair speaks for the cable that could have joined them.
  const bool ruled = pluggable(hub_) && pluggable(far_);
  told_.by_rule = ruled ? class_by_rule(policy(), told_.needed) : solution.media;
  tell_rule();
  if (solution.media == MediaClass::utp) {
    contest_utp();
    return std::move(told_);
  }
  if (ruled) {
    const bool all = policy().choice != MediaChoice::rule;
    for (const auto media : {MediaClass::dac, MediaClass::aoc}) {
      if (all || (told_.by_rule <= media && media <= told_.media)) contest_cables(media);
    }
  }
  if (solution.media == MediaClass::osfp || solution.media == MediaClass::fibre) {
    contest_modules();
    contest_fibres();
  }
  return std::move(told_);
}

} // namespace

CableExplanation explain_assembly(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const CableTable& cables,
                                  AssemblyId assembly) {
  return Explainer(spec, catalog, network, cables, assembly).run();
}

} // namespace icplan
