// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPixmap>
#include <QRectF>
#include <map>

#include "ui/theme/tokens.h"

class QPainter;

namespace freshet::canvas {

// A card's ground, border and shadow, painted once for each size and then blitted in strips: the
// soft rim as pixels, the opaque middle as a plain fill. GUI thread.
class CardShape {
 public:
  // `depth` scales the shadow: small cards lie lower.
  void draw(QPainter& painter, const QRect& card, double radius, double depth,
            const theme::Tokens& tokens);
  void clear() { m_baked.clear(); }

 private:
  struct Key {
    int width, height, radius, depth, scale;  // the last three in hundredths
    bool isDark;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  const QPixmap& bake(const Key& key, const theme::Tokens& tokens);

  std::map<Key, QPixmap> m_baked;
};

}  // namespace freshet::canvas
