// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/auto_layout.h"

#include <algorithm>
#include <map>
#include <optional>

namespace freshet::canvas {
namespace {

constexpr double kColumn = 300;
constexpr double kRow = 140;

std::vector<std::size_t> columnsOf(const pipeline::Pipeline& pipeline) {
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) index[pipeline.nodes[i].id] = i;
  std::vector<std::vector<std::size_t>> next(pipeline.nodes.size());
  for (const pipeline::Edge& edge : pipeline.edges) {
    const auto from = index.find(edge.from);
    const auto to = index.find(edge.to);
    if (from != index.end() && to != index.end()) next[from->second].push_back(to->second);
  }
  std::vector<std::size_t> columns(pipeline.nodes.size(), 0);
  for (const std::size_t node : pipeline::flowOrder(pipeline))
    for (const std::size_t after : next[node])
      columns[after] = std::max(columns[after], columns[node] + 1);
  return columns;
}

}  // namespace

std::vector<pipeline::Point> placesOf(const pipeline::Project& project) {
  const std::vector<pipeline::Node>& nodes = project.pipeline.nodes;
  std::map<std::string_view, pipeline::Point> known;
  double bottom = 0;
  for (const pipeline::Layout::Placed& placed : project.layout.nodes) {
    known[placed.node] = placed.at;
    bottom = std::max(bottom, placed.at.y + kRow);
  }
  const bool isComplete = std::all_of(nodes.begin(), nodes.end(),
                                      [&](const auto& node) { return known.contains(node.id); });
  std::vector<std::size_t> columns;
  if (!isComplete) columns = columnsOf(project.pipeline);
  std::map<std::size_t, double> nextRow;
  std::vector<pipeline::Point> places;
  places.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (const auto found = known.find(nodes[i].id); found != known.end()) {
      places.push_back(found->second);
      continue;
    }
    const auto [row, isFirst] = nextRow.try_emplace(columns[i], bottom);
    places.push_back({static_cast<double>(columns[i]) * kColumn, row->second});
    row->second += kRow;
  }
  return places;
}

}  // namespace freshet::canvas
