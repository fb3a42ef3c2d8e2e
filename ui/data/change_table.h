// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractTableModel>
#include <array>
#include <vector>

#include "core/record/owned_value.h"
#include "ui/theme/theme.h"

namespace freshet::data {

// One record before and after a step, a field a row: what it added, changed and took away, in the
// order of the fields behind it. Tinted and signed. At most 2,000 fields. GUI thread.
class ChangeTable final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum class Kind { Same, Added, Changed, Removed };
  static constexpr std::size_t kMost = 2'000;

  explicit ChangeTable(theme::Theme& theme, QObject* parent = nullptr);

  void setRecords(const record::OwnedValue& before, const record::OwnedValue& after);
  Kind kind(int row) const { return m_rows[static_cast<std::size_t>(row)].kind; }
  // "+4 ~1 −1"; empty if nothing differs.
  QString summary() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex&) const override { return 4; }  // sign, field, before, after
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    Kind kind = Kind::Same;
    QString field, before, after;
  };
  const theme::Tint* tintOf(Kind kind) const;

  theme::Theme& m_theme;
  std::vector<Row> m_rows;
  std::array<int, 4> m_counts{};
};

}  // namespace freshet::data
