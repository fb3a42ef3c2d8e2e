// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/spec/config.h"

namespace freshet::postgres {

/// Where a server is, who we are to it and how it must prove itself, as libpq's parameters. Never
/// printed whole: it may hold a password.
struct Address {
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string name;  ///< "db.example:5432/shop", for messages
  int timeoutMs = 10'000;
};

/// From the fields of a connection: url, password, tls, rootCertificate, timeout. Where no server
/// on this computer is meant, TLS with a checked name is the default and plain text is never a
/// fallback. "E-3900".
Result<Address> makeAddress(const spec::Config& config);

}  // namespace freshet::postgres
