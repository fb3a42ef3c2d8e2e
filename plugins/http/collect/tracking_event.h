// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/value.h"
#include "plugins/http/collect/spool.h"

namespace freshet::http {

/// How much of a visitor's address is kept: 203.0.113.0 and 2001:db8:1::, all of it, or nothing.
enum class AddressDetail { Shortened, Whole, None };

/// The address as far as it may be kept; empty if it is none.
std::string keptAddress(std::string_view address, AddressDetail detail);

/// Ids that sort by time (RFC 9562, version 7). One thread.
class UuidMaker {
 public:
  UuidMaker();
  std::string next(TimeMs nowMs);

 private:
  std::mt19937_64 m_random;
};

/// What arrival adds to an event.
struct Arrival {
  TimeMs nowMs = 0;
  bool keepsTimestamp = false;  ///< the sender's time counts, if it is not in the future
  AddressDetail detail = AddressDetail::Shortened;
  std::string_view address;  ///< of the sender; empty: not known to be the visitor's
};

/// One call of Segment's tracking API as an event for the pipeline: its own members in the sender's
/// order, then type, context, messageId, timestamp and receivedAt. `common` holds what a batch says
/// once for all; `type` overrides the event's own unless empty. writeKey is left out.
Spool::Entry toEntry(const record::Value& event, const record::Value& common, std::string_view type,
                     const Arrival& arrival, UuidMaker& ids);

}  // namespace freshet::http
