// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <cmath>

#include "ui/theme/metrics.h"

// Q_INIT_RESOURCE must be spelled outside every namespace.
static void initIconResources() {
  Q_INIT_RESOURCE(freshet_icons);
}

namespace freshet::theme {
namespace {

QHash<QString, QString> findIcons() {
  initIconResources();
  QHash<QString, QString> found;
  QDirIterator files(QStringLiteral(":/freshet/icons"), {QStringLiteral("*.svg")}, QDir::Files,
                     QDirIterator::Subdirectories);
  while (files.hasNext()) {
    files.next();
    found.insert(files.fileInfo().completeBaseName(), files.filePath());
  }
  return found;
}

const QHash<QString, QString>& iconFiles() {
  static const QHash<QString, QString> files = findIcons();
  return files;
}

QPixmap render(const QString& file, const QColor& color, int pixels) {
  QSvgRenderer renderer(file);
  QPixmap pixmap(pixels, pixels);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  renderer.render(&painter);
  painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
  painter.fillRect(pixmap.rect(), color);
  return pixmap;
}

QPixmap cachedPixels(QStringView name, const QColor& color, int pixels) {
  const auto file = iconFiles().constFind(name.toString());
  if (file == iconFiles().cend() || pixels <= 0) return {};
  const QString key = QStringLiteral("freshet-icon/%1/%2/%3")
                          .arg(name, color.name(QColor::HexArgb), QString::number(pixels));
  QPixmap pixmap;
  if (!QPixmapCache::find(key, &pixmap)) {
    pixmap = render(*file, color, pixels);
    QPixmapCache::insert(key, pixmap);
  }
  return pixmap;
}

class TintedIconEngine final : public QIconEngine {
 public:
  TintedIconEngine(QString name, QColor color, int size)
      : m_name(std::move(name)), m_color(color), m_size(size) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    drawIcon(*painter, m_name, colorFor(mode), rect);
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    return scaledPixmap(size, mode, state, 1.0);
  }
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override {
    QPixmap result = cachedPixels(m_name, colorFor(mode), std::min(size.width(), size.height()));
    result.setDevicePixelRatio(scale);
    return result;
  }
  QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }
  QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override { return {{m_size, m_size}}; }
  QIconEngine* clone() const override { return new TintedIconEngine(*this); }

 private:
  QColor colorFor(QIcon::Mode mode) const {
    QColor color = m_color;
    if (mode == QIcon::Disabled) color.setAlphaF(color.alphaF() * 0.4f);
    return color;
  }

  QString m_name;
  QColor m_color;
  int m_size;
};

}  // namespace

QIcon icon(QStringView name, const QColor& color, int size) {
  if (!hasIcon(name)) return {};
  return QIcon(new TintedIconEngine(name.toString(), color, size));
}

QPixmap iconPixmap(QStringView name, const QColor& color, int size, qreal devicePixelRatio) {
  QPixmap result =
      cachedPixels(name, color, static_cast<int>(std::lround(size * devicePixelRatio)));
  result.setDevicePixelRatio(devicePixelRatio);
  return result;
}

void drawIcon(QPainter& painter, QStringView name, const QColor& color, const QRectF& rect) {
  // Whole device pixels: a picture that starts between two is drawn blurred.
  const QTransform toDevice = painter.deviceTransform();
  const QRectF device = toDevice.mapRect(rect);
  const int pixels = static_cast<int>(std::lround(device.width()));
  const QPixmap picture = cachedPixels(name, color, pixels);
  if (picture.isNull()) return;
  const QRectF snapped(std::round(device.x()), std::round(device.y()), pixels, pixels);
  painter.drawPixmap(toDevice.inverted().mapRect(snapped), picture, picture.rect());
}

QString familyIcon(Family family) {
  switch (family) {
    case Family::Source:
      return QStringLiteral("family-source");
    case Family::Enrich:
      return QStringLiteral("family-enrich");
    case Family::Score:
      return QStringLiteral("family-score");
    case Family::Template:
      return QStringLiteral("family-template");
    case Family::Route:
      return QStringLiteral("family-route");
    case Family::Sink:
      return QStringLiteral("family-sink");
    case Family::Test:
      return QStringLiteral("family-test");
  }
  return {};
}

bool hasIcon(QStringView name) {
  return iconFiles().contains(name.toString());
}

QStringList iconNames() {
  QStringList names = iconFiles().keys();
  names.sort();
  return names;
}

void drawLogo(QPainter& painter, const QRectF& rect, const Tokens& tokens) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(tokens.accent);
  const qreal radius = rect.width() / 4;
  painter.drawRoundedRect(rect, radius, radius);
  drawIcon(painter, u"logo-waves", tokens.onAccent, rect);
  painter.restore();
}

QIcon applicationIcon() {
  initIconResources();
  return QIcon(QStringLiteral(":/freshet/freshet.svg"));
}

}  // namespace freshet::theme
