// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/record/record.h"

namespace freshet::nodes {

/// The record that a waiting key will become again. Sections as one JSON object by name.
struct KeptRecord {
  std::string_view bytes;
  std::string_view key;
  std::string_view sections;
  std::vector<record::Header> headers;
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  TimeMs arrivedMs = 0;
  bool isWithheld = false;
};

/// What `wait` knows of a key, and its form in keyed state (version 2, little endian). Views point
/// into what was decoded.
struct WaitState {
  enum class Phase : std::uint8_t { Idle, Waiting, Resting };

  Phase phase = Phase::Idle;
  TimeMs dueMs = 0;                     ///< when the waiting or the rest is over
  TimeMs sinceMs = 0;                   ///< event time of the first start
  TimeMs lastMs = 0;                    ///< event time of the last start
  std::vector<std::string_view> items;  ///< JSON, oldest first
  KeptRecord record;

  void clear();
  /// False: written by a version that we do not know, or damaged. Empty bytes are an idle key.
  bool decode(std::string_view bytes);
  void encode(std::string& out) const;
};

}  // namespace freshet::nodes
