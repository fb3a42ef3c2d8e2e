// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_scene.h"

#include <QLineF>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/canvas/auto_layout.h"
#include "ui/canvas/canvas_metrics.h"
#include "ui/canvas/view_transform.h"

namespace freshet::canvas {
namespace {

// Links show their words, emphasis and code theirs: the canvas draws plain text.
QString withoutMarks(QString text) {
  static const QRegularExpression link(QStringLiteral(R"(!?\[([^\]]*)\]\([^)]*\))"));
  static const QRegularExpression marks(
      QStringLiteral(R"((\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)))"));
  return text.replace(link, QStringLiteral("\\1")).remove(marks);
}

std::vector<NoteLine> noteLines(const std::string& markdown) {
  std::vector<NoteLine> lines;
  for (const QString& line : QString::fromStdString(markdown).split(QLatin1Char('\n'))) {
    const QString text = line.trimmed();
    if (text.startsWith(QLatin1Char('#')))
      lines.push_back({withoutMarks(text.mid(text.indexOf(QLatin1Char(' ')) + 1)), true});
    else if (text.startsWith(QLatin1String("- ")) || text.startsWith(QLatin1String("* ")))
      lines.push_back({QStringLiteral("• ") + withoutMarks(text.mid(2)), false});
    else
      lines.push_back({withoutMarks(text), false});
  }
  return lines;
}

double distance(QPointF point, QPointF a, QPointF b) {
  const QPointF along = b - a;
  const double length = QPointF::dotProduct(along, along);
  const double t =
      length > 0 ? std::clamp(QPointF::dotProduct(point - a, along) / length, 0.0, 1.0) : 0;
  return QLineF(point, a + t * along).length();
}

double cardHeight(const Card& card) {
  const auto right = std::count_if(card.outputs.begin(), card.outputs.end(),
                                   [](const auto& port) { return !port.isError; });
  const double last = metrics::kPortY + metrics::kPortStep * static_cast<double>(right - 1);
  return std::max(metrics::kCardHeight, last + metrics::kCardPadding);
}

}  // namespace

QPointF Card::input() const {
  return rect.topLeft() + QPointF(0, metrics::kPortY);
}

QPointF Card::output(std::size_t port) const {
  if (port < outputs.size() && outputs[port].isError) return {rect.center().x(), rect.bottom()};
  double y = metrics::kPortY;
  for (std::size_t i = 0; i < port && i < outputs.size(); ++i)
    if (!outputs[i].isError) y += metrics::kPortStep;
  return {rect.right(), rect.top() + y};
}

QPointF Wire::at(double t) const {
  const double u = 1 - t;
  return u * u * u * start + 3 * u * u * t * firstControl + 3 * u * t * t * secondControl +
         t * t * t * end;
}

QPainterPath Wire::path() const {
  QPainterPath path(start);
  path.cubicTo(firstControl, secondControl, end);
  return path;
}

QRectF Wire::box() const {
  return QRectF(start, end).normalized() |
         QRectF(firstControl, secondControl).normalized().adjusted(0, 0, 1, 1);
}

void CanvasScene::rebuild(const pipeline::Project& project, const spec::SpecCatalog& catalog) {
  addCards(project, catalog);
  addWires(project.pipeline);
  addFrames(project.layout);
  m_notes.clear();
  for (const pipeline::Layout::Note& note : project.layout.notes)
    m_notes.push_back({{note.at.x, note.at.y, note.width, note.height}, noteLines(note.text)});
  finishPlacing();
}

void CanvasScene::addCards(const pipeline::Project& project, const spec::SpecCatalog& catalog) {
  const std::vector<pipeline::Point> places = placesOf(project);
  m_cards.clear();
  m_byId.clear();
  for (std::size_t i = 0; i < project.pipeline.nodes.size(); ++i) {
    const pipeline::Node& node = project.pipeline.nodes[i];
    const spec::NodeSpec* spec = catalog.find(node.type);
    Card card;
    card.id = node.id;
    card.title = bridge::titleOf(node, spec);
    card.typeLine = bridge::typeLine(node, spec);
    card.summary = spec ? QString::fromStdString(spec->summary) : QString();
    card.icon = bridge::iconOf(spec);
    card.family = bridge::familyOf(spec);
    card.isKnown = spec != nullptr;
    card.hasInput = !spec || spec->hasInput;
    card.outputs = bridge::outputsOf(node, spec);
    card.rect = {places[i].x, places[i].y, metrics::kCardWidth, 0};
    card.rect.setHeight(cardHeight(card));
    m_byId.emplace(node.id, static_cast<int>(i));
    m_cards.push_back(std::move(card));
  }
  m_flow.clear();
  for (const std::size_t node : pipeline::flowOrder(project.pipeline))
    m_flow.push_back(static_cast<int>(node));
  if (m_flow.size() != m_cards.size()) {
    m_flow.resize(m_cards.size());
    std::iota(m_flow.begin(), m_flow.end(), 0);
  }
}

void CanvasScene::addWires(const pipeline::Pipeline& pipeline) {
  m_wires.clear();
  m_byEdge.clear();
  m_wiresOf.assign(m_cards.size(), {});
  for (const pipeline::Edge& edge : pipeline.edges) {
    Wire wire;
    wire.key = edge.text();
    wire.from = find(edge.from);
    wire.to = find(edge.to);
    if (wire.from < 0 || wire.to < 0) continue;
    const std::vector<bridge::OutputPort>& outputs = card(wire.from).outputs;
    for (std::size_t port = 0; port < outputs.size(); ++port)
      if (outputs[port].name == edge.port) wire.port = port;
    wire.isError = wire.port < outputs.size() && outputs[wire.port].isError;
    m_cards[static_cast<std::size_t>(wire.from)].hasErrorWire |= wire.isError;
    const int number = static_cast<int>(m_wires.size());
    m_byEdge.emplace(wire.key, number);
    m_wiresOf[static_cast<std::size_t>(wire.from)].push_back(number);
    m_wiresOf[static_cast<std::size_t>(wire.to)].push_back(number);
    m_wires.push_back(std::move(wire));
  }
}

void CanvasScene::addFrames(const pipeline::Layout& layout) {
  m_frames.clear();
  for (const pipeline::Layout::Group& group : layout.groups) {
    Frame frame;
    frame.title = QString::fromStdString(group.title);
    for (const std::string& id : group.members)
      if (const int member = find(id); member >= 0) frame.members.push_back(member);
    if (!frame.members.empty()) m_frames.push_back(std::move(frame));
  }
}

void CanvasScene::setDiagnostics(std::span<const pipeline::Diagnostic> diagnostics) {
  for (Card& card : m_cards) card.errors = card.warnings = 0;
  for (const pipeline::Diagnostic& found : diagnostics) {
    const int at = find(found.node);
    if (at < 0) continue;
    Card& card = m_cards[static_cast<std::size_t>(at)];
    if (found.severity == pipeline::Severity::Error) ++card.errors;
    if (found.severity == pipeline::Severity::Warning) ++card.warnings;
  }
}

void CanvasScene::place(int card, QPointF topLeft) {
  m_cards[static_cast<std::size_t>(card)].rect.moveTopLeft(topLeft);
}

void CanvasScene::finishPlacing() {
  m_bounds = {};
  m_cardIndex.clear(m_cards.size());
  for (std::size_t i = 0; i < m_cards.size(); ++i) {
    m_cardIndex.insert(static_cast<int>(i), m_cards[i].rect);
    m_bounds |= m_cards[i].rect;
  }
  m_wireIndex.clear(m_wires.size());
  for (std::size_t i = 0; i < m_wires.size(); ++i) {
    route(m_wires[i]);
    m_wireIndex.insert(static_cast<int>(i), m_wires[i].box());
  }
  for (Frame& one : m_frames) {
    frame(one);
    m_bounds |= one.rect;
  }
  for (const NoteBox& note : m_notes) m_bounds |= note.rect;
}

void CanvasScene::route(Wire& wire) const {
  wire.start = card(wire.from).output(wire.port);
  wire.end = card(wire.to).input();
  const double dx = wire.end.x() - wire.start.x();
  const bool isFar = dx > metrics::kCardWidth;
  const double offset = isFar    ? metrics::kWireOffsetFar
                        : dx < 0 ? std::min(160.0, metrics::kWireOffset - dx / 2)
                                 : std::max(metrics::kWireOffset, dx / 2);
  wire.firstControl = wire.start + (wire.isError ? QPointF(0, offset) : QPointF(offset, 0));
  wire.secondControl = wire.end - QPointF(offset, 0);
}

void CanvasScene::frame(Frame& one) const {
  one.rect = boundsOf(one.members)
                 .adjusted(-metrics::kGroupSide, -metrics::kGroupTop, metrics::kGroupSide,
                           metrics::kGroupBottom);
}

QRectF CanvasScene::boundsOf(std::span<const int> cards) const {
  QRectF all;
  for (const int at : cards) all |= card(at).rect;
  return all;
}

int CanvasScene::find(std::string_view node) const {
  const auto found = m_byId.find(node);
  return found == m_byId.end() ? -1 : found->second;
}

int CanvasScene::findWire(std::string_view edge) const {
  const auto found = m_byEdge.find(edge);
  return found == m_byEdge.end() ? -1 : found->second;
}

QPointF CanvasScene::freeSpot(QPointF topLeft) const {
  constexpr double kApart = 140;
  QRectF spot(snapped(topLeft), QSizeF(metrics::kCardWidth, metrics::kCardHeight));
  const auto isTaken = [&] {
    const std::vector<int>& near = cardsNear(spot);
    return std::any_of(near.begin(), near.end(),
                       [&](int at) { return card(at).rect.intersects(spot); });
  };
  while (isTaken()) spot.translate(0, kApart);
  return spot.topLeft();
}

int CanvasScene::cardAt(QPointF scene) const {
  int top = -1;
  for (const int at : cardsNear(QRectF(scene, QSizeF(1, 1))))
    if (card(at).rect.contains(scene)) top = at;
  return top;
}

int CanvasScene::wireAt(QPointF scene, double reach) const {
  const QRectF around(scene.x() - reach, scene.y() - reach, 2 * reach, 2 * reach);
  for (const int number : wiresNear(around)) {
    const Wire& one = wire(number);
    if (!one.box().adjusted(-reach, -reach, reach, reach).contains(scene)) continue;
    constexpr int kSteps = 24;
    for (int i = 0; i < kSteps; ++i)
      if (distance(scene, one.at(double(i) / kSteps), one.at(double(i + 1) / kSteps)) <= reach)
        return number;
  }
  return -1;
}

CanvasScene::PortHit CanvasScene::portAt(QPointF scene, double reach, Detail detail) const {
  if (detail != Detail::Full && detail != Detail::Tile) return {};
  const QRectF around(scene.x() - reach, scene.y() - reach, 2 * reach, 2 * reach);
  PortHit best;
  double nearest = reach;
  const auto consider = [&](int card, int port, QPointF at) {
    const double away = QLineF(scene, at).length();
    if (away > nearest) return;
    nearest = away;
    best = {card, port};
  };
  for (const int at : cardsNear(around)) {
    const Card& one = card(at);
    if (one.hasInput) consider(at, -1, one.input());
    for (std::size_t port = 0; port < one.outputs.size(); ++port)
      if (!one.outputs[port].isError || one.hasErrorWire || detail == Detail::Full)
        consider(at, static_cast<int>(port), one.output(port));
  }
  return best;
}

}  // namespace freshet::canvas
