// SPDX-License-Identifier: Apache-2.0
// The catalog: every part that a plan may use, read from JSON files.
#pragma once

#include "icplan/catalog/part.hpp"
#include "icplan/diag/finding.hpp"

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// A source that figures cite by key.
struct CatalogSource {
  std::string title;
  std::string url;
};

class Catalog {
public:
  Catalog() = default;
  Catalog(Catalog&&) = default;
  Catalog& operator=(Catalog&&) = default;
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// Adds the parts of one document. A part whose id is known already replaces the earlier one when `overlay` is set (with a note)
  /// and is an error otherwise.
  void add(const SourceMap& sources, FileId file, bool overlay, Sink& sink);

  /// Checks that parts name existing parts (a node's GPU, a port group's NIC). Call once after the last file.
  void check_references(Sink& sink) const;

  [[nodiscard]] const Part& operator[](PartId id) const { return parts_[id.index()]; }
  [[nodiscard]] std::optional<PartId> find(std::string_view id) const;
  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  /// The part ids of one kind, sorted by name.
  [[nodiscard]] std::vector<PartId> of_kind(PartKind kind) const;
  /// All part ids, sorted by name.
  [[nodiscard]] std::vector<PartId> sorted() const;
  /// "did you mean" material: the known name of that kind that is nearest to `id`.
  [[nodiscard]] std::optional<std::string_view> nearest(std::string_view id, PartKind kind) const;
  /// The source behind a key that a part cites, or nothing.
  [[nodiscard]] const CatalogSource* source(const Part& part, std::string_view key) const;

private:
  std::vector<Part> parts_;
  std::map<std::string, PartId, std::less<>> by_id_;
  std::deque<json::Value> documents_;
  /// Per file: its sources.
  std::map<FileId, std::map<std::string, CatalogSource, std::less<>>> sources_;
};

/// The basis of one figure of a part, by its address (`rack_units`, `optical.lane_gbps`, `ends.a.lanes`, `ports.fabric.lanes`): what the
/// `figures` entry with the longest address that leads to it says, else the part's own.
[[nodiscard]] Basis figure_basis(const Part& part, std::string_view figure);
/// The source keys of one figure of a part.
[[nodiscard]] std::vector<std::string> figure_sources(const Part& part, std::string_view figure);

/// A figure as it is written in the part's entry.
struct WrittenFigure {
  std::string address;
  /// The digits as written; several in a list, ", " between them; a word where `figures` gives a basis to one.
  std::string text;
};
/// Every figure of a part, nested ones too, in the order of the entry.
[[nodiscard]] std::vector<WrittenFigure> written_figures(const Part& part);

/// Parts whose missing facts keep them out of every plan, figures without a source, and implausible figures.
void lint_catalog(const Catalog& catalog, Sink& sink);

} // namespace icplan
