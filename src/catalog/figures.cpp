// SPDX-License-Identifier: Apache-2.0
// Lists the figures of a catalog entry with their addresses.
#include "icplan/catalog/catalog.hpp"

namespace icplan {
namespace {

class FigureLister {
public:
  explicit FigureLister(const CatalogEntry& entry) : entry_(entry) {}

  std::vector<WrittenFigure> run() {
    for (const auto& member : entry_.entry->members) {
      if (member.name != "figures") add(member.value, member.name);
    }
    return std::move(list_);
  }

private:
  void add(const json::Value& value, const std::string& address) {
    if (value.kind == json::Kind::number || (value.kind == json::Kind::string && named(address))) {
      list_.push_back({address, value.text});
    } else if (value.kind == json::Kind::object) {
      for (const auto& member : value.members) add(member.value, address + "." + member.name);
    } else if (value.kind == json::Kind::array) {
      add_list(value, address);
    }
  }

  void add_list(const json::Value& list, const std::string& address) {
    const bool modes = address.size() > 6 && address.substr(address.size() - 6) == ".modes";
    std::string text;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      const auto& item = list.items[i];
      if (item.kind == json::Kind::number || (item.kind == json::Kind::string && named(address))) {
        text += (text.empty() ? "" : ", ") + item.text;
      } else if (modes) {
        text += (text.empty() ? "" : ", ") + mode(item);
      } else if (item.kind == json::Kind::object) {
        add(item, address + "." + item_name(item, address, i));
      }
    }
    if (!text.empty()) list_.push_back({address, text});
  }

  /// A port group goes by its name, the ends of a cable by A and B.
  static std::string item_name(const json::Value& item, std::string_view address, std::size_t i) {
    if (const auto* name = item.find("name")) return name->text;
    if (address == "ends" && i < 2) return i == 0 ? "a" : "b";
    return std::to_string(i + 1);
  }

  /// "2 x 400", "8 x 100 over 1 lane, disabling 1 cage".
  static std::string mode(const json::Value& item) {
    const auto digits = [&](std::string_view name) {
      const auto* found = item.find(name);
      return found == nullptr ? std::string() : found->text;
    };
    auto text = digits("ports") + " x " + digits("gbps");
    if (const auto lanes = digits("lanes"); !lanes.empty()) text += " of " + lanes + (lanes == "1" ? " lane" : " lanes");
    if (const auto cages = digits("disables"); !cages.empty() && cages != "0") text += " (disables " + cages + (cages == "1" ? " cage)" : " cages)");
    return text;
  }

  /// A word has a basis of its own only where `figures` says so.
  bool named(std::string_view address) const {
    const auto* figures = entry_.entry->find("figures");
    return figures != nullptr && figures->find(address) != nullptr;
  }

  const CatalogEntry& entry_;
  std::vector<WrittenFigure> list_;
};

} // namespace

std::vector<WrittenFigure> written_figures(const CatalogEntry& entry) { return FigureLister(entry).run(); }

} // namespace icplan
