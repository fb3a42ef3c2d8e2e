// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/json_places.h"

#include <algorithm>
#include <optional>

namespace freshet::pipeline {
namespace {

constexpr int kDeepest = 100;  // the record reader refuses a little more than this

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// The walk stops at the first fault; `m_fault` then says what is wrong at `m_at`.
class Walk {
 public:
  explicit Walk(std::string_view text) : m_text(text) {}

  bool run() {
    if (m_text.starts_with("\xEF\xBB\xBF")) m_at = 3;
    space();
    if (!value(0)) return false;
    space();
    return m_at == m_text.size() || fault("the document has ended, but something follows");
  }
  std::size_t at() const { return std::min(m_at, m_text.size()); }
  std::string message() const { return m_isDoubled ? m_fault : "This is not JSON: " + m_fault; }
  JsonPlaces takePlaces() { return std::move(m_places); }

 private:
  bool fault(std::string_view words) {
    m_fault = words;
    return false;
  }
  char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
  void space() { m_at = std::min(m_text.find_first_not_of(" \t\r\n", m_at), m_text.size()); }

  bool value(int depth) {
    if (depth > kDeepest) return fault("this is nested too deep");
    const char c = peek();
    if (c == '{') return object(depth);
    if (c == '[') return array(depth);
    if (c == '"') return string();
    if (c == '-' || isDigit(c)) return number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (m_text.substr(m_at).starts_with(word)) {
        m_at += word.size();
        return true;
      }
    }
    if (m_at >= m_text.size()) return fault("the file ends where a value should be");
    if (c == '}' || c == ']' || c == ',') return fault("a value is missing before this");
    if (c == '\'') return fault("texts stand in double quotes");
    return fault("this is no value (a text needs double quotes)");
  }

  bool object(int depth) {
    ++m_at;
    space();
    if (peek() == '}') return ++m_at, true;
    while (true) {
      if (peek() != '"') {
        if (m_at >= m_text.size()) return fault("the file ends inside { }: a } is missing");
        return fault(peek() == '}' ? "there is a comma too many before this }"
                                   : "a name in double quotes should stand here");
      }
      const std::size_t key = m_at;
      if (!string()) return false;
      const std::string_view name = m_text.substr(key + 1, m_at - key - 2);
      space();
      if (peek() != ':') return fault("a colon should follow the name");
      ++m_at;
      space();
      if (!child(name, key, depth)) return false;
      space();
      if (peek() == '}') return ++m_at, true;
      if (!comma("}")) return false;
    }
  }

  bool array(int depth) {
    ++m_at;
    space();
    if (peek() == ']') return ++m_at, true;
    for (std::size_t index = 0;; ++index) {
      if (peek() == ']') return fault("there is a comma too many before this ]");
      if (!child(std::to_string(index), m_at, depth)) return false;
      space();
      if (peek() == ']') return ++m_at, true;
      if (!comma("]")) return false;
    }
  }

  bool child(std::string_view name, std::size_t key, int depth) {
    const std::size_t parent = m_path.size();
    if (parent > 0) m_path += '/';
    m_path += name;
    if (!m_places.emplace(m_path, JsonPlace{key, m_at}).second) {
      m_at = key;
      m_isDoubled = true;
      return fault('"' + std::string(name) + "\" stands here twice");
    }
    if (!value(depth + 1)) return false;
    m_path.resize(parent);
    return true;
  }

  bool comma(std::string_view close) {
    if (peek() == ',') {
      ++m_at;
      space();
      return true;
    }
    if (m_at >= m_text.size()) {
      return fault("the file ends too early: a " + std::string(close) + " is missing");
    }
    return fault("a comma or a " + std::string(close) + " is missing before this");
  }

  bool string() {
    const std::size_t open = m_at++;
    while (m_at < m_text.size()) {
      const auto c = static_cast<unsigned char>(m_text[m_at]);
      if (c == '"') return ++m_at, true;
      if (c < 0x20) {
        if (c != '\n' && c != '\r') return fault("a control character must be written as \\u00..");
        break;
      }
      if (c == '\\' ? !escape() : !character(c)) return false;
    }
    m_at = open;
    return fault("this text never ends: a closing double quote is missing");
  }

