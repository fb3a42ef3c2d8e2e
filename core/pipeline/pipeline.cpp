// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/pipeline.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/pipeline/diagnostic.h"

namespace freshet::pipeline {

std::string Edge::text() const {
  std::string out = from;
  if (!port.empty()) out.append(".").append(port);
  return out.append(" -> ").append(to);
}

Result<Edge> Edge::fromText(std::string_view text) {
  const std::size_t arrow = text.find("->");
  Edge edge;
  if (arrow != std::string_view::npos) {
    const std::string_view start = trim(text.substr(0, arrow));
    const std::size_t dot = start.find('.');
    edge.from = start.substr(0, dot);
    if (dot != std::string_view::npos) edge.port = start.substr(dot + 1);
    edge.to = trim(text.substr(arrow + 2));
    const bool hasPort = dot == std::string_view::npos || !edge.port.empty();
    const bool isOne = edge.to.find("->") == std::string::npos;
    if (!edge.from.empty() && !edge.to.empty() && hasPort && isOne) return edge;
  }
  return Error{
      "E-1005",
      "a wire is written \"from -> to\" or \"from.port -> to\", not \"" + oneLine(text, 80) + '"',
      {}};
}

const Node* Pipeline::find(std::string_view id) const {
  const auto found = std::ranges::find(nodes, id, &Node::id);
  return found == nodes.end() ? nullptr : &*found;
}

Node* Pipeline::find(std::string_view id) {
  const auto found = std::ranges::find(nodes, id, &Node::id);
  return found == nodes.end() ? nullptr : &*found;
}

std::optional<Point> Layout::find(std::string_view node) const {
  const auto found = std::ranges::find(nodes, node, &Placed::node);
  return found == nodes.end() ? std::nullopt : std::optional(found->at);
}

void Layout::place(std::string_view node, Point at) {
  const auto found = std::ranges::find(nodes, node, &Placed::node);
  if (found != nodes.end()) {
    found->at = at;
  } else {
    nodes.push_back({std::string(node), at});
  }
}

std::string Diagnostic::text() const {
  std::string out = file;
  if (line > 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(line);
    if (column > 0) out.append(":").append(std::to_string(column));
  }
  if (!out.empty()) out += ": ";
  out += code + ' ' + message;
  if (!hint.empty()) out += " (" + hint + ')';
  return out;
}

bool hasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::any_of(
      diagnostics, [](const Diagnostic& found) { return found.severity == Severity::Error; });
}

}  // namespace freshet::pipeline
