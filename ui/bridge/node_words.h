// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <vector>

#include "core/pipeline/project.h"
#include "core/spec/catalog.h"
#include "ui/theme/tokens.h"

namespace freshet::bridge {

// How a step is called wherever it is shown. Pure; a null spec is a type that is not installed.

theme::Family familyOf(const spec::NodeSpec* spec);
QString familyTitle(theme::Family family);
QString titleOf(const pipeline::Node& node, const spec::NodeSpec* spec);
QString iconOf(const spec::NodeSpec* spec);
// "Branch · 2 cases": the type and the setting that tells steps of this type apart.
QString typeLine(const pipeline::Node& node, const spec::NodeSpec* spec);

// Where a browser finds the page that this step serves while it runs; empty if it has none.
QString pageOf(const pipeline::Project& project, const pipeline::Node& node,
               const spec::NodeSpec* spec);

struct OutputPort {
  std::string name;
  QString title;
  bool isError = false;
};
// Declared ports or one for each case, then the one by which failed records leave. A type that is
// not installed has one, so that its wires can be drawn.
std::vector<OutputPort> outputsOf(const pipeline::Node& node, const spec::NodeSpec* spec);

}  // namespace freshet::bridge
