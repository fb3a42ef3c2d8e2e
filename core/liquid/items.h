// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/liquid/scratch.h"

namespace freshet::liquid {

/// What array filters work on: arrays flattened, a hash as one item, a range as its numbers,
/// nil as nothing, anything else as one item.
std::span<const Value> listOf(Scratch& scratch, const Value& input);

enum class Selected : std::uint8_t { Value, Nothing, WrongKey };
/// Ruby's item[key]: Nothing where an item has no such operator (nil, booleans, floats),
/// WrongKey where it does not take this key (an integer indexed by a text).
Selected selectProperty(const Value& item, const Value& key, Value& out);

}  // namespace freshet::liquid
