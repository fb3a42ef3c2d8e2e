// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/stage/sink.h"

namespace freshet::http {

/// One request: what is sent, the same bytes each time, and what came of it. Made by the lane,
/// lent to the courier until it is settled, used again.
struct Delivery {
  std::vector<record::Record*> records;  ///< several if they go as an array
  stage::BatchLease lease;
  std::string site;  ///< "https://host:port"
  std::string url;
  std::string body;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string id;                    ///< Idempotency-Key
  std::uint64_t chain = 0;           ///< those of one chain go one after another; 0: none

  std::string_view code;  ///< why it was refused, static; empty: it was taken
  std::string message;

  // The courier's.
  Delivery* next = nullptr;  ///< in its chain
  struct Site* at = nullptr;
  int attempts = 0;
  int troubles = 0;          ///< answers that said trouble
  std::uint64_t number = 0;  ///< in order of sending
  std::int64_t dueNs = 0;

  void clear();
};

}  // namespace freshet::http
