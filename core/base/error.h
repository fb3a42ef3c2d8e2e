// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace freshet {

/// Whether trying the same thing again can help.
enum class Retry : std::uint8_t { Never, Later, Fatal };

/// What went wrong, in words for a person. `code` is stable ("E-1203"); `where` is a place such as
/// "abandoned-basket.pipeline.json:14:9" or a node id. `message` says what happened and what to do.
struct Error {
  std::string code;
  std::string message;
  std::string where;
  Retry retry = Retry::Never;

  /// "where: code message", without the parts that are empty.
  std::string text() const {
    std::string out = where;
    if (!out.empty()) out += ": ";
    if (!code.empty()) out += code + ' ';
    return out + message;
  }
};

}  // namespace freshet
