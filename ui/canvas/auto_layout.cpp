// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/auto_layout.h"

#include <algorithm>
#include <cmath>
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

namespace {

using Ids = std::set<std::string, std::less<>>;

// The named nodes alone, with the wires between them, and where they stand.
struct Part {
  pipeline::Pipeline pipeline;
  std::vector<pipeline::Point> at;
};

Part partOf(const pipeline::Project& project, const Ids& nodes) {
  Part part;
  const std::vector<pipeline::Point> places = placesOf(project);
  const auto isMember = [&](const std::string& id) { return nodes.empty() || nodes.contains(id); };
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!isMember(project.pipeline.nodes[i].id)) continue;
    part.pipeline.nodes.push_back(project.pipeline.nodes[i]);
    part.at.push_back(places[i]);
  }
  for (const pipeline::Edge& edge : project.pipeline.edges)
    if (isMember(edge.from) && isMember(edge.to)) part.pipeline.edges.push_back(edge);
  return part;
}

std::vector<pipeline::Layout::Placed> placed(const Part& part) {
  std::vector<pipeline::Layout::Placed> all;
  for (std::size_t i = 0; i < part.at.size(); ++i)
    all.push_back({part.pipeline.nodes[i].id, part.at[i]});
  return all;
}

}  // namespace

std::vector<pipeline::Layout::Placed> tidied(const pipeline::Project& project, const Ids& nodes) {
  Part part = partOf(project, nodes);
  if (part.at.empty()) return {};
  const std::vector<std::size_t> columns = columnsOf(part.pipeline);
  pipeline::Point corner = part.at.front();
  for (const pipeline::Point& at : part.at)
    corner = {std::min(corner.x, at.x), std::min(corner.y, at.y)};
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < part.at.size(); ++i) index[part.pipeline.nodes[i].id] = i;
  std::vector<std::vector<std::size_t>> before(part.at.size());
  for (const pipeline::Edge& edge : part.pipeline.edges)
    before[index[edge.to]].push_back(index[edge.from]);

  const std::size_t last = *std::max_element(columns.begin(), columns.end());
  for (std::size_t column = 0; column <= last; ++column) {
    std::vector<std::pair<double, std::size_t>> wanted;  // a height beside what comes before it
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] != column) continue;
      double sum = 0;
      for (const std::size_t from : before[i]) sum += part.at[from].y;
      wanted.emplace_back(
          before[i].empty() ? part.at[i].y : sum / static_cast<double>(before[i].size()), i);
    }
    std::stable_sort(wanted.begin(), wanted.end(), [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : part.at[a.second].y < part.at[b.second].y;
    });
    double next = corner.y;
    for (const auto& [height, i] : wanted) {
      const double steps = std::round((std::max(height, next) - corner.y) / kRow);
      const double row = std::max(corner.y + steps * kRow, next);
      part.at[i] = {corner.x + static_cast<double>(column) * kColumn, row};
      next = row + kRow;
    }
  }
  return placed(part);
}

std::vector<pipeline::Layout::Placed> arranged(const pipeline::Project& project, const Ids& nodes,
                                               Arrange how) {
  Part part = partOf(project, nodes);
  if (part.at.size() < 2) return {};
  const auto coordinate = (how == Arrange::Row || how == Arrange::SpreadDown) ? &pipeline::Point::y
                                                                              : &pipeline::Point::x;
  std::vector<pipeline::Point*> inOrder;
  for (pipeline::Point& at : part.at) inOrder.push_back(&at);
  std::stable_sort(inOrder.begin(), inOrder.end(),
                   [&](const auto* a, const auto* b) { return a->*coordinate < b->*coordinate; });
  const double first = inOrder.front()->*coordinate;
  const double step =
      how == Arrange::Row || how == Arrange::Column
          ? 0
          : (inOrder.back()->*coordinate - first) / static_cast<double>(inOrder.size() - 1);
  for (std::size_t i = 0; i < inOrder.size(); ++i)
    inOrder[i]->*coordinate = first + std::round(step * static_cast<double>(i));
  return placed(part);
}

}  // namespace freshet::canvas
