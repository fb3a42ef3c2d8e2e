// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/text_cache.h"

#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

namespace freshet::canvas {
namespace {

constexpr qsizetype kMost = 20'000;  // entries, far more than one screen shows

}  // namespace

const Face& TextCache::face(theme::TextRole role, int pixels) {
  const auto [found, isNew] = m_faces.try_emplace({role, pixels});
  if (isNew) {
    Face& face = found->second;
    face.font = theme::font(role);
    face.font.setPixelSize(pixels);
    const QFontMetricsF metrics(face.font);
    face.ascent = metrics.ascent();
    face.height = metrics.height();
    face.id = static_cast<int>(m_faces.size());
  }
  return found->second;
}

void TextCache::draw(QPainter& painter, const Face& face, const QColor& color, const QString& text,
                     double left, double middle, double width) {
  if (m_lines.size() > kMost) clear();
  QStaticText& line = m_lines[{text, face.id, static_cast<int>(width)}];
  if (line.text().isEmpty()) {
    line.setTextFormat(Qt::PlainText);
    line.setText(QFontMetricsF(face.font).elidedText(text, Qt::ElideRight, std::ceil(width)));
    line.prepare({}, face.font);
  }
  painter.setFont(face.font);
  painter.setPen(color);
  painter.drawStaticText(QPointF(left, std::round(middle - face.height / 2)), line);
}

const std::vector<QString>& TextCache::wrapped(const Face& face, const QString& text, double width,
                                               std::size_t most) {
  if (m_wrapped.size() > kMost) clear();
  const Key key{text, face.id, static_cast<int>(width)};
  const auto found = m_wrapped.constFind(key);
  if (found != m_wrapped.cend()) return *found;
  const QFontMetricsF metrics(face.font);
  std::vector<QString> lines;
  QString rest = text;
  while (lines.size() + 1 < most && metrics.horizontalAdvance(rest) > width) {
    qsizetype cut = rest.indexOf(u' ');  // a word that is too long stands alone and is cut
    for (qsizetype at = cut; at > 0; at = rest.indexOf(u' ', at + 1)) {
      if (metrics.horizontalAdvance(rest.left(at)) > width) break;
      cut = at;
    }
    if (cut <= 0) break;
    lines.push_back(rest.left(cut));
    rest = rest.mid(cut + 1);
  }
  lines.push_back(rest);
  return *m_wrapped.insert(key, std::move(lines));
}

void TextCache::clear() {
  m_lines.clear();
  m_wrapped.clear();
}

}  // namespace freshet::canvas
