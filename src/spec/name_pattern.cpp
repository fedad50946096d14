// SPDX-License-Identifier: Apache-2.0
// Parses the patterns of names.
#include "icplan/spec/name_pattern.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>

namespace icplan {
namespace {

constexpr unsigned bit(NameOf of) { return 1U << static_cast<unsigned>(of); }

struct FieldInfo {
  std::string_view text;
  NameField field;
  bool number;
  /// The kinds of name that have it.
  unsigned kinds;
};

constexpr unsigned device = bit(NameOf::node) | bit(NameOf::switch_);
constexpr unsigned run = bit(NameOf::cable) | bit(NameOf::label);
constexpr unsigned socket = bit(NameOf::cage) | bit(NameOf::port);

constexpr auto fields = std::to_array<FieldInfo>({{"group", NameField::group, false, device},
                                                  {"index", NameField::index, true, device},
                                                  {"n", NameField::n, true, device},
                                                  {"unit", NameField::unit, true, device},
                                                  {"fabric", NameField::fabric, false, bit(NameOf::switch_) | run},
                                                  {"tier", NameField::tier, false, bit(NameOf::switch_)},
                                                  {"plane", NameField::plane, true, bit(NameOf::switch_) | run},
                                                  {"rail", NameField::rail, true, bit(NameOf::switch_)},
                                                  {"pod", NameField::pod, true, bit(NameOf::switch_)},
                                                  {"hall", NameField::hall, false, bit(NameOf::rack) | bit(NameOf::label)},
                                                  {"row", NameField::row, true, bit(NameOf::rack) | bit(NameOf::label)},
                                                  {"position", NameField::position, true, bit(NameOf::rack) | bit(NameOf::label)},
                                                  {"rack", NameField::rack, false, bit(NameOf::label)},
                                                  {"u", NameField::u, true, bit(NameOf::label)},
                                                  {"device", NameField::device, false, run},
                                                  {"ports", NameField::ports, false, socket},
                                                  // A cage is a number where it is named, and a name where others refer to it.
                                                  {"cage", NameField::cage, true, socket},
                                                  {"cage", NameField::cage, false, run},
                                                  {"port", NameField::port, true, bit(NameOf::port)},
                                                  {"port", NameField::port, false, run},
                                                  {"number", NameField::number, true, bit(NameOf::port)},
                                                  {"lane", NameField::lane, true, bit(NameOf::port)},
                                                  {"cable", NameField::cable, false, bit(NameOf::label)},
                                                  {"class", NameField::media, false, bit(NameOf::label)}});

/// Only a label says something of the other end.
constexpr bool can_be_far(NameField field) {
  return field != NameField::cable && field != NameField::media && field != NameField::fabric && field != NameField::plane;
}

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'; }

/// Names stand in file names, command lines and unquoted CSV fields; the longer ones have separators too.
bool may_hold(NameOf of, char c) {
  if (is_plain(c)) return true;
  if (of == NameOf::port || of == NameOf::cable) return c == '/' || c == ':';
  return of == NameOf::label && c >= ' ' && c <= '~' && c != ',' && c != '"' && c != '{' && c != '}';
}

class PatternParser {
public:
  PatternParser(std::string_view text, std::string_view key, NameOf of, SourceRange where, Sink& sink)
      : text_(text), key_(key), of_(of), where_(where), sink_(sink) {}

  std::optional<NamePattern> run() {
    constexpr std::size_t most = 200;
    if (text_.empty() || text_.size() > most) return wrong("is empty or longer than 200 characters", "state a pattern such as \"{device}\"");
    const char first = text_.front();
    if (first == '-' || first == '=' || first == '+' || first == '@')
      return wrong("starts with `" + std::string(1, first) + "`, which programs and spreadsheets take for something else",
                   "start with another character");
    while (at_ < text_.size()) {
      if (!(text_[at_] == '{' ? read_field() : read_text())) return std::nullopt;
    }
    if (std::none_of(pattern_.pieces.begin(), pattern_.pieces.end(), [](const NamePiece& piece) { return piece.field.has_value(); }))
      return wrong("has no field, so everything would have one name", "use " + known());
    pattern_.text = text_;
    pattern_.where = where_;
    return std::move(pattern_);
  }

private:
  std::optional<NamePattern> wrong(const std::string& message, std::string help) {
    sink_.report(Code::wrong_name_pattern, where_, "`" + std::string(key_) + "` " + message, std::move(help));
    return std::nullopt;
  }

