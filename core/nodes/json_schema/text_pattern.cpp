// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/text_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>

namespace freshet::nodes::json_schema {
namespace {

constexpr std::uint32_t kUnbounded = UINT32_MAX;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// ECMAScript writes \u00e9 where RE2 wants \x{00e9}.
std::string forRe2(std::string_view source) {
  std::string out;
  for (std::size_t at = 0; at < source.size(); ++at) {
    if (source[at] != '\\' || at + 1 == source.size()) {
      out += source[at];
    } else if (source[at + 1] == 'u' && at + 5 < source.size() &&
               std::all_of(source.begin() + static_cast<std::ptrdiff_t>(at) + 2,
                           source.begin() + static_cast<std::ptrdiff_t>(at) + 6,
                           [](unsigned char c) { return std::isxdigit(c) != 0; })) {
      out.append("\\x{").append(source.substr(at + 2, 4)).append("}");
      at += 5;
    } else {
      out.append(source.substr(at++, 2));
    }
  }
  return out;
}

}  // namespace

/// Reads the simple form; gives up (nullopt) at the first thing it does not know.
class TextPattern::RunReader {
 public:
  explicit RunReader(std::string_view source) : m_text(source) {}

  std::optional<std::vector<Run>> read() {
    if (m_text.size() < 3 || m_text.front() != '^' || m_text.back() != '$') return {};
    m_text = m_text.substr(1, m_text.size() - 2);
    std::vector<Run> runs;
    while (m_at < m_text.size()) {
      Run run;
      if (!readClass(run.holds) || !readCount(run)) return {};
      runs.push_back(run);
    }
    if (!isDeterministic(runs)) return {};
    return runs;
  }

 private:
  bool readClass(std::array<bool, 256>& holds) {
    const char c = m_text[m_at++];
    if (c == '[') return readBrackets(holds);
    if (c == '\\') return readEscape(holds);
    if (std::string_view(".^$|?*+(){}]").find(c) != std::string_view::npos) return false;
    return add(holds, c, c);
  }

  bool readBrackets(std::array<bool, 256>& holds) {
    // A negated class also holds code points of several bytes.
    if (m_at < m_text.size() && (m_text[m_at] == '^' || m_text[m_at] == ']')) return false;
    while (m_at < m_text.size() && m_text[m_at] != ']') {
      const char low = m_text[m_at++];
      if (low == '[') return false;
      if (low == '\\') {
        if (!readEscape(holds)) return false;
        if (m_at < m_text.size() && m_text[m_at] == '-') return false;
        continue;
      }
      char high = low;
      if (m_at + 1 < m_text.size() && m_text[m_at] == '-' && m_text[m_at + 1] != ']') {
        high = m_text[m_at + 1];
        m_at += 2;
        if (high == '\\' || high == '[' || high < low) return false;
      }
      if (!add(holds, low, high)) return false;
    }
    return m_at++ < m_text.size();
  }

  bool readEscape(std::array<bool, 256>& holds) {
    if (m_at >= m_text.size()) return false;
    const char c = m_text[m_at++];
    if (c == 'd') return add(holds, '0', '9');
    if (c == 'w') {
      return add(holds, 'a', 'z') && add(holds, 'A', 'Z') && add(holds, '0', '9') &&
             add(holds, '_', '_');
    }
    if (std::isalnum(static_cast<unsigned char>(c))) return false;
    return add(holds, c, c);
  }

  static bool add(std::array<bool, 256>& holds, char low, char high) {
    const auto from = static_cast<unsigned char>(low);
    const auto to = static_cast<unsigned char>(high);
    if (to >= 0x80) return false;
    std::fill(holds.begin() + from, holds.begin() + to + 1, true);
    return true;
  }

  bool readCount(Run& run) {
    if (m_at >= m_text.size()) return true;
    switch (m_text[m_at]) {
      case '?':
        run.least = 0;
        ++m_at;
        break;
      case '*':
        run.least = 0;
        run.most = kUnbounded;
        ++m_at;
        break;
      case '+':
        run.most = kUnbounded;
        ++m_at;
        break;
      case '{':
        ++m_at;
        if (!readBraces(run)) return false;
        break;
      default:
        return true;
    }
    // "a+?" and "a{2}{3}" mean something else.
    return m_at >= m_text.size() ||
           std::string_view("?*+{").find(m_text[m_at]) == std::string::npos;
  }

  bool readBraces(Run& run) {
    const auto least = readNumber();
    if (!least || m_at >= m_text.size()) return false;
    run.least = run.most = *least;
    if (m_text[m_at] == ',') {
      ++m_at;
      run.most = kUnbounded;
      if (m_at < m_text.size() && m_text[m_at] != '}') {
        const auto most = readNumber();
        if (!most || *most < *least) return false;
        run.most = *most;
      }
    }
    return m_at < m_text.size() && m_text[m_at++] == '}';
  }

  std::optional<std::uint32_t> readNumber() {
    const std::size_t from = m_at;
    std::uint32_t number = 0;
    while (m_at < m_text.size() && isDigit(m_text[m_at])) {
      if (m_at - from == 6) return {};
      number = number * 10 + static_cast<std::uint32_t>(m_text[m_at++] - '0');
    }
    if (m_at == from) return {};
    return number;
  }

  /// Greedy is right if what may follow a run of varying length is never in its class.
  static bool isDeterministic(const std::vector<Run>& runs) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (runs[i].least == runs[i].most) continue;
      for (std::size_t j = i + 1; j < runs.size(); ++j) {
        for (std::size_t c = 0; c < 256; ++c) {
          if (runs[i].holds[c] && runs[j].holds[c]) return false;
        }
        if (runs[j].least > 0) break;
      }
    }
    return true;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
};

Result<TextPattern> TextPattern::compile(std::string_view source) {
  TextPattern pattern;
  pattern.m_source = std::string(source);
  if (auto runs = RunReader(source).read()) {
    pattern.m_runs = std::move(*runs);
    return pattern;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_shared<re2::RE2>(forRe2(source), options);
  if (!regex->ok()) {
    return Error{"E-2102",
                 pattern.m_source + " is not a pattern that can be checked: " + regex->error() +
                     " (look-around and back-references are not supported)",
                 {}};
  }
  pattern.m_regex = std::move(regex);
  return pattern;
}

bool TextPattern::matchesRuns(std::string_view text) const {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (const Run& run : m_runs) {
    const auto room = static_cast<std::size_t>(end - at);
    const char* const most = at + std::min<std::size_t>(run.most, room);
    const char* const from = at;
    while (at != most && run.holds[static_cast<unsigned char>(*at)]) ++at;
    if (static_cast<std::size_t>(at - from) < run.least) return false;
  }
  return at == end;
}

bool TextPattern::matchesRegex(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *m_regex);
}

}  // namespace freshet::nodes::json_schema
