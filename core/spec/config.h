// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/record/owned_value.h"
#include "core/spec/node_spec.h"

namespace freshet::spec {

/// A node's settings after lint: references resolved, defaults filled in. The getters are total:
/// lint has refused what they could not read. Immutable; any thread.
class Config {
 public:
  Config() = default;
  Config(const NodeSpec& spec, record::OwnedValue settings);

  bool has(std::string_view field) const { return !value(field).isNil(); }
  record::Value value(std::string_view field) const;
  std::string text(std::string_view field) const;
  double number(std::string_view field) const;
  std::int64_t integer(std::string_view field) const;
  bool flag(std::string_view field) const;
  std::int64_t durationMs(std::string_view field) const;
  std::int64_t bytes(std::string_view field) const;
  bool operator==(const Config& other) const;

 private:
  record::OwnedValue m_settings;
};

}  // namespace freshet::spec
