// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/bench/bench_events.h"

namespace freshet::bench {

struct Person {
  double score = 0;
  std::int64_t timeMs = 0;
};

/// What job J makes of its events, folded without the engine.
struct Expected {
  std::unordered_map<std::uint32_t, Person> people;
  std::vector<float> scores;  ///< by event; below 0: invalid
  std::uint64_t valid = 0;
};

Expected fold(const EventPlan& plan);

/// The number behind `"name":` in a JSON text; NaN if there is none.
double numberAt(std::string_view json, std::string_view name);
/// The same score: both sides round to three decimals, and on the border they may fall apart by
/// one.
bool isNear(double a, double b);

}  // namespace freshet::bench
