// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::bench {

/// The events of the reference job J: what they are is a function of seed and index alone, so that
/// loader and checker agree without sharing more than this.
struct EventPlan {
  std::uint64_t seed = 1;
  std::uint64_t events = 1'000'000;
  bool isZipf = true;  ///< about one user in ten events of a batch of 2,000; else 1 M evenly
  double invalid = 0;  ///< share of events that break the schema
};

/// What an event says, as the reference reads it.
struct EventFacts {
  std::string id;  ///< 32 hexadecimal digits
  std::uint32_t user = 0;
  int type = 0;  ///< index into kEventTypes
  double price = 0;
  std::int64_t timeMs = 0;
  bool isValid = true;
};

inline constexpr std::string_view kEventTypes[] = {"page_view",   "email_open", "email_click",
                                                   "add_to_cart", "purchase",   "search"};

EventFacts eventFacts(const EventPlan& plan, std::uint64_t index);
/// The event as JSON, fields in the order of the sample.
void writeEvent(const EventPlan& plan, std::uint64_t index, std::string& out);
/// "u00000042"
std::string userName(std::uint32_t user);

}  // namespace freshet::bench
