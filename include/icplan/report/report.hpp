// SPDX-License-Identifier: Apache-2.0
// What people and programs read of a plan. Reports only read; every renderer gives the same bytes everywhere.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// Takes the output piece by piece.
using TextSink = std::function<void(std::string_view)>;

/// A table of text cells. Every row has as many cells as there are columns.
struct Table {
  struct Column {
    std::string title;
    bool right = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

/// A titled part of a report: sentences, a table, then notes.
struct Section {
  std::string title;
  std::vector<std::string> lines;
  Table table;
  std::vector<std::string> notes;
};

/// The summary that `icplan plan` prints; with `explain`, the reason of every count of switches.
[[nodiscard]] std::vector<Section> summarise_plan(const Plan& plan, bool explain = false);
/// The bill of materials alone, and what it costs by fabric.
[[nodiscard]] Section bom_section(const Plan& plan);
[[nodiscard]] Section cost_section(const Plan& plan);
/// Cables by class, and by class and length.
[[nodiscard]] Section media_section(const Plan& plan);
[[nodiscard]] Section length_section(const Plan& plan);

/// Plain text. With `most` columns (of a terminal), titles and cells of text that do not fit go on in the next line; numbers stay whole. 0: however many.
[[nodiscard]] std::string render_text(std::string_view title, std::span<const Section> sections, std::size_t most = 0);
[[nodiscard]] std::string render_markdown(std::string_view title, std::span<const Section> sections);

/// The plan document, format icplan.plan/1.
[[nodiscard]] std::string plan_json(const Plan& plan);

/// The fullest piece of every tray; as CSV every piece.
[[nodiscard]] Section tray_section(const Plan& plan);
[[nodiscard]] std::string trays_csv(const Plan& plan);
/// Every row and figure of the bill of materials: what `bom.csv` and workbooks hold.
[[nodiscard]] Table bom_table(const Plan& plan);
[[nodiscard]] std::string bom_csv(const Plan& plan);
/// One row per used leg, in the order of the links. With `terms`, also what the length of each run is made of.
void write_cables_csv(const Plan& plan, const TextSink& sink, bool terms = false);

/// What labels say unless `names.label` does: rack, unit and port of this end and of the other one (the identifiers of TIA-606).
inline constexpr std::string_view default_label_pattern = "{rack}.{u:02}:{port}/{far.rack}.{far.u:02}:{far.port}";
/// One row for each plug of a cable and each connector of a fibre, in the order of the links.
void write_labels_csv(const Plan& plan, const TextSink& sink);
/// The name of an assembly as cables.csv has it: fabric, device, cage and port of its first leg.
[[nodiscard]] std::string cable_name(const Plan& plan, AssemblyId assembly);
/// The assembly of that name, or nothing. O(assemblies).
[[nodiscard]] std::optional<AssemblyId> find_cable(const Plan& plan, std::string_view name);
/// Why a cable is what it is: its ends, its length, and every part that was considered, with what spoke against it.
[[nodiscard]] std::vector<Section> explain_cable(const Plan& plan, AssemblyId assembly);
/// The same as JSON.
[[nodiscard]] std::string explain_cable_json(const Plan& plan, AssemblyId assembly);

/// "cluster.json" of "some/where/cluster.json": reports name files without their folders.
[[nodiscard]] std::string_view file_name(std::string_view path);

} // namespace icplan
