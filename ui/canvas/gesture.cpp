// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/gesture.h"

#include <algorithm>

#include "ui/canvas/card_painter.h"
#include "ui/canvas/overlay_painter.h"
#include "ui/canvas/wire_painter.h"

namespace freshet::canvas {
namespace {

class PanGesture final : public Gesture {
 public:
  PanGesture(GestureContext& context, QPointF screen)
      : m_context(context), m_view(context.state.view), m_start(screen) {}

  void move(QPointF screen, Qt::KeyboardModifiers) override {
    m_context.setView({m_view.zoom, m_view.origin - (screen - m_start) / m_view.zoom});
  }

 private:
  GestureContext& m_context;
  ViewTransform m_view;
  QPointF m_start;
};

class MinimapGesture final : public Gesture {
 public:
  MinimapGesture(GestureContext& context, QPointF screen) : m_context(context) { move(screen, {}); }

  void move(QPointF screen, Qt::KeyboardModifiers) override {
    const CanvasState& state = m_context.state;
    const QPointF centre = OverlayPainter::minimapToScene(state, screen);
    const QSizeF half = state.size / state.view.zoom / 2;
    m_context.setView({state.view.zoom, centre - QPointF(half.width(), half.height())});
  }

 private:
  GestureContext& m_context;
};

class RubberBandGesture final : public Gesture {
 public:
  RubberBandGesture(GestureContext& context, QPointF screen, Qt::KeyboardModifiers modifiers)
      : m_context(context), m_start(screen) {
    if (modifiers & (Qt::ShiftModifier | Qt::ControlModifier)) m_before = context.selection.nodes();
    m_isToggle = modifiers & Qt::ControlModifier;
  }

  void move(QPointF screen, Qt::KeyboardModifiers) override {
    CanvasState& state = m_context.state;
    const QRectF old = state.rubberBand.value_or(QRectF(m_start, m_start));
    state.rubberBand = QRectF(m_start, screen).normalized();
    m_context.repaint((old | *state.rubberBand).adjusted(-2, -2, 2, 2));
    const QRectF scene = state.view.toScene(*state.rubberBand);
    bridge::SelectionModel::Ids nodes = m_before;
    for (const int at : state.scene.cardsNear(scene)) {
      const Card& card = state.scene.card(at);
      if (!card.rect.intersects(scene)) continue;
      if (m_isToggle && m_before.contains(card.id))
        nodes.erase(card.id);
      else
        nodes.insert(card.id);
    }
    m_context.selection.set(std::move(nodes), {}, m_context.selection.current());
  }
  void finish() override { cancel(); }
  void cancel() override {
    if (m_context.state.rubberBand)
      m_context.repaint(m_context.state.rubberBand->adjusted(-2, -2, 2, 2));
    m_context.state.rubberBand.reset();
  }

 private:
  GestureContext& m_context;
  QPointF m_start;
  bridge::SelectionModel::Ids m_before;
  bool m_isToggle = false;
};

class MoveGesture final : public Gesture {
 public:
  MoveGesture(GestureContext& context, QPointF screen, int pressed, OnClick onClick)
      : m_context(context), m_start(screen), m_pressed(pressed), m_onClick(onClick) {
    const CanvasScene& scene = context.state.scene;
    for (const std::string& id : context.selection.nodes())
      if (const int at = scene.find(id); at >= 0) {
        m_cards.push_back(at);
        m_from.push_back(scene.card(at).rect.topLeft());
      }
  }

  void move(QPointF screen, Qt::KeyboardModifiers modifiers) override {
    constexpr double kBegin = 4;
    if (!m_isMoving && (screen - m_start).manhattanLength() < kBegin) return;
    m_isMoving = true;
    QPointF by = (screen - m_start) / m_context.state.view.zoom;
    if (!(modifiers & Qt::ControlModifier)) by = snappedDelta(by);
    if (by == m_by) return;
    m_by = by;
    place(by);
  }

