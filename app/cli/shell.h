// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/pipeline/diagnostic.h"

namespace freshet::cli {

/// Exit codes that all commands share.
inline constexpr int kOk = 0;
inline constexpr int kFindings = 1;
inline constexpr int kUsage = 2;

/// The terminal: results go to standard output, everything else to standard error. Main thread.
struct Shell {
  bool isQuiet = false;
  bool isVerbose = false;
  bool hasColour = false;  ///< standard output is a terminal, and NO_COLOR is not set

  static Shell ofProcess();

  void print(std::string_view text) const;   ///< as it is; the caller ends its lines
  void note(std::string_view line) const;    ///< on standard error, unless quiet
  void detail(std::string_view line) const;  ///< on standard error, if verbose
  void error(std::string_view line) const;
  void error(const Error& error) const { this->error(error.text()); }
  /// "file:line:col: CODE message (hint)", the code in colour on a terminal.
  void print(const pipeline::Diagnostic& found) const;
};

enum class Format { Text, Json, Sarif };

/// "1 error", "3 errors".
std::string counted(std::size_t count, std::string_view what);

}  // namespace freshet::cli
