// SPDX-License-Identifier: Apache-2.0
// Members of plan documents, and the digest of their cables.
#include "saved_document.hpp"

#include "icplan/base/sha256.hpp"

namespace icplan {

std::string text_of(const json::Value& object, std::string_view name) {
  const auto* value = object.find(name);
  return value == nullptr || value->kind != json::Kind::string ? std::string() : value->text;
}

std::optional<std::int64_t> known_number_of(const json::Value& object, std::string_view name, int decimals) {
  const auto* value = object.find(name);
  return value == nullptr || value->kind != json::Kind::number ? std::nullopt : json::scaled(value->text, decimals);
}

std::int64_t number_of(const json::Value& object, std::string_view name, int decimals) { return known_number_of(object, name, decimals).value_or(0); }

std::optional<std::string> check_saved_document(const json::Value& document, std::string_view cables, const SavedPlanComplaint& complain) {
  const auto* format = document.find("format");
  if (format == nullptr || format->text != "icplan.plan/1") {
    complain(document.where.valid() ? SourceRange{document.where.file, document.where.begin, document.where.begin + 1} : document.where,
             "plan.json is no plan of format icplan.plan/1", "name the folder that `icplan plan SPEC -o DIR` wrote");
    return std::nullopt;
  }
  const auto* listed = document.find("cables");
  const auto* digest = listed == nullptr ? nullptr : listed->find("sha256");
  if (digest == nullptr || document.find("racks") == nullptr || document.find("bom") == nullptr) {
    complain(format->where, "plan.json has no `cables`, `racks` or `bom`", write_plan_again);
    return std::nullopt;
  }
  Sha256 actual;
  actual.update(cables);
  auto found = actual.hex_digest();
  if (found == digest->text) return found;
  complain(digest->where,
           "cables.csv is not the one that plan.json was written with: its SHA-256 is " + found.substr(0, 12) + "..., not " +
               digest->text.substr(0, 12) + "...",
           "restore both files, or plan the earlier spec again");
  return std::nullopt;
}

OwnDigest check_own_digest(const json::Value& document, std::string_view text) {
  if (document.members.empty() || document.members.back().name != "sha256") return OwnDigest::missing;
  const auto& [name, name_where, value] = document.members.back();
  Sha256 actual;
  actual.update(text.substr(0, name_where.begin));
  return value.kind == json::Kind::string && value.text == actual.hex_digest() ? OwnDigest::right : OwnDigest::wrong;
}

} // namespace icplan
