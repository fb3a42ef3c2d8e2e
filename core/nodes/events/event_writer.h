// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/nodes/events/shop.h"
#include "core/nodes/events/visits.h"

namespace freshet::nodes {

/// Where and when an event stands; what its messageId and timestamp are made of.
struct EventPlace {
  std::uint64_t seed = 0;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  TimeMs timeMs = 0;
};

/// Writes events by hand, in the shape of Segment's tracking spec. One a reader; the text is valid
/// until the next call.
class EventWriter {
 public:
  explicit EventWriter(const Shop& shop) : m_shop(shop) {}

  /// A step of a visit. `act` may differ from the step's (no baskets before the shop opens).
  std::string_view write(const EventPlace& place, const Visitor& visitor, const Visit& visit,
                         const VisitStep& step, Act act, bool isOldAppAbroad);
  std::string_view write(const EventPlace& place, const ScriptedEvent& event);

 private:
  void begin(const EventPlace& place, std::string_view eventJson, std::string_view idJson);
  void end(const Visitor& visitor, std::string_view page, std::string_view pageId, bool isOldApp);
  void writeOrder(const EventPlace& place, const Visitor& visitor, const Visit& visit);
  void writeFlawed(const EventPlace& place, const Visitor& visitor, const VisitStep& step);
  void writeTime(TimeMs timeMs);
  void writeNumber(std::int64_t number);
  void writeCents(std::int64_t cents);

  const Shop& m_shop;
  std::string m_out;
  std::int64_t m_day = INT64_MIN;
  std::string m_dayText;  ///< "2026-11-22T"
};

}  // namespace freshet::nodes
