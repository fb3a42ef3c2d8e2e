// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace freshet::nodes {

/// A person as the generator needs one: JSON pieces that are written as they are.
struct Visitor {
  std::string id;
  std::string idJson;
  std::uint32_t language = 0;  ///< index of a product's texts
  std::string context;         ///< `"ip":…,"userAgent":…,"locale":…`
  bool hasOldApp = false;      ///< forgets the currency now and then
};

struct Product {
  struct Texts {
    std::string item;   ///< `"product_id":…,"name":…,"variant":…,"picture":…,"price":…`
    std::string query;  ///< what somebody searches for, as a JSON string
  };
  std::array<Texts, 2> texts;  ///< English, Dutch
  std::string id;              ///< escaped for JSON, without quotes
  std::int64_t cents = 0;
};

/// A visit that is written down: who does what, and when.
struct ScriptedEvent {
  TimeMs afterMs = 0;  ///< the shop's time since its first event
  std::uint32_t visitor = 0;
  std::string event;       ///< a JSON string
  std::string properties;  ///< a JSON object
};

/// The world the generator plays in, read from the project's files once. Immutable; any thread.
struct Shop {
  static constexpr int kPartitions = 8;

  struct Partition {
    std::vector<std::uint32_t>
        visitors;                       ///< who comes unasked: scripted people do as they are told
    std::vector<ScriptedEvent> script;  ///< by time
  };
  std::vector<Visitor> visitors;
  std::vector<Product> products;
  std::array<Partition, kPartitions> partitions;

  /// `people`: one JSON object a line with `id` and perhaps `language`. `catalogue`: an array of
  /// products. `script`: an array of {at, person, event, properties}, or empty. An error's `where`
  /// is the setting's name.
  static Result<std::shared_ptr<const Shop>> read(std::string_view people,
                                                  std::string_view catalogue,
                                                  std::string_view script);
};

}  // namespace freshet::nodes
