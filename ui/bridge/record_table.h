// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractTableModel>

#include "ui/bridge/record_words.h"

namespace freshet::bridge {

// The newest records that passed an edge, newest first: when, who, and what tells them apart. The
// columns follow the first records and stay until `clear`. Filtered by free text. GUI thread.
class RecordTable final : public QAbstractTableModel {
  Q_OBJECT

 public:
  static constexpr std::size_t kMost = 100;

  using QAbstractTableModel::QAbstractTableModel;

  void clear();
  void add(const std::vector<host::TappedRecord>& newer);  // oldest first, as the host gives them
  void setFilter(const QString& words);
  std::uint64_t lastSequence() const { return m_records.empty() ? 0 : m_records.front().sequence; }
  std::size_t total() const { return m_records.size(); }
  const host::TappedRecord& record(int row) const { return m_records[m_shown[at(row)]]; }
  int rowOf(std::uint64_t sequence) const;  // -1: not here any more
  bool isNumeric(int column) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }
  void refilter();

  std::vector<host::TappedRecord> m_records;  // newest first
  std::vector<std::size_t> m_shown;
  std::vector<FieldPath> m_columns;
  QString m_filter;
};

}  // namespace freshet::bridge
