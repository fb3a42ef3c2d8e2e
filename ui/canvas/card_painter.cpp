// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/card_painter.h"

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas/canvas_metrics.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"
#include "ui/widgets/tile.h"

namespace freshet::canvas {

// One card in one frame: what all the steps of drawing it need.
struct CardPainter::Scene {
  QPainter& painter;
  const CanvasState& state;
  const theme::Tokens& tokens;
  int number;
  const Card& card;
  const CardLive& live;
  Detail detail;
  QRect rect;
  double zoom;

  double scaled(double scene) const { return scene * zoom; }
  double x(double scene) const { return rect.left() + scene * zoom; }
  double y(double scene) const { return rect.top() + scene * zoom; }
  int pixels(int atFull) const {
    return std::max(metrics::kTextLeast, static_cast<int>(std::lround(atFull * zoom)));
  }
};

namespace {

QColor mixed(const QColor& from, const QColor& to, double share) {
  const auto part = [share](float a, float b) { return a + (b - a) * static_cast<float>(share); };
  return QColor::fromRgbF(part(from.redF(), to.redF()), part(from.greenF(), to.greenF()),
                          part(from.blueF(), to.blueF()));
}

QRectF centred(double x, double y, double side) {
  return {x - side / 2, y - side / 2, side, side};
}

double cornerRadius(Detail detail, double zoom) {
  if (detail == Detail::Full) return metrics::kCardRadius * zoom;
  return detail == Detail::Tile ? 7 : 5;
}

// The port that a selected wire leaves by.
bool hasSelectedWire(const CanvasState& state, int card, int port) {
  if (state.selectedWires.size() != state.scene.wires().size()) return false;
  for (const int number : state.scene.wiresOf(card)) {
    const Wire& wire = state.scene.wire(number);
    if (wire.from == card && static_cast<int>(wire.port) == port &&
        state.selectedWires[static_cast<std::size_t>(number)])
      return true;
  }
  return false;
}

// Tiles grow a little towards 69 %, their text does not need to.
double tileGrowth(double zoom) {
  return std::clamp(zoom / 0.465, 1.0, 1.4);
}

const CardLive kNoLive;

}  // namespace

QRect CardPainter::screenRect(const CanvasState& state, int card) {
  const QRectF scene = state.scene.card(card).rect;
  const QPointF corner = state.view.toScreen(scene.topLeft());
  return {static_cast<int>(std::floor(corner.x() + 0.5)),
          static_cast<int>(std::floor(corner.y() + 0.5)),
          static_cast<int>(std::lround(scene.width() * state.view.zoom)),
          static_cast<int>(std::lround(scene.height() * state.view.zoom))};
}

QRect CardPainter::dirtyRect(const CanvasState& state, int card) {
  constexpr int kOver = theme::metrics::kShadowRings + theme::metrics::kShadowOffset + 2;
  return screenRect(state, card).adjusted(-kOver, -kOver, kOver + 8, kOver);
}

void CardPainter::draw(QPainter& painter, const CanvasState& state, int number,
                       const theme::Tokens& tokens) {
  const auto index = static_cast<std::size_t>(number);
  const Scene at{painter,
                 state,
                 tokens,
                 number,
                 state.scene.card(number),
                 index < state.live.cards.size() ? state.live.cards[index] : kNoLive,
                 state.view.detail(),
                 screenRect(state, number),
                 state.view.zoom};
  m_shape.draw(painter, at.rect, cornerRadius(at.detail, at.zoom),
               at.detail == Detail::Full ? 1 : 0.6, tokens);
  drawBorders(at);
  if (at.detail == Detail::Full) drawFull(at);
  if (at.detail == Detail::Tile) drawTileForm(at);
  if (at.detail == Detail::Icon) drawIconForm(at);
  if (at.detail != Detail::Icon) drawPorts(at);
  drawBadge(at);
}

void CardPainter::drawBorders(const Scene& at) {
  const double radius = cornerRadius(at.detail, at.zoom);
  QPainter& painter = at.painter;
  painter.setBrush(Qt::NoBrush);
  const bool isHovered = at.state.hoveredCard == at.number && at.state.hover > 0;
  QPen pen(Qt::NoPen);
  if (at.live.mark == theme::State::Error)
    pen = QPen(at.tokens.error.foreground, metrics::kErrorBorder);
  else if (isHovered)
    pen = QPen(mixed(at.tokens.border, at.tokens.borderStrong, at.state.hover), 1);
  if (!at.card.isKnown) pen.setStyle(Qt::DashLine);
  if (pen.style() != Qt::NoPen) {
    const double half = pen.widthF() / 2;
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(at.rect).adjusted(half, half, -half, -half), radius - half,
                            radius - half);
  }
  const auto index = static_cast<std::size_t>(at.number);
  if (index < at.state.selectedCards.size() && at.state.selectedCards[index])
    theme::drawRing(painter, at.rect, radius, theme::metrics::kSelectionGap,
                    theme::metrics::kSelectionRing, at.tokens.accent);
}

