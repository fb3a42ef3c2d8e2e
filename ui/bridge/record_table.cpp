// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/record_table.h"

#include <algorithm>

#include "ui/theme/fonts.h"

namespace freshet::bridge {
namespace {

constexpr int kTime = 0;
constexpr int kPerson = 1;
constexpr int kFixed = 2;
constexpr std::size_t kMostColumns = 6;
constexpr std::size_t kEnoughToJudge = 5;

}  // namespace

void RecordTable::clear() {
  beginResetModel();
  m_records.clear();
  m_shown.clear();
  m_columns.clear();
  endResetModel();
}

void RecordTable::add(const std::vector<host::TappedRecord>& newer) {
  if (newer.empty()) return;
  beginResetModel();
  const bool mayChooseColumns = m_records.size() < kEnoughToJudge;
  m_records.insert(m_records.begin(), newer.rbegin(), newer.rend());
  if (m_records.size() > kMost) m_records.resize(kMost);
  if (mayChooseColumns) m_columns = tellingFields(m_records, kMostColumns);
  refilter();
  endResetModel();
}

void RecordTable::setFilter(const QString& words) {
  beginResetModel();
  m_filter = words.trimmed();
  refilter();
  endResetModel();
}

void RecordTable::refilter() {
  m_shown.clear();
  for (std::size_t i = 0; i < m_records.size(); ++i)
    if (mentions(m_records[i], m_filter)) m_shown.push_back(i);
}

int RecordTable::rowOf(std::uint64_t sequence) const {
  for (std::size_t i = 0; i < m_shown.size(); ++i)
    if (m_records[m_shown[i]].sequence == sequence) return static_cast<int>(i);
  return -1;
}

bool RecordTable::isNumeric(int column) const {
  if (column < kFixed) return false;
  const FieldPath& path = m_columns[at(column - kFixed)];
  return std::all_of(m_records.begin(), m_records.end(), [&](const host::TappedRecord& record) {
    const record::Value value = valueAt(record, path);
    return value.isNil() || value.isNumber();
  });
}

int RecordTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int RecordTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kFixed + static_cast<int>(m_columns.size());
}

QVariant RecordTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const host::TappedRecord& shown = record(index.row());
  if (role == Qt::TextAlignmentRole && isNumeric(index.column()))
    return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
  if (role == Qt::FontRole)
    return theme::font(index.column() == kPerson ? theme::TextRole::Body : theme::TextRole::Mono);
  if (role != Qt::DisplayRole) return {};
  if (index.column() == kTime) return clockTime(shown.timeMs);
  if (index.column() == kPerson) return personOf(shown);
  return shortValue(valueAt(shown, m_columns[at(index.column() - kFixed)]));
}

QVariant RecordTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section >= columnCount()) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant::fromValue(
        Qt::Alignment((isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  if (section == kTime) return tr("time");
  if (section == kPerson) return tr("person");
  QStringList parts;
  for (const std::string& part : m_columns[at(section - kFixed)])
    parts.append(QString::fromStdString(part));
  if (role == Qt::ToolTipRole) return parts.join(u'.');
  return parts.size() == 2 && parts.first() == QStringLiteral("event") ? parts.join(u'.')
                                                                       : parts.last();
}

}  // namespace freshet::bridge