  bool escape() {
    const char c = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
    if (c == 'u') {
      const std::string_view digits = m_text.substr(m_at + 2, 4);
      if (digits.size() < 4 ||
          digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
        return fault("\\u needs four hexadecimal digits");
      }
      m_at += 6;
      return true;
    }
    if (c == '\0' || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) {
      return fault("there is no such escape (a backslash itself is written \\\\)");
    }
    m_at += 2;
    return true;
  }

  bool character(unsigned char first) {
    const std::size_t length = first < 0x80    ? 1
                               : first >= 0xF0 ? 4
                               : first >= 0xE0 ? 3
                               : first >= 0xC2 ? 2
                                               : 0;
    bool isRight = length > 0 && first < 0xF5 && m_at + length <= m_text.size();
    for (std::size_t i = 1; isRight && i < length; ++i) {
      isRight = (static_cast<unsigned char>(m_text[m_at + i]) & 0xC0) == 0x80;
    }
    if (!isRight) return fault("this is no UTF-8");
    m_at += length;
    return true;
  }

  bool number() {
    const auto digits = [&] {
      const std::size_t from = m_at;
      while (isDigit(peek())) ++m_at;
      return m_at > from;
    };
    if (peek() == '-') ++m_at;
    if (peek() == '0' && m_at + 1 < m_text.size() && isDigit(m_text[m_at + 1])) {
      return fault("a number has no leading zero");
    }
    if (!digits()) return fault("this is no number");
    if (peek() == '.') {
      ++m_at;
      if (!digits()) return fault("digits should follow the point");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++m_at;
      if (peek() == '+' || peek() == '-') ++m_at;
      if (!digits()) return fault("digits should follow the exponent");
    }
    return true;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  std::string m_path;
  std::string m_fault;
  bool m_isDoubled = false;
  JsonPlaces m_places;
};

}  // namespace

LineIndex::LineIndex(std::string_view text) : m_text(text), m_starts{0} {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') m_starts.push_back(at + 1);
  }
}

LineIndex::At LineIndex::at(std::size_t offset) const {
  offset = std::min(offset, m_text.size());
  const auto next = std::ranges::upper_bound(m_starts, offset);
  const std::size_t start = *(next - 1);
  const auto characters =
      std::ranges::count_if(std::string_view(m_text).substr(start, offset - start),
                            [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return {static_cast<int>(next - m_starts.begin()), static_cast<int>(characters) + 1};
}

Result<PlacedJson> PlacedJson::read(std::string_view file, std::string_view text) {
  PlacedJson read;
  read.m_file = file;
  read.m_lines = LineIndex(text);
  Walk walk(text);
  if (!walk.run()) {
    const LineIndex::At at = read.m_lines.at(walk.at());
    return Error{"E-1001", walk.message(), read.where(at)};
  }
  read.m_places = walk.takePlaces();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto value = record::OwnedValue::fromJson(text);
  if (!value) return Error{"E-1001", value.error().message, read.where({})};
  read.m_value = std::move(*value);
  return read;
}

Places::Place PlacedJson::place(std::string_view path) const {
  for (;; path = path.substr(0, path.rfind('/'))) {
    if (const auto found = m_places.find(path); found != m_places.end()) {
      const LineIndex::At key = m_lines.at(found->second.key);
      const LineIndex::At value = m_lines.at(found->second.value);
      return {key.line, key.column, m_file, value.line, value.column};
    }
    if (path.find('/') == std::string_view::npos) return {1, 1, m_file, 1, 1};
  }
}

void PlacedJson::addTo(Places& places, std::string_view path, const std::string& as) const {
  places.at.insert_or_assign(as, place(path));
  const std::string below = std::string(path) + '/';
  for (auto at = m_places.lower_bound(below); at != m_places.end() && at->first.starts_with(below);
       ++at) {
    places.at.insert_or_assign(as + '/' + at->first.substr(below.size()), place(at->first));
  }
}

Error PlacedJson::error(std::string_view path, std::string_view code, std::string message) const {
  const Places::Place found = place(path);
  return {std::string(code), std::move(message), where({found.valueLine, found.valueColumn})};
}

Error PlacedJson::errorAtName(std::string_view path, std::string_view code,
                              std::string message) const {
  const Places::Place found = place(path);
  return {std::string(code), std::move(message), where({found.line, found.column})};
}

std::string PlacedJson::where(LineIndex::At at) const {
  return m_file + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

}  // namespace freshet::pipeline
