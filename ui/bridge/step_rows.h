// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractListModel>
#include <string>
#include <vector>

#include "core/spec/catalog.h"
#include "ui/theme/tokens.h"

namespace freshet::bridge {

// The mime type of a step type on its way to the canvas; its data is the type's id in UTF-8.
inline constexpr char kNodeMime[] = "application/x-freshet-node";

struct StepRow {
  bool isHeader = false;
  bool isCollapsed = false;  // headers
  int count = 0;             // headers
  QString title;
  QString detail;  // at the right, quiet
  QString tip;
  QString icon;
  theme::Family family = theme::Family::Route;
  std::string key;  // node type, or whatever the list is of
};

StepRow rowOf(const spec::NodeSpec& spec);

// Rows of steps under their families, for the palette and for lists that one searches. Rows are
// values; steps can be dragged. GUI thread.
class StepRows final : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;

  void setRows(std::vector<StepRow> rows);
  const StepRow& row(int at) const { return m_rows[static_cast<std::size_t>(at)]; }
  const StepRow& row(const QModelIndex& index) const { return row(index.row()); }
  // The first row from `from` on in direction `step` that is no header; -1: none.
  int nextStep(int from, int step) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }

 private:
  std::vector<StepRow> m_rows;
};

}  // namespace freshet::bridge
