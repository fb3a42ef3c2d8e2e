// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/stage/bound.h"
#include "core/stage/stage.h"

namespace freshet::stage {

/// What a sink sends, made from a record: the event as it arrived, the event with members
/// spliced in before its last brace, or the value of an expression. Lane's thread only.
class Payload {
 public:
  /// Reads the setting `field`, an expression, and the map `include`. E-3110: both are set.
  static Result<Payload> compile(const spec::Config& config, std::string_view field,
                                 BuildContext& context);

  /// Points into the event or into `arena`. Null data: there is no value.
  /// Empty: the record has no such content; `failure` says why (E-3111).
  std::optional<std::string_view> compose(const record::Record& record, Arena& arena,
                                          Failure& failure);
  /// False: the value is an expression's, so the event's own headers do not belong to it.
  bool isEvent() const { return !m_value; }

 private:
  std::optional<std::string_view> splice(const record::Record& record, std::string_view event,
                                         Arena& arena, Failure& failure);

  std::optional<BoundExpression> m_value;
  struct Addition {
    std::string prefix;  ///< "\"name\":"
    BoundExpression value;
  };
  std::vector<Addition> m_additions;
  std::string m_json;
};

/// `object` with `members` ("\"a\":1,\"b\":2") before its last brace, in `arena`; empty if it does
/// not end with one.
std::optional<std::string_view> spliceMembers(std::string_view object, std::string_view members,
                                              Arena& arena);

}  // namespace freshet::stage
