// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/html_container.h"

#include <QDir>
#include <QFileInfo>
#include <QPainterPath>

#include "ui/theme/fonts.h"

namespace freshet::studio {
namespace {

QColor colorOf(const litehtml::web_color& color) {
  return QColor(color.red, color.green, color.blue, color.alpha);
}

QRectF rectOf(const litehtml::position& at) {
  return QRectF(at.x, at.y, at.width, at.height);
}

QPainter& painterOf(litehtml::uint_ptr dc) {
  return *reinterpret_cast<QPainter*>(dc);
}

// litehtml gives a radius for each corner; e-mails round all of them or none.
QPainterPath roundedPath(const QRectF& rect, const litehtml::border_radiuses& radius) {
  QPainterPath path;
  path.addRoundedRect(rect, radius.top_left_x, radius.top_left_y);
  return path;
}

QFont::Weight weightOf(int weight) {
  if (weight >= 600) return QFont::DemiBold;
  return weight >= 500 ? QFont::Medium : QFont::Normal;
}

}  // namespace

litehtml::uint_ptr HtmlContainer::create_font(const char* face, int size, int weight,
                                              litehtml::font_style italic, unsigned decoration,
                                              litehtml::font_metrics* metrics) {
  QFont font = theme::font(theme::TextRole::Body);
  if (QString::fromUtf8(face).contains(QLatin1String("mono"), Qt::CaseInsensitive)) {
    font = theme::font(theme::TextRole::Mono);
  }
  font.setPixelSize(std::max(1, size));
  font.setWeight(weightOf(weight));
  font.setItalic(italic == litehtml::fontStyleItalic);
  font.setUnderline((decoration & litehtml::font_decoration_underline) != 0);
  font.setStrikeOut((decoration & litehtml::font_decoration_linethrough) != 0);
  auto made = std::make_unique<Font>(Font{font, QFontMetricsF(font)});
  if (metrics) {
    metrics->ascent = qRound(made->metrics.ascent());
    metrics->descent = qRound(made->metrics.descent());
    metrics->height = metrics->ascent + metrics->descent;
    metrics->x_height = qRound(made->metrics.xHeight());
    metrics->draw_spaces = decoration != litehtml::font_decoration_none;
  }
  const litehtml::uint_ptr id = m_nextFont++;
  m_fonts.emplace(id, std::move(made));
  return id;
}

void HtmlContainer::delete_font(litehtml::uint_ptr font) {
  m_fonts.erase(font);
}

int HtmlContainer::text_width(const char* text, litehtml::uint_ptr font) {
  const auto found = m_fonts.find(font);
  if (found == m_fonts.end()) return 0;
  return qRound(found->second->metrics.horizontalAdvance(QString::fromUtf8(text)));
}

void HtmlContainer::draw_text(litehtml::uint_ptr dc, const char* text, litehtml::uint_ptr font,
                              litehtml::web_color color, const litehtml::position& at) {
  const auto found = m_fonts.find(font);
  if (found == m_fonts.end()) return;
  QPainter& painter = painterOf(dc);
  painter.setFont(found->second->font);
  painter.setPen(colorOf(color));
  painter.setLayoutDirection(Qt::LeftToRight);
  painter.drawText(QPointF(at.x, at.y + qRound(found->second->metrics.ascent())),
                   QString::fromUtf8(text));
}

void HtmlContainer::draw_list_marker(litehtml::uint_ptr dc, const litehtml::list_marker& marker) {
  QPainter& painter = painterOf(dc);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colorOf(marker.color));
  painter.drawEllipse(rectOf(marker.pos));
}

const QImage& HtmlContainer::image(const std::string& source) {
  const auto found = m_images.find(source);
  if (found != m_images.end()) return found->second;
  const QString path =
      QDir::cleanPath(m_folder + QLatin1Char('/') + QString::fromStdString(source));
  const bool isInside = path.startsWith(QDir::cleanPath(m_folder) + QLatin1Char('/'));
  QImage loaded;
  if (isInside && QFileInfo(path).size() < 4'000'000) loaded.load(path);
  return m_images.emplace(source, std::move(loaded)).first->second;
}

void HtmlContainer::get_image_size(const char* source, const char*, litehtml::size& size) {
  const QImage& loaded = image(source);
  size.width = loaded.width();
  size.height = loaded.height();
}

void HtmlContainer::draw_background(litehtml::uint_ptr dc,
                                    const litehtml::background_paint& background) {
  QPainter& painter = painterOf(dc);
  const QRectF box = background.is_root ? QRectF(0, 0, m_width, 1e5) : rectOf(background.clip_box);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  const QPainterPath path = roundedPath(box, background.border_radius);
  if (background.color.alpha > 0) painter.fillPath(path, colorOf(background.color));
  if (!background.image.empty()) {
    painter.setClipPath(path, Qt::IntersectClip);
    const QImage& picture = image(background.image);
    if (!picture.isNull()) {
      painter.drawImage(QRectF(background.position_x, background.position_y,
                               background.image_size.width, background.image_size.height),
                        picture);
    }
  }
  painter.restore();
}

void HtmlContainer::draw_borders(litehtml::uint_ptr dc, const litehtml::borders& borders,
                                 const litehtml::position& at, bool) {
  QPainter& painter = painterOf(dc);
  const auto isShown = [](const litehtml::border& side) {
    return side.width > 0 && side.style > litehtml::border_style_hidden;
  };
  const QRectF box = rectOf(at);
  painter.save();
  if (borders.radius.top_left_x > 0 && isShown(borders.top)) {
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal half = borders.top.width / 2.0;
    painter.setPen(QPen(colorOf(borders.top.color), borders.top.width));
    painter.drawPath(roundedPath(box.adjusted(half, half, -half, -half), borders.radius));
  } else {
    const auto fill = [&](const litehtml::border& side, const QRectF& where) {
      if (isShown(side)) painter.fillRect(where, colorOf(side.color));
    };
    fill(borders.top, QRectF(box.left(), box.top(), box.width(), borders.top.width));
    fill(borders.bottom, QRectF(box.left(), box.bottom() - borders.bottom.width, box.width(),
                                borders.bottom.width));
    fill(borders.left, QRectF(box.left(), box.top(), borders.left.width, box.height()));
    fill(borders.right,
         QRectF(box.right() - borders.right.width, box.top(), borders.right.width, box.height()));
  }
  painter.restore();
}

void HtmlContainer::transform_text(std::string& text, litehtml::text_transform transform) {
  const QString before = QString::fromStdString(text);
  switch (transform) {
    case litehtml::text_transform_uppercase:
      text = before.toUpper().toStdString();
      break;
    case litehtml::text_transform_lowercase:
      text = before.toLower().toStdString();
      break;
    case litehtml::text_transform_capitalize:
      if (!before.isEmpty()) text = (before.left(1).toUpper() + before.mid(1)).toStdString();
      break;
    default:
      break;
  }
}

void HtmlContainer::get_client_rect(litehtml::position& client) const {
  client = litehtml::position(0, 0, m_width, 800);
}

void HtmlContainer::get_media_features(litehtml::media_features& media) const {
  media.type = litehtml::media_type_screen;
  media.width = media.device_width = m_width;
  media.height = media.device_height = 800;
  media.color = 8;
  media.resolution = 96;
}

void HtmlContainer::get_language(std::string& language, std::string& culture) const {
  language = "en";
  culture.clear();
}

}  // namespace freshet::studio