void CardPainter::drawFull(const Scene& at) {
  const double tile = at.scaled(metrics::kCardTile);
  const double padding = metrics::kCardPadding;
  widgets::drawTile(at.painter, QRectF(at.x(padding), at.y(padding), tile, tile), at.card.icon,
                    at.card.family, at.tokens);
  const double left = padding + metrics::kCardTile + 8;
  m_texts.draw(at.painter, m_texts.face(theme::TextRole::BodyStrong, at.pixels(13)), at.tokens.text,
               at.card.title, at.x(left), at.y(19.5), at.scaled(metrics::kTitleWidth + 16));
  m_texts.draw(at.painter, m_texts.face(theme::TextRole::Meta, at.pixels(11)), at.tokens.text3,
               at.card.typeLine, at.x(left), at.y(36.5),
               at.scaled(metrics::kCardWidth - left - padding));
  theme::drawStateMark(at.painter, at.live.mark,
                       centred(at.x(metrics::kMarkX), at.y(metrics::kMarkY),
                               std::max(7.0, at.scaled(metrics::kMark))),
                       at.tokens, at.state.spin);
  if (at.live.hasNumbers) {
    drawSparkline(at);
    drawNumbers(at);
    return;
  }
  m_texts.draw(at.painter, m_texts.face(theme::TextRole::Meta, at.pixels(11)), at.tokens.text2,
               at.card.summary, at.x(padding), at.y(metrics::kSparkTop + 18),
               at.scaled(metrics::kSparkWidth));
}

void CardPainter::drawNumbers(const Scene& at) {
  const QRectF row(at.x(metrics::kCardPadding), at.y(metrics::kMetricsTop),
                   at.scaled(metrics::kSparkWidth), at.scaled(16));
  at.painter.setFont(m_texts.face(theme::TextRole::LabelStrong, at.pixels(11)).font);
  at.painter.setPen(at.tokens.text);
  theme::drawNumber(at.painter, row, Qt::AlignLeft | Qt::AlignVCenter, at.live.rate);
  at.painter.setFont(m_texts.face(theme::TextRole::Meta, at.pixels(11)).font);
  at.painter.setPen(at.tokens.text2);
  theme::drawNumber(at.painter, row, Qt::AlignHCenter | Qt::AlignVCenter, at.live.p99);
  if (at.live.isFailing) at.painter.setPen(at.tokens.error.foreground);
  theme::drawNumber(at.painter, row, Qt::AlignRight | Qt::AlignVCenter, at.live.errors);
}