  void finish() override {
    if (!m_isMoving) {
      if (m_onClick == OnClick::SelectAlone && m_cards.size() > 1)
        m_context.selection.selectNode(m_context.state.scene.card(m_pressed).id);
      return;
    }
    if (m_by.isNull()) return;
    std::vector<pipeline::Layout::Placed> to;
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
      const QPointF at = m_from[i] + m_by;
      to.push_back({m_context.state.scene.card(m_cards[i]).id, {at.x(), at.y()}});
    }
    m_context.commands.moveNodes(to);
  }

  void cancel() override {
    if (m_isMoving) place({});
  }

 private:
  // The pressed card lands on the grid, the others keep their distance to it.
  QPointF snappedDelta(QPointF by) const {
    const auto pressed = std::find(m_cards.begin(), m_cards.end(), m_pressed);
    if (m_cards.empty()) return {};
    const QPointF from = pressed == m_cards.end()
                             ? m_from.front()
                             : m_from[static_cast<std::size_t>(pressed - m_cards.begin())];
    return snapped(from + by) - from;
  }

  void place(QPointF by) {
    const QRectF before = dirtyAround(m_context.state, m_cards);
    for (std::size_t i = 0; i < m_cards.size(); ++i)
      m_context.state.scene.place(m_cards[i], m_from[i] + by);
    m_context.state.scene.finishPlacing();
    m_context.repaint(before | dirtyAround(m_context.state, m_cards));
  }

  GestureContext& m_context;
  QPointF m_start;
  QPointF m_by;
  int m_pressed;
  OnClick m_onClick;
  bool m_isMoving = false;
  std::vector<int> m_cards;
  std::vector<QPointF> m_from;
};

class ConnectGesture final : public Gesture {
 public:
  ConnectGesture(GestureContext& context, QPointF screen, CanvasScene::PortHit from)
      : m_context(context) {
    Connecting wire;
    wire.from = from;
    wire.pointer = context.state.view.toScene(screen);
    const CanvasScene& scene = context.state.scene;
    wire.fits.resize(scene.cards().size());
    const QRectF seen = context.state.view.toScene(QRectF(QPointF(), context.state.size));
    for (const int at : scene.cardsNear(seen))
      wire.fits[static_cast<std::size_t>(at)] =
          from.port >= 0 && context.commands.refusal(edgeTo(wire, {at, -1})).isEmpty();
    context.state.connecting = std::move(wire);
    context.repaint(QRectF(QPointF(), context.state.size));
  }

  void move(QPointF screen, Qt::KeyboardModifiers) override {
    CanvasState& state = m_context.state;
    Connecting& wire = *state.connecting;
    const QRectF before = dirty();
    m_isMoved = true;
    wire.pointer = state.view.toScene(screen);
    const CanvasScene::PortHit hit = hitAt(wire.pointer);
    wire.target = -1;
    wire.refusal.clear();
    if (hit.card >= 0 && hit.card != wire.from.card) {
      wire.refusal = m_context.commands.refusal(edgeTo(wire, hit));
      if (wire.refusal.isEmpty()) wire.target = hit.card;
    }
    m_hit = hit;
    m_context.repaint(before | dirty());
  }

  void finish() override {
    const Connecting wire = *m_context.state.connecting;
    cancel();
    if (!m_isMoved) selectWireOf(wire.from);
    if (wire.target >= 0)
      m_context.commands.connect(edgeTo(wire, m_hit));
    else if (m_isMoved && m_hit.card < 0)
      m_context.dropWire(wire);
  }

  void cancel() override {
    m_context.state.connecting.reset();
    m_context.repaint(QRectF(QPointF(), m_context.state.size));
  }

