// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/card_shape.h"

#include <QPainter>
#include <cmath>

#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::canvas {
namespace {

constexpr int kRim = theme::metrics::kShadowRings + theme::metrics::kShadowOffset;

}  // namespace

const QPixmap& CardShape::bake(const Key& key, const theme::Tokens& tokens) {
  const auto [found, isNew] = m_baked.try_emplace(key);
  if (!isNew) return found->second;
  const double scale = key.scale / 100.0;
  // Sixteen bits a channel: rings of alpha 4 would round to another colour in eight.
  QImage image(QSize(static_cast<int>(std::ceil((key.width + 2 * kRim) * scale)),
                     static_cast<int>(std::ceil((key.height + 2 * kRim) * scale))),
               QImage::Format_RGBA64_Premultiplied);
  image.setDevicePixelRatio(scale);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  const QRectF card(kRim, kRim, key.width, key.height);
  const double radius = key.radius / 100.0;
  const double depth = key.depth / 100.0;
  painter.scale(depth, depth);
  theme::drawShadow(painter, QRectF(card.topLeft() / depth, card.size() / depth), radius / depth,
                    tokens);
  painter.scale(1 / depth, 1 / depth);
  theme::drawCard(painter, card, tokens.raised, tokens.border, radius);
  painter.end();
  return found->second = QPixmap::fromImage(
             std::move(image).convertToFormat(QImage::Format_ARGB32_Premultiplied));
}

void CardShape::draw(QPainter& painter, const QRect& card, double radius, double depth,
                     const theme::Tokens& tokens) {
  constexpr std::size_t kSizesMost = 16;
  if (m_baked.size() > kSizesMost) m_baked.clear();
  const double scale = painter.device()->devicePixelRatioF();
  const Key key{card.width(),
                card.height(),
                static_cast<int>(std::lround(radius * 100)),
                static_cast<int>(std::lround(depth * 100)),
                static_cast<int>(std::lround(scale * 100)),
                tokens.isDark()};
  const QPixmap& baked = bake(key, tokens);
  const QRect whole = card.adjusted(-kRim, -kRim, kRim, kRim);
  const int inset = static_cast<int>(std::ceil(radius));
  const QRect middle = card.adjusted(inset, inset, -inset, -inset);
  if (scale != std::floor(scale) || middle.isEmpty()) {
    painter.drawPixmap(whole.topLeft(), baked);
    return;
  }
  const auto strip = [&](int x, int y, int width, int height) {
    painter.drawPixmap(QRectF(whole.x() + x, whole.y() + y, width, height), baked,
                       QRectF(x * scale, y * scale, width * scale, height * scale));
  };
  const int rim = kRim + inset;
  strip(0, 0, whole.width(), rim);
  strip(0, whole.height() - rim, whole.width(), rim);
  strip(0, rim, rim, middle.height());
  strip(whole.width() - rim, rim, rim, middle.height());
  painter.fillRect(middle, tokens.raised);
}

}  // namespace freshet::canvas
