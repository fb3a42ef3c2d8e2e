// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace freshet::pipeline {

/// What a design-time code means. "E-…" stops a run, "W-…" does not. Codes never change meaning.
struct Code {
  std::string_view code;
  std::string_view meaning;
};

/// All of them, in order; `freshet lint --codes` and the documentation come from here.
std::span<const Code> codes();
std::string_view meaningOf(std::string_view code);

}  // namespace freshet::pipeline
