// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QRectF>
#include <QStringList>

#include "ui/theme/tokens.h"

// Our own icons by name (resources/icons), in any colour, sharp at any device pixel ratio.
// Rendered once per name, colour and pixel size, then cached. GUI thread. An unknown name gives a
// null pixmap and nothing is drawn; sizes are logical pixels.
namespace freshet::theme {

QIcon icon(QStringView name, const QColor& color, int size);
QPixmap iconPixmap(QStringView name, const QColor& color, int size, qreal devicePixelRatio);
void drawIcon(QPainter& painter, QStringView name, const QColor& color, const QRectF& rect);

QString familyIcon(Family family);
bool hasIcon(QStringView name);
QStringList iconNames();

// The application's mark: two waves on a rounded accent square.
void drawLogo(QPainter& painter, const QRectF& rect, const Tokens& tokens);
QIcon applicationIcon();

}  // namespace freshet::theme
