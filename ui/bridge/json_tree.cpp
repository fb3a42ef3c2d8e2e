// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/json_tree.h"

#include "ui/bridge/record_words.h"
#include "ui/theme/fonts.h"

namespace freshet::bridge {

JsonTree::JsonTree(QObject* parent) : QAbstractItemModel(parent) {
  m_entries.push_back({0, 0, {}, {}, {}});
}

void JsonTree::setValue(const record::OwnedValue& value) {
  beginResetModel();
  m_value = value;
  m_entries.clear();
  m_entries.push_back({0, 0, {}, *m_value, {}});
  for (std::size_t i = 0; i < m_entries.size(); ++i) grow(i);
  endResetModel();
}

void JsonTree::grow(std::size_t at) {
  const record::Value value = m_entries[at].value;
  const auto add = [&](QString name, const record::Value& child) {
    if (m_entries.size() >= kMost) return;
    const int row = static_cast<int>(m_entries[at].children.size());
    m_entries[at].children.push_back(m_entries.size());
    m_entries.push_back({at, row, std::move(name), child, {}});
  };
  if (value.isObject())
    for (const record::Member& member : value.asObject())
      add(QString::fromUtf8(member.key.data(), static_cast<qsizetype>(member.key.size())),
          member.value);
  if (value.isArray())
    for (std::size_t i = 0; i < value.size(); ++i) add(QString::number(i), value.asArray()[i]);
}

const JsonTree::Entry& JsonTree::entry(const QModelIndex& index) const {
  return m_entries[index.isValid() ? static_cast<std::size_t>(index.internalId()) : 0];
}

QModelIndex JsonTree::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  return createIndex(row, column, entry(parent).children[static_cast<std::size_t>(row)]);
}

QModelIndex JsonTree::parent(const QModelIndex& child) const {
  if (!child.isValid()) return {};
  const std::size_t above = entry(child).parent;
  return above == 0 ? QModelIndex() : createIndex(m_entries[above].row, 0, above);
}

int JsonTree::rowCount(const QModelIndex& parent) const {
  return parent.column() > 0 ? 0 : static_cast<int>(entry(parent).children.size());
}

QVariant JsonTree::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Entry& shown = entry(index);
  if (role == Qt::FontRole) return theme::font(theme::TextRole::Mono);
  if (role == Qt::DisplayRole) return index.column() == 0 ? shown.name : shortValue(shown.value);
  if (role == Qt::ToolTipRole && shown.value.isString()) return shortValue(shown.value);
  return {};
}

QVariant JsonTree::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == 0 ? tr("field") : tr("value");
}

}  // namespace freshet::bridge
