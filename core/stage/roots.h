// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/record/record.h"
#include "core/stage/node_type.h"

namespace freshet::stage {

/// The values of a template's or an expression's root names for one record after another: sections,
/// and `meta`, an object of key, time (ISO 8601), time_ms, partition, offset and arrived (ms).
/// Lane's thread only; what `of` returns is valid until the next call and as long as the arena.
class Roots {
 public:
  Roots(std::span<const std::string> names, BuildContext& context);
  std::span<const record::Value> of(const record::Record& record, Arena& arena);

 private:
  std::vector<std::uint32_t> m_slots;
  std::vector<record::Value> m_values;
};

}  // namespace freshet::stage
