// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::liquid {

/// How an output is escaped when a render asks for it, by where in the HTML it stands. Url begins
/// one, UrlRest goes on before its scheme is settled; Breaks is Text that keeps `<br />`.
enum class HtmlContext : std::uint8_t {
  Text,
  Attribute,
  Unquoted,
  Url,
  UrlRest,
  Script,
  Style,
  Breaks,
  Raw
};

/// Follows the literal text of a template through HTML, so that each output knows where it stands.
/// A value: branches copy it and start again from the same place.
class HtmlTracker {
 public:
  void feed(std::string_view text);
  /// Where the next output stands; an output counts as text of its own there.
  HtmlContext output();
  /// Differs for places that a partial must be compiled for apart; empty in plain text.
  std::string key() const;

 private:
  enum class State : std::uint8_t {
    Data,
    Tag,
    Attributes,
    Name,
    AfterName,
    Value,
    Quoted,
    Unquoted,
    Comment,
    Content
  };
  enum class Kind : std::uint8_t { Plain, Url, Style, Script };

  void character(char c);
  void openTag();
  void beginName(char c);
  void add(char c);
  std::string_view word() const { return {m_word.data(), m_length}; }
  Kind kindOf(std::string_view attribute) const;

  State m_state = State::Data;
  Kind m_kind = Kind::Plain;
  Kind m_content = Kind::Plain;  // of the element whose content is no HTML
  char m_quote = 0;
  bool m_isOpenUrl = false;  // nothing yet has settled the scheme
  bool m_isEmptyUrl = false;
  std::uint8_t m_length = 0;
  std::array<char, 12> m_word{};
};

}  // namespace freshet::liquid
