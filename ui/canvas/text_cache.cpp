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

const std::vector<QString>& TextCache::twoLines(const Face& face, const QString& text,
                                                double width) {
  if (m_wrapped.size() > kMost) clear();
  const Key key{text, face.id, static_cast<int>(width)};
  const auto found = m_wrapped.constFind(key);
  if (found != m_wrapped.cend()) return *found;
  const QFontMetricsF metrics(face.font);
  std::vector<QString> lines;
  qsizetype cut = text.size();
  if (metrics.horizontalAdvance(text) > width) {
    for (qsizetype at = text.indexOf(u' '); at > 0; at = text.indexOf(u' ', at + 1))
      if (metrics.horizontalAdvance(text.left(at)) <= width || cut == text.size()) cut = at;
  }
  lines.push_back(text.left(cut));
  if (cut < text.size()) lines.push_back(text.mid(cut + 1));
  return *m_wrapped.insert(key, std::move(lines));
}

void TextCache::clear() {
  m_lines.clear();
  m_wrapped.clear();
}

}  // namespace freshet::canvas
