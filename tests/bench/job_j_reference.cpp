// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/job_j_reference.h"

#include <cmath>
#include <cstdlib>
#include <string>

namespace freshet::bench {
namespace {

constexpr double kHalfLifeMs = 7.0 * 24 * 3600 * 1000;
constexpr double kTolerance = 0.0021;

}  // namespace

Expected fold(const EventPlan& plan) {
  Expected expected;
  expected.scores.assign(plan.events, -1);
  for (std::uint64_t i = 0; i < plan.events; ++i) {
    const EventFacts event = eventFacts(plan, i);
    if (!event.isValid) continue;
    ++expected.valid;
    const auto [found, isNew] = expected.people.try_emplace(event.user);
    Person& person = found->second;
    if (!isNew && event.timeMs > person.timeMs) {
      person.score *=
          std::pow(2.0, -static_cast<double>(event.timeMs - person.timeMs) / kHalfLifeMs);
    }
    const std::string_view type = kEventTypes[event.type];
    person.score += type == "purchase" ? 10 + 0.1 * event.price : type == "email_click" ? 3 : 1;
    person.score = std::round(person.score * 1000) / 1000;
    person.timeMs = event.timeMs;
    expected.scores[i] = static_cast<float>(person.score);
  }
  return expected;
}

double numberAt(std::string_view json, std::string_view name) {
  const std::string wanted = '"' + std::string(name) + "\":";
  const std::size_t at = json.rfind(wanted);
  if (at == std::string_view::npos) return NAN;
  const std::string text(json.substr(at + wanted.size(), 32));
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return end == text.c_str() ? NAN : value;
}

bool isNear(double a, double b) {
  return std::abs(a - b) <= kTolerance + 1e-6 * std::abs(b);
}

}  // namespace freshet::bench
