// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/nodes/json_schema/program.h"

namespace freshet::nodes::json_schema {

/// Between double quotes.
std::string quoted(std::string_view text);
/// What completes "price must be …" and "price has …", in words for a person.
std::string wordsForKinds(const Check& check, const record::Value& value);
std::string wordsForAllowed(const Check& check);
/// "at least 3 characters, not 2".
std::string wordsForCount(std::string_view atLeastOrMost, std::uint64_t bound,
                          std::string_view singular, std::string_view plural, std::uint64_t found);

}  // namespace freshet::nodes::json_schema
