// SPDX-License-Identifier: Apache-2.0
// The catalog: every part that a plan may use, read from JSON files.
#pragma once

#include "icplan/catalog/part.hpp"
#include "icplan/diag/finding.hpp"

#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

namespace json {
class ObjectReader;
}

/// A source that figures cite by key.
struct CatalogSource {
  std::string title;
  /// Empty where there is none.
  std::string url;
  SourceRange where;
};
/// By key.
using CatalogSources = std::map<std::string, CatalogSource, std::less<>>;

/// An entry of an overlay's `disable`.
struct Disabling {
  /// The overlay, as findings call it.
  std::string file;
  SourceRange where;
};

class Catalog {
public:
  Catalog() = default;
  Catalog(Catalog&&) = default;
  Catalog& operator=(Catalog&&) = default;
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// Adds the parts of one document. A part whose id is known already is an error, except in an overlay: there it replaces a part of the same kind
  /// that no overlay stated before, with a note, and may repeat what another overlay states. An overlay may also disable parts.
  void add(const SourceMap& sources, FileId file, bool overlay, Sink& sink);

  /// Checks that parts name existing parts (a node's GPU, a port group's NIC) and that overlays disable parts of the shipped catalogs. Call once
  /// after the last file.
  void check_references(Sink& sink) const;

  [[nodiscard]] const Part& operator[](PartId id) const { return parts_[id.index()]; }
  [[nodiscard]] std::optional<PartId> find(std::string_view id) const;
  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  /// The overlay that takes a part out of use, or nothing when plans may use it.
  [[nodiscard]] const Disabling* disabled(PartId id) const;
  /// Whether an overlay states the part.
  [[nodiscard]] bool is_overlaid(PartId id) const;
  /// The ids of the parts of one kind that plans may use, sorted by name.
  [[nodiscard]] std::vector<PartId> of_kind(PartKind kind) const;
  /// All part ids, disabled ones too, sorted by name.
  [[nodiscard]] std::vector<PartId> sorted() const;
  /// "did you mean" material: the known name of that kind that is nearest to `id`.
  [[nodiscard]] std::optional<std::string_view> nearest(std::string_view id, PartKind kind) const;
  /// The descriptions of workloads as they are written, by id; what they mean is the business of who reads specs. Overlays replace them as
  /// they do parts.
  [[nodiscard]] const std::map<std::string, CatalogEntry, std::less<>>& workloads() const { return workloads_; }
  /// The source behind a key that an entry cites, or nothing.
  [[nodiscard]] const CatalogSource* source(const CatalogEntry& entry, std::string_view key) const;
  /// The sources of every file.
  [[nodiscard]] const std::map<FileId, CatalogSources>& source_lists() const { return sources_; }

private:
  void place(Part part, const SourceMap& sources, bool overlay, Sink& sink);
  void replace(Part& known, Part part, const SourceMap& sources, Sink& sink);
  bool replaces(const CatalogEntry& known, const CatalogEntry& entry, const std::string& what, const SourceMap& sources, Sink& sink) const;
  void read_workloads(json::ObjectReader& document, const SourceMap& sources, FileId file, bool overlay);
  void read_disabled(json::ObjectReader& reader, const SourceMap& sources, FileId file, bool overlay);
  void check_disabled(Sink& sink) const;

  std::vector<Part> parts_;
  std::map<std::string, PartId, std::less<>> by_id_;
  std::deque<json::Value> documents_;
  std::set<FileId> overlays_;
  /// By part id: the first overlay that disables it.
  std::map<std::string, Disabling, std::less<>> disabled_;
  std::map<std::string, CatalogEntry, std::less<>> workloads_;
  /// Per file: its sources.
  std::map<FileId, CatalogSources> sources_;
};

/// The basis of one figure of an entry, by its address (`rack_units`, `optical.lane_gbps`, `ends.a.lanes`, `ports.fabric.lanes`): what the
/// `figures` member with the longest address that leads to it says, else the entry's own.
[[nodiscard]] Basis figure_basis(const CatalogEntry& entry, std::string_view figure);
/// The source keys of one figure of an entry.
[[nodiscard]] std::vector<std::string> figure_sources(const CatalogEntry& entry, std::string_view figure);

/// A figure as it is written in the part's entry.
struct WrittenFigure {
  std::string address;
  /// The digits as written; several in a list, ", " between them; a word where `figures` gives a basis to one.
  std::string text;
};
/// Every figure of an entry, nested ones too, in the order in which they are written.
[[nodiscard]] std::vector<WrittenFigure> written_figures(const CatalogEntry& entry);

/// Parts whose missing facts keep them out of every plan, implausible figures, sources and prices that cannot be traced.
void lint_catalog(const Catalog& catalog, Sink& sink);

} // namespace icplan
