// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace freshet::redis {

/// Where a server is and who we are to it. Never printed whole: it may hold a password.
struct Address {
  std::string host;
  int port = 6379;
  std::string user;
  std::string password;
  int database = 0;
  bool isTls = false;
  std::string caFile;  ///< PEM, whose certificates are trusted; empty: the system's

  /// "127.0.0.1:6379", for messages.
  std::string name() const { return host + ':' + std::to_string(port); }
};

/// redis[s]://[user:password@]host[:port][/database], percent escapes in user and password.
/// "E-3200".
Result<Address> parseAddress(std::string_view url);

}  // namespace freshet::redis
