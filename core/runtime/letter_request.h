// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/runtime/state_db.h"

namespace freshet::runtime {

/// What somebody wants done with dead letters.
struct LetterRequest {
  enum class What { Retry, Drop };
  What what = What::Retry;
  LetterFilter filter;
  bool isArmed = false;  ///< they may reach people
  bool isWhole = false;  ///< through every step again, from their source
};

/// Does it; how many letters it was.
Result<std::int64_t> serve(const LetterRequest& request, StateDb& db);

/// Hands a request to the run that holds the state: one process alone writes its database, so a
/// request is a file in the state's folder and the answer another. Waits for it up to `waitMs`.
Result<std::int64_t> submit(const std::string& stateFolder, const LetterRequest& request,
                            int waitMs);
/// The run's side of it: serves what lies there.
Status serveRequests(const std::string& stateFolder, StateDb& db);

}  // namespace freshet::runtime
