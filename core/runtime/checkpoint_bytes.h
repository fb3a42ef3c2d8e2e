// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/runtime/state_db.h"

namespace freshet::runtime {

/// A checkpoint that is prepared: stored whole before it is known whether it will become true.
struct PreparedCheckpoint {
  struct Profile {
    std::string connection;
    std::string key;
    std::string json;
  };
  Checkpoint checkpoint;
  std::vector<Profile> profiles;  ///< of stores that join checkpoints
};

/// Bytes with a version and a hash; "E-3606" where they are damaged or of another version.
std::string toBytes(const PreparedCheckpoint& prepared);
Result<PreparedCheckpoint> checkpointFromBytes(std::string_view bytes);

}  // namespace freshet::runtime