 private:
  // A click on a port asks for what passes there.
  void selectWireOf(CanvasScene::PortHit port) {
    const CanvasScene& scene = m_context.state.scene;
    for (const int number : scene.wiresOf(port.card)) {
      const Wire& wire = scene.wire(number);
      const bool isOut = wire.from == port.card && static_cast<int>(wire.port) == port.port;
      if (isOut || (port.port < 0 && wire.to == port.card))
        return m_context.selection.selectEdge(wire.key);
    }
    m_context.selection.selectNode(scene.card(port.card).id);
  }

  CanvasScene::PortHit hitAt(QPointF scene) const {
    const CanvasState& state = m_context.state;
    const bool isBackward = state.connecting->from.port < 0;
    CanvasScene::PortHit hit =
        state.scene.portAt(scene, metrics::kPortReach / state.view.zoom, state.view.detail());
    if (hit.card < 0) hit.card = state.scene.cardAt(scene);
    if (!isBackward) hit.port = -1;
    if (isBackward && hit.card >= 0 && hit.port < 0) hit.port = 0;
    return hit;
  }

  pipeline::Edge edgeTo(const Connecting& wire, CanvasScene::PortHit hit) const {
    const CanvasScene& scene = m_context.state.scene;
    const CanvasScene::PortHit& out = wire.from.port < 0 ? hit : wire.from;
    const CanvasScene::PortHit& in = wire.from.port < 0 ? wire.from : hit;
    const std::string& from = scene.card(out.card).id;
    return {from, m_context.commands.portName(from, static_cast<std::size_t>(out.port)),
            scene.card(in.card).id};
  }

  // The loose wire and the words beside the pointer.
  QRectF dirty() const {
    const CanvasState& state = m_context.state;
    const Connecting& wire = *state.connecting;
    const QPointF pointer = state.view.toScreen(wire.pointer);
    const QRectF card = CardPainter::dirtyRect(state, wire.from.card);
    const double bow = std::max(40.0, card.width() + std::abs(pointer.x() - card.x()) / 2);
    QRectF all = card | QRectF(pointer - QPointF(400, 60), QSizeF(800, 120));
    if (wire.target >= 0) all |= CardPainter::dirtyRect(state, wire.target);
    return all.adjusted(-bow, -8, bow, 8);
  }

  GestureContext& m_context;
  CanvasScene::PortHit m_hit;
  bool m_isMoved = false;
};

}  // namespace

std::unique_ptr<Gesture> panGesture(GestureContext& context, QPointF screen) {
  return std::make_unique<PanGesture>(context, screen);
}
std::unique_ptr<Gesture> minimapGesture(GestureContext& context, QPointF screen) {
  return std::make_unique<MinimapGesture>(context, screen);
}
std::unique_ptr<Gesture> rubberBandGesture(GestureContext& context, QPointF screen,
                                           Qt::KeyboardModifiers modifiers) {
  return std::make_unique<RubberBandGesture>(context, screen, modifiers);
}
std::unique_ptr<Gesture> moveGesture(GestureContext& context, QPointF screen, int pressedCard,
                                     OnClick onClick) {
  return std::make_unique<MoveGesture>(context, screen, pressedCard, onClick);
}
std::unique_ptr<Gesture> connectGesture(GestureContext& context, QPointF screen,
                                        CanvasScene::PortHit from) {
  return std::make_unique<ConnectGesture>(context, screen, from);
}

QRectF dirtyAround(const CanvasState& state, const std::vector<int>& cards) {
  QRectF all;
  for (const int card : cards) {
    all |= CardPainter::dirtyRect(state, card);
    for (const int wire : state.scene.wiresOf(card)) all |= WirePainter::dirtyRect(state, wire);
  }
  for (const Frame& frame : state.scene.frames())
    for (const int member : frame.members)
      if (std::find(cards.begin(), cards.end(), member) != cards.end()) {
        all |= state.view.toScreen(frame.rect).adjusted(-2, -2, 2, 2);
        break;
      }
  return all;
}

}  // namespace freshet::canvas
