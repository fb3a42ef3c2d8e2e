// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractItemModel>
#include <vector>

#include "core/record/owned_value.h"

namespace freshet::bridge {

// A JSON value as a tree of names and values. Huge values are shown to their first 5,000 entries.
// GUI thread.
class JsonTree final : public QAbstractItemModel {
  Q_OBJECT

 public:
  static constexpr std::size_t kMost = 5'000;

  explicit JsonTree(QObject* parent = nullptr);

  void setValue(const record::OwnedValue& value);
  const record::OwnedValue& value() const { return m_value; }

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& child) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex&) const override { return 2; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Entry {
    std::size_t parent;
    int row;
    QString name;
    record::Value value;
    std::vector<std::size_t> children;
  };
  void grow(std::size_t entry);
  const Entry& entry(const QModelIndex& index) const;

  record::OwnedValue m_value;
  std::vector<Entry> m_entries;  // the first is the root
};

}  // namespace freshet::bridge
