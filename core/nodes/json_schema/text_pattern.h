// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace re2 {
class RE2;
}

namespace freshet::nodes::json_schema {

/// A regular expression of a schema. Anchored runs of ASCII classes ("^u[0-9]{8}$") that need no
/// backtracking are matched by a table; everything else by RE2, in time linear in the text.
/// Immutable; any thread. Look-around and back-references are refused: RE2 has none.
class TextPattern {
 public:
  static Result<TextPattern> compile(std::string_view source);

  bool matches(std::string_view text) const {
    return m_runs.empty() ? matchesRegex(text) : matchesRuns(text);
  }
  const std::string& source() const { return m_source; }
  bool isTable() const { return !m_runs.empty(); }

 private:
  struct Run {
    std::array<bool, 256> holds{};
    std::uint32_t least = 1;
    std::uint32_t most = 1;
  };
  class RunReader;

  bool matchesRuns(std::string_view text) const;
  bool matchesRegex(std::string_view text) const;

  std::string m_source;
  std::vector<Run> m_runs;
  std::shared_ptr<const re2::RE2> m_regex;
};

}  // namespace freshet::nodes::json_schema
