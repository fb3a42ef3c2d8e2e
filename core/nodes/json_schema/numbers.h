// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>

#include "core/record/value.h"

namespace freshet::nodes::json_schema {

/// Both must be numbers. Exact: no 64-bit integer loses a digit on the way.
std::partial_ordering compareNumbers(const record::Value& a, const record::Value& b);
/// Exact in decimal: 0.0075 is a multiple of 0.0001 although no binary double says so.
bool isMultiple(const record::Value& number, const record::Value& of);
/// A number without a fraction: 3 and 3.0.
bool isWhole(const record::Value& number);

}  // namespace freshet::nodes::json_schema
