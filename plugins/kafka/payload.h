// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/stage/bound.h"
#include "core/stage/stage.h"

namespace freshet::kafka {

/// The bytes of a message, made from a record: the event as it arrived, the event with members
/// spliced in before its last brace, or the value of an expression. Lane's thread only.
class Payload {
 public:
  /// Reads the settings `value` and `include`.
  static Result<Payload> compile(const spec::Config& config, stage::BuildContext& context);

  /// Points into the event or into `arena`. Null data: a message without a value (a tombstone).
  /// Empty: the record has no such content; `failure` says why.
  std::optional<std::string_view> compose(const record::Record& record, Arena& arena,
                                          stage::Failure& failure);
  /// False: the value is an expression's, so the event's own headers do not belong to it.
  bool isEvent() const { return !m_value; }

 private:
  std::optional<std::string_view> splice(const record::Record& record, std::string_view event,
                                         Arena& arena, stage::Failure& failure);

  std::optional<stage::BoundExpression> m_value;
  struct Addition {
    std::string prefix;  ///< "\"name\":"
    stage::BoundExpression value;
  };
  std::vector<Addition> m_additions;
  std::string m_json;
};

/// `object` with `members` ("\"a\":1,\"b\":2") before its last brace, in `arena`; empty if it does
/// not end with one.
std::optional<std::string_view> spliceMembers(std::string_view object, std::string_view members,
                                              Arena& arena);

}  // namespace freshet::kafka
