// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.h"

namespace freshet::file {

/// An e-mail as an RFC 5322 message with CRLF line ends: text and HTML as alternatives, both in
/// quoted-printable, header words encoded by RFC 2047. Line breaks in a header's value become
/// spaces.
struct Message {
  std::string_view id;
  std::string_view from;
  std::string_view to;
  std::string_view subject;
  std::string_view html;
  std::string_view text;
  TimeMs dateMs = 0;
};

std::string toMime(const Message& message);

}  // namespace freshet::file
