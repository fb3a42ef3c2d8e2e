// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <set>
#include <string>

namespace freshet::bridge {

class DocumentModel;

// What is selected, by node id and by pipeline::Edge::text(), shared by every panel. `current` is
// the node or, failing one, nothing that the inspector shows. Ids that leave the document leave the
// selection. GUI thread; the document outlives it.
class SelectionModel final : public QObject {
  Q_OBJECT

 public:
  using Ids = std::set<std::string, std::less<>>;

  explicit SelectionModel(DocumentModel& document, QObject* parent = nullptr);

  const Ids& nodes() const { return m_nodes; }
  const Ids& edges() const { return m_edges; }
  const std::string& current() const { return m_current; }
  bool isEmpty() const { return m_nodes.empty() && m_edges.empty(); }
  bool hasNode(std::string_view id) const { return m_nodes.contains(id); }
  bool hasEdge(std::string_view edge) const { return m_edges.contains(edge); }

  void clear() { set({}, {}, {}); }
  void selectNode(const std::string& id) { set({id}, {}, id); }
  void selectEdge(const std::string& edge) { set({}, {edge}, {}); }
  void toggleNode(const std::string& id);
  void addNode(const std::string& id);
  void toggleEdge(const std::string& edge);
  void selectAll();
  // An empty `current` means the only selected node, if there is one.
  void set(Ids nodes, Ids edges, std::string current);

 Q_SIGNALS:
  void changed();

 private:
  void prune();

  DocumentModel& m_document;
  Ids m_nodes;
  Ids m_edges;
  std::string m_current;
};

}  // namespace freshet::bridge