void CardPainter::drawSparkline(const Scene& at) {
  if (at.live.points < 2) return;
  const double top = at.y(metrics::kSparkTop);
  const double height = at.scaled(metrics::kSparkHeight);
  const auto begin = at.live.history.begin();
  const float most = *std::max_element(begin, begin + static_cast<std::ptrdiff_t>(at.live.points));
  const double unit = most > 0 ? height / (1.3 * static_cast<double>(most)) : 0;
  const double step = at.scaled(metrics::kSparkWidth) / double(bridge::NodeLive::kPoints - 1);
  // New runs fill the strip from the right, where now is.
  const double first =
      at.x(metrics::kCardPadding) + step * double(bridge::NodeLive::kPoints - at.live.points);
  std::array<QPointF, bridge::NodeLive::kPoints + 2> line;
  for (std::size_t i = 0; i < at.live.points; ++i)
    line[i] = {first + step * static_cast<double>(i),
               top + height - unit * static_cast<double>(at.live.history[i])};
  const std::size_t count = at.live.points;
  line[count] = {line[count - 1].x(), top + height};
  line[count + 1] = {line[0].x(), top + height};
  const QColor color = at.tokens.family(at.card.family).foreground;
  QColor area = color;
  area.setAlphaF(at.tokens.isDark() ? 0.16f : 0.11f);
  at.painter.setPen(Qt::NoPen);
  at.painter.setBrush(area);
  at.painter.setRenderHint(QPainter::Antialiasing, false);  // the line covers its edge
  at.painter.drawPolygon(line.data(), static_cast<int>(count + 2));
  at.painter.setRenderHint(QPainter::Antialiasing, true);
  // Round joins cost more than all the rest of the card and cannot be seen at this width.
  at.painter.setPen(QPen(color, metrics::kSparkLine, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
  at.painter.setBrush(Qt::NoBrush);
  at.painter.drawPolyline(line.data(), static_cast<int>(count));
}

void CardPainter::drawTileForm(const Scene& at) {
  const double growth = tileGrowth(at.zoom);
  const double side = std::round(metrics::kTileSide * growth);
  const double middle = at.rect.top() + at.rect.height() / 2.0;
  const QRectF tile(at.rect.left() + metrics::kTileX * growth, std::round(middle - side / 2), side,
                    side);
  widgets::drawTile(at.painter, tile, at.card.icon, at.card.family, at.tokens);
  theme::drawStateMark(at.painter, at.live.mark,
                       centred(tile.right() - 2, tile.bottom() - 2.5, metrics::kTileMark),
                       at.tokens, at.state.spin);

  const Face& title = m_texts.face(theme::TextRole::LabelStrong, 12);
  const double left = tile.right() + metrics::kTileGap;
  const double width = at.rect.right() + 1 - left - 3;
  const std::vector<QString>& lines = m_texts.wrapped(title, at.card.title, width, 2);
  const double rows = static_cast<double>(lines.size()) + (at.live.hasNumbers ? 1 : 0);
  double line = middle - metrics::kTileLine * (rows - 1) / 2;
  for (const QString& text : lines) {
    m_texts.draw(at.painter, title, at.tokens.text, text, left, line, width);
    line += metrics::kTileLine;
  }
  if (!at.live.hasNumbers) return;
  at.painter.setFont(m_texts.face(theme::TextRole::Meta, 11).font);
  at.painter.setPen(at.tokens.text3);
  theme::drawNumber(at.painter, QRectF(left, line - 8, width, 16), Qt::AlignLeft | Qt::AlignVCenter,
                    at.live.rate);
}

void CardPainter::drawIconForm(const Scene& at) {
  const double side = std::min(metrics::kTileSide, at.rect.height() - 6.0);
  const QRectF tile = centred(at.rect.center().x() + 1, at.rect.center().y() + 1, side);
  widgets::drawTile(at.painter, tile, at.card.icon, at.card.family, at.tokens);
  theme::drawStateMark(at.painter, at.live.mark, centred(tile.right() - 1, tile.bottom() - 1, 6),
                       at.tokens, at.state.spin);
}

void CardPainter::drawPorts(const Scene& at) {
  const bool isHovered = at.state.hoveredCard == at.number;
  const double usual = at.detail == Detail::Tile ? metrics::kTileLevelPort / 2
                                                 : std::max(4.0, at.scaled(metrics::kPort));
  const double grown = std::max(usual + 1, at.scaled(metrics::kPortFits));
  const auto port = [&](QPointF scene, int number, bool isGrown) {
    const bool isHit = at.state.hoveredPort == CanvasScene::PortHit{at.number, number} ||
                       (number >= 0 && hasSelectedWire(at.state, at.number, number));
    const double come = isHit || at.state.connecting ? 1 : at.state.hover;
    const double radius = isHit || isGrown ? usual + (grown - usual) * come : usual;
    // Beside the rounded card, not beside the exact scene point.
    const QPointF place = at.rect.topLeft() + (scene - at.card.rect.topLeft()) * at.zoom;
    const double ring = isHit ? 2 : at.detail == Detail::Tile ? 1.2 : metrics::kPortRing;
    at.painter.setPen(QPen(isHit ? at.tokens.accent : at.tokens.borderStrong, ring));
    at.painter.setBrush(at.tokens.raised);
    at.painter.drawEllipse(place, radius - ring / 2, radius - ring / 2);
  };
  const auto& connecting = at.state.connecting;
  const bool fits = connecting && connecting->fits[static_cast<std::size_t>(at.number)];
  if (at.card.hasInput) port(at.card.input(), -1, connecting ? fits : isHovered);
  for (std::size_t i = 0; i < at.card.outputs.size(); ++i) {
    const bool isOffered = isHovered && at.detail == Detail::Full;
    if (at.card.outputs[i].isError && !at.card.hasErrorWire && !isOffered) continue;
    port(at.card.output(i), static_cast<int>(i), !connecting && isHovered);
  }
}

void CardPainter::drawBadge(const Scene& at) {
  if (at.live.badge.isEmpty()) return;
  const Face& face = m_texts.face(theme::TextRole::LabelStrong, 11);
  const double over = at.detail == Detail::Full ? metrics::kBadgeOver : 4.5;
  const double least = at.detail == Detail::Full ? metrics::kBadgeWidth : 29;
  const double width = std::max(least, theme::numberWidth(at.live.badge, face.font) + 14);
  const QRectF pill(at.rect.right() + 1 + over - width, at.rect.top() - metrics::kBadgeOver, width,
                    metrics::kBadgeHeight);
  at.painter.setPen(Qt::NoPen);
  at.painter.setBrush(at.tokens.error.foreground);
  at.painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
  at.painter.setFont(face.font);
  at.painter.setPen(at.tokens.onError);
  theme::drawNumber(at.painter, pill, Qt::AlignCenter, at.live.badge);
}

void CardPainter::drawBlocks(QPainter& painter, const CanvasState& state,
                             const std::vector<int>& cards, const theme::Tokens& tokens) {
  std::array<std::vector<QRect>, theme::kFamilies.size()> byFamily;
  std::vector<QRect> failing;
  std::vector<QRect> selected;
  for (const int at : cards) {
    const auto index = static_cast<std::size_t>(at);
    const QRect rect = screenRect(state, at);
    const bool isFailing =
        index < state.live.cards.size() && state.live.cards[index].mark == theme::State::Error;
    if (isFailing)
      failing.push_back(rect);
    else
      byFamily[static_cast<std::size_t>(state.scene.card(at).family)].push_back(rect);
    if (index < state.selectedCards.size() && state.selectedCards[index])
      selected.push_back(rect.adjusted(-2, -2, 1, 1));
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
  const auto fill = [&](const std::vector<QRect>& rects, const theme::Tint& tint) {
    if (rects.empty()) return;
    QColor outline = tint.foreground;
    outline.setAlphaF(0.5f);
    painter.setPen(outline);
    painter.setBrush(tint.soft);
    painter.drawRects(rects.data(), static_cast<int>(rects.size()));
  };
  for (std::size_t family = 0; family < byFamily.size(); ++family)
    fill(byFamily[family], tokens.families[family]);
  fill(failing, tokens.error);
  painter.setPen(QPen(tokens.accent, 2));
  painter.setBrush(Qt::NoBrush);
  if (!selected.empty()) painter.drawRects(selected.data(), static_cast<int>(selected.size()));
  painter.setRenderHint(QPainter::Antialiasing, true);
}

}  // namespace freshet::canvas
