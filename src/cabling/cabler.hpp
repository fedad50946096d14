// SPDX-License-Identifier: Apache-2.0
// The work of cabling one network: what is asked of the parts, what was answered, and what there is to tell.
#pragma once

#include "choose.hpp"
#include "icplan/base/interner.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace icplan {

inline constexpr std::uint32_t no_index = ~0U;
using CageTypeId = Id<struct CageTypeTag>;

/// "node-leaf", "leaf-spine", "global router-router".
[[nodiscard]] std::string stage_name(const Network& network, const LinkGroup& group);

/// A finding that is being counted, by place, code, link group and message. Where the message names the worst case, `gap` is how bad that is.
struct Tally {
  Finding finding;
  std::int64_t gap = -1;
};

/// Links that left the class that the rule names, by link group, reason and classes.
struct Escalation {
  std::uint64_t count = 0;
  std::uint32_t example_count = 0;
  std::array<std::uint32_t, 3> examples{};
  /// The lengths of the legs, in millimetres.
  std::uint32_t shortest = no_index;
  std::uint32_t longest = 0;
  std::string reason;
};

/// Solves one network.
class Cabler {
public:
  Cabler(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement, const KnownCables& known, Sink& sink)
      : spec_(spec), catalog_(catalog), network_(network), placement_(placement), known_(known), sink_(sink) {}

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
    /// Under the policy `reach`: its place under `prefer`, and what it costs or draws.
    std::pair<std::int64_t, std::int64_t> total;
  };
  struct ModuleChoice {
    bool found = false;
    std::uint16_t family = 0;
    /// `no_module` for co-packaged ports.
    std::vector<std::uint16_t> modules;
    std::pair<std::int64_t, std::int64_t> total;
    std::optional<Millidecibels> budget;
    /// Under which its fibres are asked for.
    std::uint32_t fibres = 0;
  };
  static constexpr std::uint16_t no_module = 0xffff;
  /// What fibres must suit: policy, stated part, family, budget in dB/1000 (or -1).
  using FibreKey = std::tuple<std::size_t, std::uint32_t, std::uint16_t, std::int64_t>;
  /// A kind of cage in an optical group, and what the spec states for it.
  struct SeatKey {
    CageTypeId type;
    std::uint32_t stated = no_index;
    /// Cages of that kind; counted under the policy `reach` only.
    std::uint32_t count = 1;
    friend auto operator<=>(const SeatKey&, const SeatKey&) = default;
  };
  /// What an optical group asks for, as a key for answers.
  struct OpticalKey {
    std::size_t policy = 0;
    std::uint32_t fibre = no_index;
    std::uint32_t links = 1;
    std::vector<SeatKey> seats;
    friend auto operator<=>(const OpticalKey&, const OpticalKey&) = default;
  };
  /// The parts that the spec states for links of one group.
  struct LinkStatement {
    const StatedPart* copper = nullptr;
    const StatedPart* active = nullptr;
    const StatedPart* fibre = nullptr;
  };
  /// What became of a statement.
  struct StatementUse {
    const StatedPart* part = nullptr;
    bool matched = false;
    bool used = false;
  };
  struct Star {
    std::uint32_t hub_cage = no_index;
    CageTypeId hub;
    CageTypeId far;
    bool hub_is_from = true;
  };

  void prepare();
  void route();
  void solve(const std::uint32_t* begin, const std::uint32_t* end);
  void prepare_statements();
  void match_links(FabricId fabric, const StatedPart& stated);
  void match_cages(FabricId fabric, const StatedPart& stated);
  const StatedPart* stated_cable(std::uint32_t link, MediaClass media) const;
  const StatedPart* stated_fibre(std::uint32_t link) const {
    return link_statements_.empty() ? nullptr : link_statements_[group_of_link_[link]].fibre;
  }
  const StatedPart* stated_module(DeviceId device) const {
    const auto& of = module_statements_[policy_];
    return of.empty() ? nullptr : of[network_.group_of_device[device.index()]];
  }
  void use(const StatedPart& stated) { statements_[stated.origin.whole].used = true; }
  bool solve_stated(const StatedPart& stated, const Star& star, const std::uint32_t* begin, const std::uint32_t* end, MediaClass media,
                    MediaClass wanted);
  bool refuse_at_rj45(const std::uint32_t* begin, const std::uint32_t* end);
  bool refuse_unpaired(const std::uint32_t* begin, const std::uint32_t* end);
  void refuse(const StatedPart& stated, std::uint32_t link, std::uint64_t count, const Reason& reason, const std::string& where,
              std::optional<PartId> instead);
  const StatedPart* statement_of(PartId module, const CageType& cage, const std::uint32_t* begin, const std::uint32_t* end) const;
  std::uint64_t cages_with(const StatedPart& stated, const std::uint32_t* begin, const std::uint32_t* end) const;
  void refuse_cable(const StatedPart& stated, std::uint32_t link, const Star& star, Millimetres needed);
  bool refuse_optics(const std::uint32_t* begin, const std::uint32_t* end, const OpticalKey& key);
  void report_statements();
  std::string known_places(const StatedPart& stated) const;
  void solve_by_reach(const std::uint32_t* begin, const std::uint32_t* end, const Star* star);
  OpticalNeed need_of(const OpticalKey& key) const;
  void ask_optics(const std::uint32_t* begin, const std::uint32_t* end);
  void commit_assembly(const Star& star, const std::uint32_t* begin, const std::uint32_t* end, SolutionId solution, MediaClass media,
                       MediaClass wanted);
  const CableChoice& fibre_solution(const ModuleChoice& choice, bool co_packaged, Millimetres needed);
  bool refuse_unknown_optics(std::uint32_t link);
  void populate();
  void state_length(std::uint32_t link);
  void share_length(const std::uint32_t* begin, const std::uint32_t* end);
  void unshare_length(const std::uint32_t* begin, const std::uint32_t* end);
  void report_stale_lengths();
  void check_locked();
  [[nodiscard]] const LengthRow* row_of(std::uint32_t link) const {
    return known_.row_of_link.empty() || known_.row_of_link[link] == not_known ? nullptr : &spec_.lengths->rows[known_.row_of_link[link]];
  }
  [[nodiscard]] const HeldPiece* held_at(std::uint32_t link) const {
    return known_.piece_of_link.empty() || dropped_[link] || known_.piece_of_link[link] == not_known ? nullptr
                                                                                                     : &known_.pieces[known_.piece_of_link[link]];
  }
  [[nodiscard]] Millimetres held_length(const std::uint32_t* begin, const std::uint32_t* end) const;
  bool solve_held(const std::uint32_t* begin, const std::uint32_t* end, const Star* star);
  bool solve_held_cable(const HeldPiece& piece, const std::uint32_t* begin, const std::uint32_t* end, const Star* star);
  bool solve_held_utp(const HeldPiece& piece, std::uint32_t link);
  void lay(AssemblyId assembly, const Star& star, const std::uint32_t* begin, const std::uint32_t* end);
  const ModuleChoice& modules_for_held(const ModuleChoice& usual, const std::uint32_t* begin, const std::uint32_t* end);
  std::optional<SolutionId> held_fibre(std::uint32_t link, const OpticalFamily& family, bool co_packaged);
  [[nodiscard]] const OpticalFamily* installed_family(const std::uint32_t* begin, const std::uint32_t* end) const;
  std::uint16_t module_for(std::uint32_t cage, const CageType& type, std::uint16_t chosen, const OpticalFamily& family);
  void choose_modules(ModuleChoice& choice, std::optional<PartId> held, const OpticalFamily* only);
  void refuse_held(const HeldPiece& piece, std::uint32_t link, const std::string& reason);
  std::optional<Star> as_star(const std::uint32_t* begin, const std::uint32_t* end) const;
  bool solve_assembly(const Star& star, const std::uint32_t* begin, const std::uint32_t* end, MediaClass wanted);
  void solve_utp(const std::uint32_t* begin, const std::uint32_t* end);
  void solve_optical(const std::uint32_t* begin, const std::uint32_t* end, const Star* star);
  const CableChoice& cached_cable(bool optical, const Star& star, Millimetres needed);
  const ModuleChoice& cached_modules();
  AssemblyId add_assembly(SolutionId solution, Millimetres needed, std::uint32_t used, std::uint32_t first_link);
  void note_escalation(std::uint32_t link, std::uint32_t count, MediaClass wanted, MediaClass got, const Star* star);
  void report_escalations();
  void no_part(std::uint32_t link, Millimetres needed, std::string reason);
  void tally(Code code, std::uint32_t link, std::uint64_t count, const std::string& message, const std::string& help);
  Tally& tally_at(SourceRange where, Code code, std::uint32_t link, std::uint64_t count, const std::string& message, const std::string& help);
  void report_tallies();
  void report_generic();
  void report_preferred();

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
  const KnownCables& known_;
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
  std::map<OpticalKey, std::uint32_t> sets_;
  /// The set that was asked for last, and the one that is asked for.
  OpticalKey last_key_;
  OpticalKey key_;
  std::uint32_t last_set_ = no_index;
  Lengths lengths_;
  std::map<FibreKey, std::uint32_t> fibre_kinds_;
  std::vector<FibreKey> fibre_keys_;
  std::unordered_map<Question, ModuleChoice, QuestionHash> module_choices_;
  std::unordered_map<Question, CableChoice, QuestionHash> fibres_;
  /// By link group, and by policy and device group; empty where nothing is stated at all.
  std::vector<LinkStatement> link_statements_;
  std::vector<std::vector<const StatedPart*>> module_statements_;
  /// By place in the spec: a statement that several fabrics inherit is one.
  std::map<SourceRange, StatementUse> statements_;
  /// Reasons against stated parts so far.
  std::uint64_t refusals_ = 0;
  using TallyKey = std::tuple<SourceRange, Code, std::uint32_t, std::string>;
  std::map<TallyKey, Tally> tallies_;
  /// By link group; points into `tallies_`.
  std::map<std::uint32_t, Finding*> no_part_of_group_;
  std::vector<Escalation> escalations_;
  /// By link: the piece that is known of it cannot serve. Empty where nothing is known.
  std::vector<bool> dropped_;
  /// Modules for a set of cage types that agree with what is there, by set, fibre, family and step of lengths.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint64_t>, ModuleChoice> held_choices_;
};

} // namespace icplan
