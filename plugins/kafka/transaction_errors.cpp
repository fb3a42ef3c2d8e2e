// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/transaction_errors.h"

#include <algorithm>

namespace freshet::kafka {
namespace {

using Action = TransactionAction;

// What is not here goes by the client's flags.
constexpr TransactionRule kRules[] = {
    {RD_KAFKA_RESP_ERR__FENCED, Action::Fenced},
    {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, Action::Fenced},
    {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Action::Fenced},
    {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, Action::Wait},
    {RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, Action::Wait},
    {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, Action::Wait},
    {RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, Action::Wait},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, Action::Pause},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, Action::Pause},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, Action::Pause},
    {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, Action::Pause},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, Action::Pause},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT, Action::Pause},
    {RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, Action::Pause},
    {RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, Action::Refuse},
};

}  // namespace

TransactionError TransactionError::take(rd_kafka_error_t* error) {
  if (!error) return {};
  TransactionError taken{rd_kafka_error_code(error), rd_kafka_error_is_fatal(error) != 0,
                         rd_kafka_error_txn_requires_abort(error) != 0,
                         rd_kafka_error_is_retriable(error) != 0, rd_kafka_error_string(error)};
  rd_kafka_error_destroy(error);
  return taken;
}

std::span<const TransactionRule> transactionRules() {
  return kRules;
}

TransactionAction actionFor(TransactionCall call, const TransactionError& error) {
  const auto* rule = std::ranges::find(kRules, error.code, &TransactionRule::code);
  if (rule != std::end(kRules)) return rule->action;
  if (error.isFatal) return Action::Recycle;
  if (error.requiresAbort) return call == TransactionCall::Abort ? Action::Recycle : Action::Abort;
  if (error.isRetriable || error.code == RD_KAFKA_RESP_ERR__TIMED_OUT) return Action::Retry;
  return Action::Recycle;
}

}  // namespace freshet::kafka
