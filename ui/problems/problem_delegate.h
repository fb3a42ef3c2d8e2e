// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QStyledItemDelegate>

namespace freshet::shell {
class PanelContext;
}

namespace freshet::problems {

// A problem in two lines: what happened, then step, count, time and code.
class ProblemDelegate final : public QStyledItemDelegate {
  Q_OBJECT

 public:
  ProblemDelegate(shell::PanelContext& context, QObject* parent)
      : QStyledItemDelegate(parent), m_context(context) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  shell::PanelContext& m_context;
};

}  // namespace freshet::problems
