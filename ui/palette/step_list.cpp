// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/step_list.h"

#include <QDrag>
#include <QMimeData>
#include <QPainter>

#include "ui/bridge/step_rows.h"
#include "ui/palette/step_row_delegate.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/tile.h"

namespace freshet::palette {

StepList::StepList(theme::Theme& theme, QWidget* parent) : QListView(parent), m_theme(theme) {
  setItemDelegate(new StepRowDelegate(theme, this));
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(ScrollPerPixel);
  setMouseTracking(true);
  setDragEnabled(true);
  setDragDropMode(DragOnly);
  setDefaultDropAction(Qt::CopyAction);
  setStyleSheet(QStringLiteral("background: transparent"));
}

QPixmap StepList::picture(const QModelIndex& index) const {
  constexpr int kRoom = 12;  // for the shadow
  const bridge::StepRow& row = static_cast<const bridge::StepRows*>(index.model())->row(index);
  const QFontMetrics metrics(theme::font(theme::TextRole::BodyStrong));
  const QRectF card(kRoom, kRoom, 58 + metrics.horizontalAdvance(row.title), 40);
  const double scale = devicePixelRatioF();
  QPixmap pixmap((QSizeF(card.right() + kRoom, card.bottom() + kRoom) * scale).toSize());
  pixmap.setDevicePixelRatio(scale);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  const theme::Tokens& tokens = m_theme.tokens();
  theme::drawShadow(painter, card, theme::metrics::kRadius, tokens);
  theme::drawCard(painter, card, tokens.raised, tokens.accent, theme::metrics::kRadius);
  widgets::drawTile(painter, QRectF(card.left() + 8, card.top() + 7, 26, 26), row.icon, row.family,
                    tokens);
  painter.setFont(theme::font(theme::TextRole::BodyStrong));
  painter.setPen(tokens.text);
  painter.drawText(card.adjusted(44, 0, 0, 0), Qt::AlignVCenter, row.title);
  return pixmap;
}

void StepList::startDrag(Qt::DropActions) {
  const QModelIndex index = currentIndex();
  if (!index.isValid() || !(model()->flags(index) & Qt::ItemIsDragEnabled)) return;
  auto* drag = new QDrag(this);
  drag->setMimeData(model()->mimeData({index}));
  const QPixmap card = picture(index);
  drag->setPixmap(card);
  drag->setHotSpot(QRectF(QPointF(), card.deviceIndependentSize()).center().toPoint());
  Q_EMIT dragBegun();
  drag->exec(Qt::CopyAction);
}

}  // namespace freshet::palette
