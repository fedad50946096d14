// SPDX-License-Identifier: Apache-2.0
// What the readers of the kinds of parts share: figures with their basis, and sets of words.
#pragma once

#include "icplan/base/text.hpp"
#include "icplan/catalog/catalog.hpp"
#include "icplan/json/object_reader.hpp"
#include "words.hpp"

#include <algorithm>

namespace icplan {

inline constexpr std::int64_t most_part_milliwatts = 1'000'000'000;
inline constexpr std::int64_t most_cents = 10'000'000'000;
inline constexpr std::int64_t most_millimetres = 100'000'000;
inline constexpr std::int64_t most_picoseconds = 1'000'000'000;
inline constexpr std::int64_t most_femtojoules = 1'000'000;

template <class E, std::size_t N> EnumSet<E> read_set(json::ObjectReader& reader, std::string_view name, const std::array<json::Name<E>, N>& words) {
  EnumSet<E> set;
  const json::Value* list = reader.array(name);
  if (list == nullptr) return set;
  for (const auto& item : list->items) {
    const auto found = std::find_if(words.begin(), words.end(), [&](const auto& word) { return word.text == item.text; });
    if (item.kind == json::Kind::string && found != words.end()) {
      set.add(found->value);
    } else {
      std::vector<std::string_view> known;
      for (const auto& word : words) known.push_back(word.text);
      reader.sink().report(Code::unknown_word, item.where, "`" + std::string(name) + "` holds a word that is not known",
                           "use " + quoted_choice(known));
    }
  }
  return set;
}

/// A figure that stands at `address` within the part.
template <class Q>
MaybeFigure<Q> read_figure_at(const Part& part, json::ObjectReader& reader, std::string_view name, std::string_view address, int decimals,
                              std::int64_t most) {
  const auto value = reader.quantity<Q>(name, decimals, 0, most);
  if (!value) return std::nullopt;
  return Figure<Q>{*value, figure_basis(part, address)};
}

template <class Q> MaybeFigure<Q> read_figure(const Part& part, json::ObjectReader& reader, std::string_view name, int decimals, std::int64_t most) {
  return read_figure_at<Q>(part, reader, name, name, decimals, most);
}

inline MaybeFigure<std::int64_t> read_count(const Part& part, json::ObjectReader& reader, std::string_view name, std::int64_t most) {
  const auto value = reader.integer(name, 1, most);
  if (!value) return std::nullopt;
  return Figure<std::int64_t>{*value, figure_basis(part, name)};
}

/// What is laid, plugged and patched: read_media.cpp.
inline constexpr std::int64_t most_millidecibels = 1'000'000;
/// `optical` of a module or of a co-packaged port; nothing when its type, fibre or connector is left open.
[[nodiscard]] std::optional<OpticalFamily> read_family(json::ObjectReader& reader, std::vector<Picometres>& wavelengths);
[[nodiscard]] CableFacts read_cable(const Part& part, json::ObjectReader& reader);
[[nodiscard]] ModuleFacts read_module(const Part& part, json::ObjectReader& reader);
[[nodiscard]] FibreFacts read_fibre(const Part& part, json::ObjectReader& reader);
[[nodiscard]] UtpFacts read_utp(const Part& part, json::ObjectReader& reader);

} // namespace icplan