  std::string known() const {
    std::vector<std::string> names;
    for (const auto& info : fields) {
      if ((info.kinds & bit(of_)) != 0) names.push_back("{" + std::string(info.text) + "}");
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    return quoted_choice(views);
  }

  bool read_text() {
    const char c = text_[at_];
    if (!may_hold(of_, c)) {
      const auto shown = is_printable(std::string_view(&c, 1)) ? "`" + std::string(1, c) + "`" : std::string("a character");
      wrong("holds " + shown + ", which such names cannot hold",
            "use letters, digits, `-`, `_` and `.`" + std::string(of_ == NameOf::label
                                                                      ? ", or another printable ASCII character but a comma or a quote"
                                                                  : of_ == NameOf::port || of_ == NameOf::cable ? ", or `/` and `:`"
                                                                                                                : ""));
      return false;
    }
    if (pattern_.pieces.empty() || pattern_.pieces.back().field) pattern_.pieces.emplace_back();
    pattern_.pieces.back().text += c;
    ++at_;
    return true;
  }

  bool read_field() {
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos) {
      wrong("has a `{` without its `}`", "close the field");
      return false;
    }
    const auto whole = text_.substr(at_, end + 1 - at_);
    auto body = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    NamePiece piece;
    std::string_view format;
    if (const auto colon = body.find(':'); colon != std::string_view::npos) {
      format = body.substr(colon + 1);
      body = body.substr(0, colon);
    }
    if (body.size() > 2 && body.substr(body.size() - 2) == "-1") {
      piece.from_zero = true;
      body.remove_suffix(2);
    }
    if (of_ == NameOf::label && body.substr(0, 4) == "far.") {
      piece.far = true;
      body.remove_prefix(4);
    }
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const FieldInfo& info) { return info.text == body && (info.kinds & bit(of_)) != 0; });
    if (found == fields.end() || (piece.far && !can_be_far(found->field))) {
      wrong("has a field `" + std::string(whole.substr(0, 40)) + "`, which such names do not have",
            "use " + known() + (of_ == NameOf::label ? "; `{far.device}` and so on are those of the other end" : ""));
      return false;
    }
    piece.field = found->field;
    const bool plain_format =
        format.empty() || (format.size() <= 2 && format.back() >= '1' && format.back() <= '9' && (format.size() == 1 || format[0] == '0'));
    if (!plain_format || (!found->number && (piece.from_zero || !format.empty()))) {
      wrong("has a field `" + std::string(whole.substr(0, 40)) + "` in a format that it does not have",
            found->number ? "`{" + std::string(body) + ":03}` has at least three digits, `{" + std::string(body) + "-1}` counts from 0"
                          : "`" + std::string(body) + "` is a text: write `{" + std::string(body) + "}`");
      return false;
    }
    if (!format.empty()) piece.width = format.back() - '0';
    pattern_.pieces.push_back(std::move(piece));
    return true;
  }

  std::string_view text_;
  std::string_view key_;
  NameOf of_;
  SourceRange where_;
  Sink& sink_;
  NamePattern pattern_;
  std::size_t at_ = 0;
};

} // namespace

std::string_view to_text(NameField field) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldInfo& info) { return info.field == field; });
  return found == fields.end() ? std::string_view("?") : found->text;
}

bool NamePattern::uses(NameField field) const {
  return std::any_of(pieces.begin(), pieces.end(), [&](const NamePiece& piece) { return piece.field == field; });
}

const NamePattern* NameRules::find(const Choice& choice, std::string_view key, std::string_view wider) {
  for (const auto name : {key, wider, std::string_view()}) {
    if (const auto found = choice.find(name); found != choice.end()) return &found->second;
  }
  return nullptr;
}

std::optional<NamePattern> parse_name_pattern(std::string_view text, std::string_view key, NameOf of, SourceRange where, Sink& sink) {
  return PatternParser(text, key, of, where, sink).run();
}

} // namespace icplan
