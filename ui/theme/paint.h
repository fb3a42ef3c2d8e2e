// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPainter>
#include <QRectF>

#include "ui/theme/tokens.h"

// The few shapes every panel draws: state marks, shadows, rings, rounded cards, stripes. Pure
// functions of the tokens; the painter comes back as it was. GUI thread, logical pixels.
namespace freshet::theme {

enum class State { Stopped, Starting, Running, Warning, Error, Paused };

// Shape and colour both carry the state. `phase` 0–1 turns the starting mark; 0 is its still form.
void drawStateMark(QPainter& painter, State state, const QRectF& rect, const Tokens& tokens,
                   qreal phase = 0);
QColor stateColor(State state, const Tokens& tokens);

QColor mix(const QColor& from, const QColor& to, qreal share);

void drawShadow(QPainter& painter, const QRectF& card, qreal radius, const Tokens& tokens);
void drawCard(QPainter& painter, const QRectF& card, const QColor& fill, const QColor& border,
              qreal radius, qreal borderWidth = 1);
// A ring `gap` outside `rect`, `width` wide, whose inner corner follows `radius`.
void drawRing(QPainter& painter, const QRectF& rect, qreal radius, qreal gap, qreal width,
              const QColor& color);
void drawStripes(QPainter& painter, const QRectF& rect, const QColor& first, const QColor& second);

}  // namespace freshet::theme
