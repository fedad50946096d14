// SPDX-License-Identifier: Apache-2.0
// The bill of materials as a section and as CSV.
#include "icplan/report/report.hpp"

#include "csv.hpp"
#include "icplan/base/text.hpp"

namespace icplan {

namespace {

/// Rows of one part and fabric that differ in length only: more than this many become one line for a reader.
constexpr std::size_t most_lengths = 12;

/// The end of the run of rows from `first` that differ from it in length only.
std::size_t same_part(const std::vector<BomRow>& rows, std::size_t first) {
  auto end = first + 1;
  while (end < rows.size() && rows[end].part == rows[first].part && rows[end].fabric == rows[first].fabric && rows[end].kind == rows[first].kind)
    ++end;
  return end;
}

} // namespace

Section bom_section(const Plan& plan) {
  Section section;
  section.title = "Bill of materials";
  section.table.columns = {{"part", false},    {"kind", false},  {"fabric", false},      {"length m", true},
                           {"quantity", true}, {"spares", true}, {"unit price $", true}, {"remark", false}};
  bool folded = false;
  for (std::size_t i = 0; i < plan.bom.size(); ++i) {
    auto row = plan.bom[i];
    auto length = row.length.count() == 0 ? std::string() : decimal(row.length.count(), 3);
    if (const auto end = same_part(plan.bom, i); row.length.count() > 0 && end - i > most_lengths) {
      for (auto more = i + 1; more < end; ++more) {
        row.quantity += plan.bom[more].quantity;
        row.spares += plan.bom[more].spares;
      }
      length += " to " + decimal(plan.bom[end - 1].length.count(), 3);
      folded = true;
      i = end - 1;
    }
    const auto& part = plan.part(row.part);
    const auto price = row.included_in.valid() ? std::nullopt : plan.spec.accepted(part.price);
    std::string remark;
    if (row.included_in.valid()) remark = "included in " + plan.part(row.included_in).id;
    if (part.generic()) remark = "generic: no vendor sells it";
    section.table.rows.push_back({part.id, std::string(row.kind), std::string(plan.fabric_name(row.fabric)), length, grouped(row.quantity),
                                  row.spares == 0 ? "" : grouped(row.spares),
                                  price                     ? fixed(price->count(), 2)
                                  : row.included_in.valid() ? ""
                                                            : "unknown",
                                  remark});
  }
  if (folded) section.notes.push_back("a part in more than " + std::to_string(most_lengths) + " lengths is one line here; bom.csv lists each length");
  return section;
}

std::string bom_csv(const Plan& plan) {
  std::string out =
      "part,kind,fabric,length_m,quantity,spares,unit_price_usd,extended_usd,price_basis,included_in,manufacturer,part_number,description\n";
  for (const auto& row : plan.bom) {
    const auto& part = plan.part(row.part);
    const bool priced = !row.included_in.valid() && plan.spec.accepted(part.price).has_value();
    const auto price = priced ? part.price->value : Cents();
    const auto field = [&](std::string_view text) {
      append_csv(out, text);
      out += ',';
    };
    field(part.id);
    field(row.kind);
    field(plan.fabric_name(row.fabric));
    field(row.length.count() == 0 ? std::string() : decimal(row.length.count(), 3));
    field(std::to_string(row.quantity));
    field(std::to_string(row.spares));
    field(priced ? fixed(price.count(), 2) : std::string());
    field(priced ? fixed(price.count() * (row.quantity + row.spares), 2) : std::string());
    field(priced ? to_text(part.price->basis) : std::string_view());
    field(row.included_in.valid() ? std::string_view(plan.part(row.included_in).id) : std::string_view());
    field(part.manufacturer);
    field(part.part_number);
    append_csv(out, part.description);
    out += '\n';
  }
  return out;
}

} // namespace icplan
