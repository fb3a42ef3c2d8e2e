// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_pointer.h"

#include <QMouseEvent>
#include <QWidget>

#include "ui/canvas/card_painter.h"
#include "ui/canvas/frame_painter.h"
#include "ui/canvas/overlay_painter.h"
#include "ui/canvas/wire_painter.h"

namespace freshet::canvas {
namespace {

constexpr double kWireReach = 6;  // screen

QRectF overlayRect(const CanvasState& state, Overlay overlay) {
  return overlay == Overlay::None ? QRectF() : OverlayPainter::zoomPillRect(state.size);
}

}  // namespace

bool CanvasPointer::press(const QMouseEvent& event) {
  CanvasState& state = m_context.state;
  const QPointF at = event.position();
  const bool isPan =
      event.button() == Qt::MiddleButton || (event.button() == Qt::LeftButton && m_isSpaceDown);
  if (isPan) {
    m_gesture = panGesture(m_context, at);
    m_isPanning = true;
    setCursor();
    return true;
  }
  if (event.button() != Qt::LeftButton) return true;
  const Overlay overlay = OverlayPainter::overlayAt(state, at);
  if (overlay == Overlay::Minimap) {
    m_gesture = minimapGesture(m_context, at);
    return true;
  }
  if (overlay != Overlay::None) return false;
  m_gesture = pressLeft(at, event.modifiers());
  return true;
}

std::unique_ptr<Gesture> CanvasPointer::pressLeft(QPointF at, Qt::KeyboardModifiers modifiers) {
  const CanvasState& state = m_context.state;
  const QPointF scene = state.view.toScene(at);
  const double zoom = state.view.zoom;
  const bool isPlain = !(modifiers & (Qt::ShiftModifier | Qt::ControlModifier));
  const CanvasScene::PortHit port =
      state.scene.portAt(scene, metrics::kPortReach / zoom, state.view.detail());
  if (port.card >= 0) return connectGesture(m_context, at, port);
  if (const int card = state.scene.cardAt(scene); card >= 0) {
    selectCard(card, modifiers);
    return moveGesture(m_context, at, card, isPlain ? OnClick::SelectAlone : OnClick::Keep);
  }
  if (const int wire = state.scene.wireAt(scene, kWireReach / zoom); wire >= 0) {
    const std::string& key = state.scene.wire(wire).key;
    if (isPlain)
      m_context.selection.selectEdge(key);
    else
      m_context.selection.toggleEdge(key);
    return nullptr;
  }
  if (const int frame = frameTitleAt(at); frame >= 0) {
    bridge::SelectionModel::Ids members;
    for (const int member : state.scene.frames()[static_cast<std::size_t>(frame)].members)
      members.insert(state.scene.card(member).id);
    m_context.selection.set(std::move(members), {}, {});
    return moveGesture(m_context, at, -1, OnClick::Keep);
  }
  if (isPlain) m_context.selection.clear();
  return rubberBandGesture(m_context, at, modifiers);
}

void CanvasPointer::selectCard(int card, Qt::KeyboardModifiers modifiers) {
  const std::string& id = m_context.state.scene.card(card).id;
  bridge::SelectionModel& selection = m_context.selection;
  if (modifiers & Qt::ControlModifier)
    selection.toggleNode(id);
  else if (modifiers & Qt::ShiftModifier)
    selection.addNode(id);
  else if (!selection.hasNode(id))
    selection.selectNode(id);
}

int CanvasPointer::frameTitleAt(QPointF screen) const {
  const std::vector<Frame>& frames = m_context.state.scene.frames();
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (FramePainter::titleRect(m_context.state, frames[i]).contains(screen.toPoint()))
      return static_cast<int>(i);
  return -1;
}

void CanvasPointer::move(const QMouseEvent& event) {
  if (m_gesture)
    m_gesture->move(event.position(), event.modifiers());
  else
    hover(event.position());
}

void CanvasPointer::release() {
  if (!m_gesture) return;
  const std::unique_ptr<Gesture> done = std::move(m_gesture);
  m_isPanning = false;
  done->finish();
  setCursor();
}

bool CanvasPointer::cancel() {
  if (!m_gesture) return false;
  m_gesture->cancel();
  m_gesture.reset();
  m_isPanning = false;
  setCursor();
  return true;
}

void CanvasPointer::leave() {
  if (!m_gesture) show(-1, -1, {}, Overlay::None);
}

void CanvasPointer::setSpaceDown(bool down) {
  m_isSpaceDown = down;
  setCursor();
}

void CanvasPointer::hover(QPointF at) {
  const CanvasState& state = m_context.state;
  const Overlay overlay = OverlayPainter::overlayAt(state, at);
  if (overlay != Overlay::None) {
    show(-1, -1, {}, overlay);
    return;
  }
  const QPointF scene = state.view.toScene(at);
  const Detail detail = state.view.detail();
  const CanvasScene::PortHit port =
      state.scene.portAt(scene, metrics::kPortReach / state.view.zoom, detail);
  const int card = port.card >= 0 ? port.card : state.scene.cardAt(scene);
  const int wire = card < 0 && detail != Detail::Block
                       ? state.scene.wireAt(scene, kWireReach / state.view.zoom)
                       : -1;
  show(card, wire, port, Overlay::None);
}

void CanvasPointer::forgetHover() {
  CanvasState& state = m_context.state;
  state.hoveredCard = state.hoveredWire = -1;
  state.hoveredPort = {};
}

void CanvasPointer::show(int card, int wire, CanvasScene::PortHit port, Overlay overlay) {
  CanvasState& state = m_context.state;
  if (state.hoveredCard == card && state.hoveredWire == wire && state.hoveredPort == port &&
      state.hoveredOverlay == overlay)
    return;
  QRectF dirty = overlayRect(state, overlay) | overlayRect(state, state.hoveredOverlay);
  for (const int one : {card, state.hoveredCard})
    if (one >= 0) dirty |= CardPainter::dirtyRect(state, one);
  for (const int one : {wire, state.hoveredWire})
    if (one >= 0) dirty |= WirePainter::dirtyRect(state, one);
  const bool isNewCard = card != state.hoveredCard && card >= 0;
  state.hoveredCard = card;
  state.hoveredWire = wire;
  state.hoveredPort = port;
  state.hoveredOverlay = overlay;
  if (isNewCard) state.hover = 0;
  m_context.repaint(dirty);
  if (isNewCard) m_motion.startHover();
  setCursor();
}

void CanvasPointer::setCursor() {
  const CanvasState& state = m_context.state;
  Qt::CursorShape shape = Qt::ArrowCursor;
  if (m_isPanning)
    shape = Qt::ClosedHandCursor;
  else if (m_isSpaceDown)
    shape = Qt::OpenHandCursor;
  else if (state.hoveredPort.card >= 0)
    shape = Qt::CrossCursor;
  else if (state.hoveredOverlay != Overlay::None)
    shape = Qt::PointingHandCursor;
  if (m_canvas.cursor().shape() != shape) m_canvas.setCursor(shape);
}

}  // namespace freshet::canvas
