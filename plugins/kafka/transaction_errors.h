// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <librdkafka/rdkafka.h>

#include <span>
#include <string>

namespace freshet::kafka {

/// The calls of a transaction, in order.
enum class TransactionCall { Init, Begin, SendOffsets, Commit, Abort };

/// What follows from an error of such a call.
enum class TransactionAction {
  Retry,    ///< the same call with the same arguments, while the transaction has time; then Recycle
  Abort,    ///< abort, make a new producer, read again from the last commit
  Recycle,  ///< a new producer at once (it ends what is open), read again from the last commit
  Fenced,   ///< Recycle; twice within a minute: somebody else has this slot, end
  Wait,     ///< the group has moved on: abort, drop what is in flight, wait for partitions
  Pause,    ///< abort, say so, try again until it is mended
  Refuse,   ///< a setting cannot work: end
};

struct TransactionError {
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
  bool isFatal = false;
  bool requiresAbort = false;
  bool isRetriable = false;
  std::string text;

  /// Takes `error` over; null: success.
  static TransactionError take(rd_kafka_error_t* error);
  explicit operator bool() const { return code != RD_KAFKA_RESP_ERR_NO_ERROR; }
};

/// One row of the table: what an error means whichever way the client has flagged it.
struct TransactionRule {
  rd_kafka_resp_err_t code;
  TransactionAction action;
};
std::span<const TransactionRule> transactionRules();

/// By the rules first, then by the client's flags: fatal, requires abort, retriable; anything else
/// is treated as fatal.
TransactionAction actionFor(TransactionCall call, const TransactionError& error);

}  // namespace freshet::kafka
