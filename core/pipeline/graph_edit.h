// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/project.h"

namespace freshet::pipeline {

/// One undoable change of a project: logic, layout or both. Applying it and reverting it gives back
/// a byte-identical file. A plain value; edits that `mergesWith` follow each other count as one
/// (typing into a field, dragging a card).
class GraphEdit {
 public:
  static GraphEdit addNode(const Project& project, Node node, Point at);
  static GraphEdit removeNodes(const Project& project, const std::vector<std::string>& ids);
  /// Removes a node and connects what was before it with what was behind it.
  static GraphEdit removeAndHeal(const Project& project, std::string_view id);
  static GraphEdit addEdge(const Project& project, Edge edge);
  static GraphEdit removeEdge(const Project& project, const Edge& edge);
  /// The node takes the edge's place: a -> b becomes a -> n -> b.
  static GraphEdit insertOnEdge(const Project& project, Node node, Point at, const Edge& edge);
  static GraphEdit setSetting(const Project& project, std::string_view node, std::string_view field,
                              const record::Value& value);
  static GraphEdit setTitle(const Project& project, std::string_view node, std::string_view title);
  static GraphEdit moveNodes(const Project& project, const std::vector<Layout::Placed>& to);

  void apply(Project& project) const;
  void revert(Project& project) const;
  bool mergesWith(const GraphEdit& next) const;
  GraphEdit mergedWith(const GraphEdit& next) const;
  /// What it does, for the undo menu: a key for translation ("Move %1 steps") and its argument.
  const std::string& label() const { return m_label; }
  /// What stands for %1 in the label: a title or a number; empty if the label has none.
  const std::string& argument() const { return m_argument; }
  bool isLayoutOnly() const;

 private:
  GraphEdit(const Project& before, std::string label, std::string argument,
            std::string mergeKey = {});

  std::string m_label;
  std::string m_argument;
  std::string m_mergeKey;  ///< empty: never merges
  Pipeline m_pipelineBefore, m_pipelineAfter;
  Layout m_layoutBefore, m_layoutAfter;
};

/// Why an edge from a port to a node may not be drawn; empty if it may ("This would close a loop:
/// a, b, a").
std::string refusal(const Project& project, const spec::SpecCatalog& catalog, const Edge& edge);
/// "basket-reminder-2": an id from a title or type that is free.
std::string freeId(const Pipeline& pipeline, std::string_view wanted);

}  // namespace freshet::pipeline
