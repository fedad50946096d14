// SPDX-License-Identifier: Apache-2.0
// Which parts fit which cages, and which of them is bought.
#pragma once

#include "icplan/cabling/cable_table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// A cage as a plug sees it.
struct CageType {
  Form form = Form::osfp;
  std::optional<Top> top;
  /// Electrical lanes in use.
  std::int64_t lanes = 0;
  Mbps lane_rate;
  std::int64_t ports = 1;

  friend auto operator<=>(const CageType&, const CageType&) = default;
};
[[nodiscard]] CageType cage_type(const CageBlock& block);

/// "twin-port OSFP (finned), 8 x 100 Gb/s".
[[nodiscard]] std::string describe(const CageType& cage);

struct ChosenCable {
  PartId part;
  Millimetres sold;
};
struct ChosenModules {
  OpticalFamily family;
  /// In the order of the cage types that were asked for.
  std::vector<PartId> modules;
};

/// Chooses parts under one media policy. Deterministic: ties end in the part id.
class PartChooser {
public:
  PartChooser(const ClusterSpec& spec, const Catalog& catalog, const MediaPolicy& policy, Protocol protocol);

  /// A copper (`optical` false) or active optical assembly from the hub's whole cage to `far` cages of one type.
  [[nodiscard]] std::optional<ChosenCable> cable(bool optical, const CageType& hub, const CageType& far, Millimetres needed) const;
  /// One module for each type of cage, of one family whose reach covers `longest`.
  /// With `fibre`, only families that take that fibre; with `only`, only that family.
  [[nodiscard]] std::optional<ChosenModules> modules(const std::vector<CageType>& cages, Millimetres longest, std::optional<PartId> fibre = {},
                                                     const OpticalFamily* only = nullptr) const;
  [[nodiscard]] std::optional<ChosenCable> fibre(const OpticalFamily& family, Millimetres needed) const;
  [[nodiscard]] std::optional<ChosenCable> utp(Millimetres needed) const;
  /// Whether an assembly joins the hub's whole cage to `far` cages.
  [[nodiscard]] bool fits(PartId cable, const CageType& hub, const CageType& far) const {
    return cable_fits(*catalog_[cable].as<CableFacts>(), hub, far);
  }
  /// Whether the module is of that family, fits the cage and reaches.
  [[nodiscard]] bool serves(PartId module, const OpticalFamily& family, const CageType& cage, Millimetres longest) const;
  /// Whether modules of that family take the fibre.
  [[nodiscard]] bool takes_fibre(const OpticalFamily& family, PartId fibre) const;
  /// Lengths with the same step have the same answer, so that an answer can be kept: of `cable` ...
  [[nodiscard]] std::uint64_t cable_step(Millimetres needed) const { return cable_steps_.of(needed); }
  /// ... of `modules` ...
  [[nodiscard]] std::uint64_t module_step(Millimetres longest) const { return module_steps_.of(longest); }
  /// ... and of `fibre`.
  [[nodiscard]] std::uint64_t fibre_step(Millimetres needed) const { return fibre_steps_.of(needed); }
  /// The longest assembly of that class that fits the cages, for messages.
  [[nodiscard]] std::string nearest_cable(bool optical, const CageType& hub, const CageType& far) const;
  /// Why no modules and fibre make a link of that length.
  [[nodiscard]] std::string nearest_module(const std::vector<CageType>& cages, Millimetres needed) const;

private:
  [[nodiscard]] std::string nearest_fibre(const OpticalFamily& family) const;
  /// Preferred first: stated vendors, other makers by name, generic.
  struct VendorRank {
    std::size_t listed = 0;
    bool generic = false;
    std::string maker;
    friend auto operator<=>(const VendorRank&, const VendorRank&) = default;
  };
  [[nodiscard]] VendorRank vendor_rank(const Part& part) const;
  [[nodiscard]] bool allowed(const Part& part) const;
  [[nodiscard]] bool cable_fits(const CableFacts& cable, const CageType& hub, const CageType& far) const;
  [[nodiscard]] bool module_fits(const ModuleFacts& module, const CageType& cage) const;
  [[nodiscard]] std::optional<PartId> module(const OpticalFamily& family, const CageType& cage, Millimetres longest) const;

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
  std::vector<PartId> cables_;
  std::vector<PartId> modules_;
  std::vector<PartId> fibres_;
  std::vector<PartId> utps_;
};

} // namespace icplan
