// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/shell.h"
#include "core/host/pipeline_host.h"
#include "core/plugin/registry.h"
#include "core/runtime/letter_request.h"

namespace freshet::cli {

struct DlqArguments {
  enum class What { List, Show, Retry, Drop };
  What what = What::List;
  std::string project = ".";
  std::string env;
  std::string state;  ///< as `run --state`; empty: this project's own
  bool isAll = false;
  std::size_t most = 100;  ///< to list
  runtime::LetterRequest request;
  std::vector<std::string> settings;  ///< as `run --set`, for a retry
  Format format = Format::Text;
};

/// `freshet dlq`: 0, 1 no such letter or some failed again, 2 usage, 3 failed while running, 4 the
/// state, a source or a sink cannot be reached.
int dlq(const DlqArguments& arguments, const plugin::Registry& registry, const Shell& shell);

}  // namespace freshet::cli
