// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/step_rows.h"

#include <QMimeData>

#include "ui/bridge/node_words.h"

namespace freshet::bridge {

StepRow rowOf(const spec::NodeSpec& spec) {
  StepRow row;
  row.title = QString::fromStdString(spec.title);
  row.tip = QString::fromStdString(spec.summary);
  row.icon = iconOf(&spec);
  row.family = familyOf(&spec);
  row.key = spec.id;
  return row;
}

void StepRows::setRows(std::vector<StepRow> rows) {
  beginResetModel();
  m_rows = std::move(rows);
  endResetModel();
}

int StepRows::nextStep(int from, int step) const {
  for (int at = from; at >= 0 && at < rowCount(); at += step)
    if (!row(at).isHeader) return at;
  return -1;
}

int StepRows::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant StepRows::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const StepRow& one = row(index);
  if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
    return one.isHeader ? QStringLiteral("%1, %2").arg(one.title).arg(one.count) : one.title;
  if (role == Qt::ToolTipRole && !one.tip.isEmpty()) return one.tip;
  return {};
}

Qt::ItemFlags StepRows::flags(const QModelIndex& index) const {
  if (!index.isValid()) return {};
  if (row(index).isHeader) return Qt::ItemIsEnabled;
  return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled;
}

QStringList StepRows::mimeTypes() const {
  return {QString::fromLatin1(kNodeMime)};
}

QMimeData* StepRows::mimeData(const QModelIndexList& indexes) const {
  if (indexes.isEmpty()) return nullptr;
  auto* data = new QMimeData;
  data->setData(QString::fromLatin1(kNodeMime), QByteArray::fromStdString(row(indexes[0]).key));
  return data;
}

}  // namespace freshet::bridge
