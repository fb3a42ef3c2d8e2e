// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ground.h"

#include <QVariant>

namespace freshet::widgets {
namespace {

void setSurface(QWidget* widget, const QString& name) {
  widget->setProperty("surface", name);
  widget->setAttribute(Qt::WA_StyledBackground);
}

}  // namespace

void setGround(QWidget* widget, Ground ground) {
  switch (ground) {
    case Ground::Window:
      return setSurface(widget, QStringLiteral("window"));
    case Ground::Surface:
      return setSurface(widget, QStringLiteral("surface"));
    case Ground::Raised:
      return setSurface(widget, QStringLiteral("raised"));
    case Ground::Warning:
      return setSurface(widget, QStringLiteral("warning"));
  }
}

QWidget* makeDivider(Qt::Orientation orientation, QWidget* parent) {
  auto* line = new QWidget(parent);
  setSurface(line, QStringLiteral("border"));
  if (orientation == Qt::Horizontal)
    line->setFixedHeight(1);
  else
    line->setFixedWidth(1);
  return line;
}

}  // namespace freshet::widgets
