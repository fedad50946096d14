// SPDX-License-Identifier: Apache-2.0
// The bill of materials as a section and as CSV.
#include "icplan/report/report.hpp"

#include "csv.hpp"
#include "icplan/base/text.hpp"

namespace icplan {

Section bom_section(const Plan& plan) {
  Section section;
  section.title = "Bill of materials";
  section.table.columns = {{"part", false},    {"kind", false},  {"fabric", false},      {"length m", true},
                           {"quantity", true}, {"spares", true}, {"unit price $", true}, {"remark", false}};
  for (const auto& row : plan.bom) {
    const auto& part = plan.part(row.part);
    const auto price = row.included_in.valid() ? std::nullopt : plan.spec.accepted(part.price);
    std::string remark;
    if (row.included_in.valid()) remark = "included in " + plan.part(row.included_in).id;
    if (part.generic()) remark = "generic: no vendor sells it";
    section.table.rows.push_back({part.id, std::string(row.kind), std::string(plan.fabric_name(row.fabric)),
                                  row.length.count() == 0 ? "" : decimal(row.length.count(), 3), grouped(row.quantity),
                                  row.spares == 0 ? "" : grouped(row.spares),
                                  price                     ? fixed(price->count(), 2)
                                  : row.included_in.valid() ? ""
                                                            : "unknown",
                                  remark});
  }
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
