// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace freshet {

/// Set once, before main, from FRESHET_FAILPOINTS; false in every run that is not a fault test.
extern const bool areFailpointsArmed;

void reachFailpoint(std::string_view place);

/// A place at which a fault test ends, stops or delays the process:
/// FRESHET_FAILPOINTS="after_flush:kill@3,before_commit:sleep=500" (kill, abort, stop, sleep=MS;
/// @N: at the N-th visit alone). Any thread; for once a batch, not once a record.
inline void failpoint(std::string_view place) {
  if (areFailpointsArmed) [[unlikely]]
    reachFailpoint(place);
}

}  // namespace freshet
