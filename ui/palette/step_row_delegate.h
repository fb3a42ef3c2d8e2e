// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace freshet::palette {

// Draws the palette's bridge::StepRows.
class StepRowDelegate final : public QStyledItemDelegate {
  Q_OBJECT

 public:
  explicit StepRowDelegate(theme::Theme& theme, QObject* parent = nullptr)
      : QStyledItemDelegate(parent), m_theme(theme) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  theme::Theme& m_theme;
};

}  // namespace freshet::palette
