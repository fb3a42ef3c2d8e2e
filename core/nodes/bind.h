// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/config.h"
#include "core/stage/bound.h"

namespace freshet::nodes {

/// A setting of type Expression or Condition, bound; an error's `where` is the field's name.
Result<stage::BoundExpression> bindExpression(const spec::Config& config, std::string_view field,
                                              stage::BuildContext& context);
Result<stage::BoundCondition> bindCondition(const spec::Config& config, std::string_view field,
                                            stage::BuildContext& context);
/// Nothing where the setting is absent.
Result<std::optional<stage::BoundExpression>> bindOptional(const spec::Config& config,
                                                           std::string_view field,
                                                           stage::BuildContext& context);

/// One member of a Map setting: text is an expression, anything else is a value as it stands.
struct BoundMember {
  std::string name;
  record::OwnedValue constant;
  std::optional<stage::BoundExpression> expression;

  record::Value evaluate(const record::Record& record, Arena& arena) const {
    return expression ? expression->evaluate(record, arena) : *constant;
  }
};
Result<std::vector<BoundMember>> bindMap(const spec::Config& config, std::string_view field,
                                         stage::BuildContext& context);

}  // namespace freshet::nodes
