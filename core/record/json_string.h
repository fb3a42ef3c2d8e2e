// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/base/arena.h"

namespace freshet::record {

/// The text that `inside`, what stands between the quotes, means; in the arena. False for an escape
/// that JSON does not have and for half a surrogate pair.
bool unescapeJson(std::string_view inside, Arena& arena, std::string_view& text);

}  // namespace freshet::record
