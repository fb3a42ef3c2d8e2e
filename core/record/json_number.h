// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/value.h"

namespace freshet::record {

/// Reads a JSON number at `text` and moves past it; null on success, else what is wrong with it.
/// Integers beyond 64 bits become doubles, as in JavaScript. What follows the number is the
/// caller's to check, and something that cannot continue a number must follow.
const char* readJsonNumber(const char*& text, Value& to);

}  // namespace freshet::record
