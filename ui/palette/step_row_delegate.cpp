// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/step_row_delegate.h"

#include "ui/bridge/step_rows.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/step_row.h"

namespace freshet::palette {
namespace {

const bridge::StepRow& rowAt(const QModelIndex& index) {
  return static_cast<const bridge::StepRows*>(index.model())->row(index);
}

}  // namespace

QSize StepRowDelegate::sizeHint(const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
  return {option.rect.width(), rowAt(index).isHeader ? widgets::kStepHeader : theme::metrics::kRow};
}

void StepRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
  const bridge::StepRow& row = rowAt(index);
  if (row.isHeader) {
    widgets::drawStepHeader(*painter, option.rect, row.title, row.count, row.isCollapsed,
                            m_theme.tokens());
    return;
  }
  const bool isRaised = option.state & (QStyle::State_MouseOver | QStyle::State_Selected);
  widgets::drawStepRow(*painter, option.rect,
                       {row.title, row.detail, row.icon, row.family, isRaised, true},
                       m_theme.tokens());
}

}  // namespace freshet::palette
