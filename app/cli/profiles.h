// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/shell.h"
#include "core/plugin/registry.h"

namespace freshet::cli {

struct ProfilesArguments {
  enum class What { Get, Put, Import };
  What what = What::Get;
  std::string project;
  std::string env;
  std::string connection;         ///< empty: the project's only one that serves profiles
  std::string state;              ///< as `run --state`; empty: this project's own
  std::vector<std::string> keys;  ///< to get
  std::string key;                ///< to put
  std::string json;               ///< what to put; "-" reads standard input
  std::string file;               ///< what to import: a profile a line, each with an "id"
};

/// `freshet profiles`: 0, 1 findings or no such profile, 2 usage, 4 the store cannot be reached.
int profiles(const ProfilesArguments& arguments, const plugin::Registry& registry,
             const Shell& shell);

}  // namespace freshet::cli
