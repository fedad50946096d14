// SPDX-License-Identifier: Apache-2.0
// Which of the parts that fit is bought, and what decided it.
#pragma once

#include "fit.hpp"
#include "icplan/cabling/cable_table.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace icplan {

/// By what parts that fit are put in order.
enum class Criterion : std::uint8_t { preferred, maker, active, reach, sold, watts, price };

/// Sorts last.
inline constexpr std::int64_t unknown_last = INT64_MAX;

/// The place of a candidate among those that fit: the lower one is bought. Ends in the part id, so that no two are equal.
struct Preference {
  std::array<std::pair<Criterion, std::int64_t>, 7> order{};
  std::size_t count = 0;
  std::string_view id;

  void add(Criterion criterion, std::int64_t value) { order[count++] = {criterion, value}; }
  friend std::strong_ordering operator<=>(const Preference& a, const Preference& b) {
    for (std::size_t i = 0; i < a.count && i < b.count; ++i) {
      if (a.order[i].second != b.order[i].second) return a.order[i].second <=> b.order[i].second;
    }
    return a.id <=> b.id;
  }
};

struct ChosenCable {
  PartId part;
  Millimetres sold;
};

/// A kind of cage in an optical group.
struct Seat {
  CageType cage;
  /// The module that the spec states for it.
  std::optional<PartId> stated;
  /// Cages of that kind. Only the policy `reach` asks for it.
  std::int64_t count = 1;
};
struct ChosenModules {
  OpticalFamily family;
  /// In the order of the seats that were asked for; invalid for co-packaged ports, which take none.
  std::vector<PartId> modules;
  /// The least that they bear; absent when one of them does not state it.
  std::optional<Millidecibels> budget;
};
/// What a family makes of a need: a whole set, or what is missing.
struct FamilyTry {
  ChosenModules set;
  std::optional<std::size_t> empty_seat;
  bool no_fibre = false;
  [[nodiscard]] bool whole() const { return !empty_seat && !no_fibre; }
};
/// What an optical group asks for.
struct OpticalNeed {
  std::vector<Seat> seats;
  Lengths lengths;
  std::int64_t links = 1;
  /// The fibre that the spec states for its links.
  std::optional<PartId> fibre;
  /// A fibre that is laid or ordered already, whatever its length, which the modules must take.
  std::optional<PartId> held;
  /// The only family that will do; null: any.
  const OpticalFamily* only = nullptr;
};

/// Chooses parts under one media policy. Deterministic: ties end in the part id. Fit is judged once for each pair of cages.
class PartChooser {
public:
  PartChooser(const ClusterSpec& spec, const Catalog& catalog, const MediaPolicy& policy, Protocol protocol);

  /// A copper (`optical` false) or active optical assembly from the hub's whole cage to `far` cages of one type.
  [[nodiscard]] std::optional<ChosenCable> cable(bool optical, const CageType& hub, const CageType& far, Millimetres needed) const;
  /// One module for each seat, of one family whose reach covers the longest link and that has a fibre.
  [[nodiscard]] std::optional<ChosenModules> modules(const OpticalNeed& need) const;
  [[nodiscard]] FamilyTry try_family(const OpticalNeed& need, const OpticalFamily& family) const;
  /// A fibre for the family; one that is known to lose more than the budget does not fit.
  [[nodiscard]] std::optional<ChosenCable> fibre(const OpticalFamily& family, Millimetres needed, std::optional<Millidecibels> budget) const;
  [[nodiscard]] std::optional<ChosenCable> utp(Millimetres needed) const;
  /// One module of a family, or nothing.
  [[nodiscard]] std::optional<PartId> module(const OpticalFamily& family, const Seat& seat, const Lengths& lengths) const;
  /// All families of the catalogs' modules, in order.
  [[nodiscard]] const std::vector<OpticalFamily>& families() const { return families_; }

  /// Whether an assembly joins the hub's whole cage to `far` cages, whatever its length and whether or not it can still be ordered.
  [[nodiscard]] bool fits(PartId cable, const CageType& hub, const CageType& far) const;
  /// Whether the module is of that family, fits the cage and reaches.
  [[nodiscard]] bool serves(PartId module, const OpticalFamily& family, const CageType& cage, const Lengths& lengths) const;
  /// Whether modules of that family take the fibre.
  [[nodiscard]] bool takes_fibre(const OpticalFamily& family, PartId fibre) const;

