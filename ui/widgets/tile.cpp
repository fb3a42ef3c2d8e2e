// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tile.h"

#include <QPainter>

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::widgets {
namespace m = theme::metrics;

void drawTile(QPainter& painter, const QRectF& rect, QStringView iconName, theme::Family family,
              const theme::Tokens& tokens) {
  const theme::Tint& tint = tokens.family(family);
  const bool isFull = rect.width() >= m::kTile;
  theme::drawCard(painter, rect, tint.soft, {}, isFull ? m::kRadius : m::kRadiusInput, 0);
  // 20 in a tile of 32, 16 in 26 and 24; a scaled tile scales its icon.
  const qreal side =
      isFull ? rect.width() * 20 / m::kTile : std::min<qreal>(m::kIcon, rect.width() * 2 / 3);
  QRectF icon(0, 0, side, side);
  icon.moveCenter(rect.center());
  const bool isKnown = theme::hasIcon(iconName);
  theme::drawIcon(painter, isKnown ? iconName.toString() : theme::familyIcon(family),
                  tint.foreground, icon);
}

Tile::Tile(theme::Theme& theme, const QString& iconName, theme::Family family, int side,
           QWidget* parent)
    : QWidget(parent), m_theme(theme), m_iconName(iconName), m_family(family) {
  setFixedSize(side, side);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void Tile::setContent(const QString& iconName, theme::Family family) {
  m_iconName = iconName;
  m_family = family;
  update();
}

void Tile::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  drawTile(painter, rect(), m_iconName, m_family, m_theme.tokens());
}

}  // namespace freshet::widgets
