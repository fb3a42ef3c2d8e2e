// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/bind.h"

namespace freshet::nodes {
namespace {

Error placed(Error error, std::string_view field) {
  error.where = field;
  return error;
}

}  // namespace

Result<stage::BoundExpression> bindExpression(const spec::Config& config, std::string_view field,
                                              stage::BuildContext& context) {
  auto bound = stage::BoundExpression::bind(config.text(field), context);
  if (!bound) return placed(bound.error(), field);
  return bound;
}

Result<stage::BoundCondition> bindCondition(const spec::Config& config, std::string_view field,
                                            stage::BuildContext& context) {
  auto bound = stage::BoundCondition::bind(config.text(field), context);
  if (!bound) return placed(bound.error(), field);
  return bound;
}

Result<std::optional<stage::BoundExpression>> bindOptional(const spec::Config& config,
                                                           std::string_view field,
                                                           stage::BuildContext& context) {
  if (!config.has(field)) return std::optional<stage::BoundExpression>();
  auto bound = bindExpression(config, field, context);
  if (!bound) return bound.error();
  return std::optional<stage::BoundExpression>(std::move(*bound));
}

Result<std::vector<BoundMember>> bindMap(const spec::Config& config, std::string_view field,
                                         stage::BuildContext& context) {
  std::vector<BoundMember> members;
  const record::Value map = config.value(field);
  if (!map.isObject()) return members;
  for (const record::Member& from : map.asObject()) {
    BoundMember member;
    member.name = from.key;
    if (from.value.isString()) {
      auto bound = stage::BoundExpression::bind(from.value.asString(), context);
      if (!bound) return placed(bound.error(), std::string(field) + '.' + member.name);
      member.expression = std::move(*bound);
    } else {
      member.constant = record::OwnedValue(from.value);
    }
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace freshet::nodes