  /// Everything that speaks against a part.
  [[nodiscard]] Verdict judge_as_cable(PartId id, const CageType& hub, const CageType& far, std::optional<Millimetres> needed) const;
  [[nodiscard]] Verdict judge_as_module(PartId id, const CageType& cage, std::optional<Lengths> lengths) const;
  [[nodiscard]] Verdict judge_as_fibre(PartId id, const OpticalFamily& family, std::optional<Millimetres> needed,
                                       std::optional<Millidecibels> budget) const;

  [[nodiscard]] Preference cable_preference(PartId id, Millimetres sold, std::int64_t plugs) const;
  [[nodiscard]] Preference module_preference(PartId id) const;
  [[nodiscard]] Preference fibre_preference(PartId id, Millimetres sold) const;
  /// Of a whole optical set; the id is left empty.
  [[nodiscard]] Preference set_preference(const OpticalNeed& need, const ChosenModules& chosen) const;
  /// What the policy `reach` looks at: cents or milliwatts; `unknown_last` when a part of the set has no figure.
  [[nodiscard]] std::int64_t cable_total(const ChosenCable& cable, std::int64_t plugs) const;
  [[nodiscard]] std::int64_t set_total(const OpticalNeed& need, const ChosenModules& chosen) const;
  /// The best place under `prefer` of the set's parts.
  [[nodiscard]] std::int64_t preferred(PartId id) const;
  /// Whether the part was ever found to fit.
  [[nodiscard]] bool ever_fitted(PartId id) const { return fitted_[id.index()]; }

  /// Lengths with the same step have the same answer, so that an answer can be kept: of `cable` ...
  [[nodiscard]] std::uint64_t cable_step(Millimetres needed) const { return cable_steps_.of(needed); }
  /// ... of `modules` ...
  [[nodiscard]] std::uint64_t module_step(const Lengths& lengths) const {
    return module_steps_.of(lengths.longest) << 12U | shortest_steps_.of(lengths.shortest) >> 40U;
  }
  /// ... and of `fibre`.
  [[nodiscard]] std::uint64_t fibre_step(Millimetres needed) const { return fibre_steps_.of(needed); }
  /// The longest assembly of that class that fits the cages, for messages.
  [[nodiscard]] std::string nearest_cable(bool optical, const CageType& hub, const CageType& far) const;
  /// Why no modules and fibre make a link of that length.
  [[nodiscard]] std::string nearest_module(const OpticalNeed& need) const;

private:
  [[nodiscard]] std::string nearest_fibre(const OpticalFamily& family, Millimetres needed) const;
  void rank_makers();
  [[nodiscard]] std::int64_t watts_of(PartId id) const;
  [[nodiscard]] std::int64_t cable_watts(PartId id, std::int64_t plugs) const;
  /// At a sold length; last where there is none.
  [[nodiscard]] std::int64_t price_of(PartId id, Millimetres sold = {}) const;
  /// Cables of a class that fit the cages, whatever the length.
  [[nodiscard]] const std::vector<PartId>& fitting_cables(bool optical, const CageType& hub, const CageType& far) const;
  [[nodiscard]] const std::vector<PartId>& fitting_modules(const CageType& cage) const;
  void add_loss_steps();

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const MediaPolicy& policy_;
  Protocol protocol_;
  /// The lengths at which some part ends to suffice, and the finest raster in which parts are made to measure.
  struct Steps {
    std::vector<std::int64_t> ends;
    std::int64_t raster = 0;

    void add(const SoldLengths& lengths);
    void finish();
    [[nodiscard]] std::uint64_t of(Millimetres needed) const;
  };
  Steps cable_steps_;
  Steps module_steps_;
  Steps fibre_steps_;
  /// The shortest fibres that modules work over.
  Steps shortest_steps_;
  /// Those that the policy lets be bought.
  std::vector<PartId> cables_;
  std::vector<PartId> modules_;
  std::vector<PartId> fibres_;
  std::vector<PartId> utps_;
  std::vector<OpticalFamily> families_;
  /// By part: stated vendors first, other makers by name, generic last.
  std::vector<std::int64_t> maker_rank_;
  std::map<PartId, std::int64_t> prefer_rank_;
  // Answers that are asked for again and again.
  mutable std::map<std::tuple<bool, CageType, CageType>, std::vector<PartId>> fitting_cables_;
  mutable std::map<CageType, std::vector<PartId>> fitting_modules_;
  /// Modules that fit in the family that is being tried.
  mutable std::vector<PartId> fitting_now_;
  mutable std::vector<bool> fitted_;
};

} // namespace icplan
