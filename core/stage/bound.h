// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/record/record.h"
#include "core/stage/node_type.h"

namespace freshet::stage {

/// Liquid in a setting, bound to a topology's slots: `{{ event.total }}`, text with outputs, or a
/// plain constant. Roots are section names and `meta` (key, time, partition, offset, arrived).
/// Immutable after `bind`, but evaluation uses scratch of its own: one instance a stage, lane's
/// thread only.
class BoundExpression {
 public:
  static Result<BoundExpression> bind(std::string_view text, BuildContext& context);
  BoundExpression(BoundExpression&&) noexcept;
  BoundExpression& operator=(BoundExpression&&) noexcept;
  ~BoundExpression();

  record::Value evaluate(const record::Record& record, Arena& arena) const;
  /// The value as text: a string as it is, numbers as Liquid prints them.
  std::string_view text(const record::Record& record, Arena& arena) const;

 private:
  struct Impl;
  explicit BoundExpression(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

/// A condition (`event.total > 50 and not profile.consent.email`), bound the same way.
class BoundCondition {
 public:
  static Result<BoundCondition> bind(std::string_view text, BuildContext& context);
  BoundCondition(BoundCondition&&) noexcept;
  BoundCondition& operator=(BoundCondition&&) noexcept;
  ~BoundCondition();

  bool holds(const record::Record& record, Arena& arena) const;

 private:
  struct Impl;
  explicit BoundCondition(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace freshet::stage
