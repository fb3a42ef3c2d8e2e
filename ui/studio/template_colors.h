// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <string_view>

namespace freshet::studio {

// What a byte of a template is, for its colour.
enum class Ink : char { Text, Html, Attribute, String, Tag, Variable, Filter, Comment };

// One Ink a byte. Reads the whole text: a comment or a tag may span lines. 1 ms for 100 KB.
std::string inksOf(std::string_view source);

}  // namespace freshet::studio
