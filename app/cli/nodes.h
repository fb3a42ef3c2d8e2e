// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/shell.h"
#include "core/plugin/registry.h"

namespace freshet::cli {

struct NodesArguments {
  std::string type;   ///< empty: all of them
  std::string pages;  ///< a folder to write one Markdown page a node into
  Format format = Format::Text;
};

/// `freshet nodes`: 0, or 2 where there is no such type.
int nodes(const NodesArguments& arguments, const plugin::Registry& registry, const Shell& shell);

/// The page of one node, Markdown.
std::string nodePage(const spec::NodeSpec& spec);

}  // namespace freshet::cli
