// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_sheet.h"

#include <QFile>
#include <QList>
#include <utility>

#include "ui/theme/metrics.h"

// Q_INIT_RESOURCE must be spelled outside every namespace.
static void initThemeResources() {
  Q_INIT_RESOURCE(freshet_theme);
}

namespace freshet::theme {
namespace {

QString css(const QColor& color) {
  if (color.alpha() == 255) return color.name();
  return QStringLiteral("rgba(%1,%2,%3,%4)")
      .arg(color.red())
      .arg(color.green())
      .arg(color.blue())
      .arg(color.alpha());
}

QString px(int value) {
  return QString::number(value) + QStringLiteral("px");
}

}  // namespace

QString styleSheet(const Tokens& t) {
  initThemeResources();
  QFile file(QStringLiteral(":/freshet/style.qss"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  QString sheet = QString::fromUtf8(file.readAll());
  const QList<std::pair<const char*, QString>> values{
      {"@window@", css(t.window)},
      {"@surface@", css(t.surface)},
      {"@raised@", css(t.raised)},
      {"@border@", css(t.border)},
      {"@borderStrong@", css(t.borderStrong)},
      {"@text@", css(t.text)},
      {"@text2@", css(t.text2)},
      {"@text3@", css(t.text3)},
      {"@accent@", css(t.accent)},
      {"@onAccent@", css(t.onAccent)},
      {"@accentSoft@", css(t.accentSoft)},
      {"@hover@", css(t.hover)},
      {"@error@", css(t.error.foreground)},
      {"@warning@", css(t.warning.foreground)},
      {"@warningSoft@", css(t.warning.soft)},
      {"@ok@", css(t.ok.foreground)},
      {"@radiusInput@", px(metrics::kRadiusInput)},
      {"@radius@", px(metrics::kRadius)},
      {"@radiusCard@", px(metrics::kRadiusCard)},
      {"@tableRow@", px(metrics::kTableRow)},
  };
  for (const auto& [name, value] : values) sheet.replace(QLatin1String(name), value);
  return sheet;
}

}  // namespace freshet::theme
