// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_widget.h"

#include <QAccessible>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/canvas/canvas_accessible.h"
#include "ui/canvas/canvas_changes.h"
#include "ui/canvas/canvas_empty.h"
#include "ui/canvas/canvas_keys.h"

namespace freshet::canvas {

CanvasWidget::CanvasWidget(bridge::DocumentModel& document, bridge::SelectionModel& selection,
                           theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_theme(theme),
      m_commands(document, selection),
      m_motion(theme),
      m_context{m_state,
                m_commands,
                selection,
                [this](const ViewTransform& view) {
                  m_isFitted = false;
                  setView(view);
                },
                [this](const QRectF& area) { update(area.toAlignedRect()); },
                [this](const Connecting& wire) { m_lists.endWire(wire); }},
      m_pointer(m_context, m_motion, *this),
      m_drop(m_context),
      m_lists(*this, m_state, m_commands, document, theme),
      m_empty(new CanvasEmpty(theme, this)) {
  installCanvasAccessibility();
  setObjectName(QStringLiteral("canvas"));
  setAccessibleName(tr("Pipeline"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAcceptDrops(true);
  setAttribute(Qt::WA_OpaquePaintEvent);
  addCanvasActions(*this);
  connect(&m_lists, &CanvasLists::closed, this, [this] { setFocus(Qt::OtherFocusReason); });
  connect(&m_lists, &CanvasLists::added, this, &CanvasWidget::reveal);
  connect(&document, &bridge::DocumentModel::changed, this, &CanvasWidget::rebuild);
  connect(&document, &bridge::DocumentModel::diagnosticsChanged, this, &CanvasWidget::refreshLive);
  connect(&selection, &bridge::SelectionModel::changed, this, &CanvasWidget::refreshSelection);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
  connect(m_empty, &CanvasEmpty::addSourceClicked, this,
          [this] { quickAdd(QRectF(rect()).center(), tr("source")); });
  connect(m_empty, &CanvasEmpty::openExampleClicked, this, &CanvasWidget::openExampleRequested);
  connect(&m_motion, &CanvasMotion::hoverStep, this, [this](double share) {
    m_state.hover = share;
    if (m_state.hoveredCard >= 0) update(CardPainter::dirtyRect(m_state, m_state.hoveredCard));
  });
  connect(&m_motion, &CanvasMotion::dotsStep, this, &CanvasWidget::moveDots);
  connect(&m_motion, &CanvasMotion::spinStep, this, [this](double turn) {
    m_state.spin = turn;
    update();
  });
  connect(&m_motion, &CanvasMotion::viewStep, this, &CanvasWidget::setView);
  rebuild(bridge::DocumentModel::Change::Reset);
}

CanvasWidget::~CanvasWidget() = default;

void CanvasWidget::rebuild(bridge::DocumentModel::Change change) {
  if (change == bridge::DocumentModel::Change::Text) return;
  m_pointer.cancel();
  m_pointer.forgetHover();
  m_state.dots = -1;
  m_state.dotWires.clear();
  m_state.scene.rebuild(m_document.project(), m_document.catalog());
  m_empty->setVisible(m_state.scene.cards().empty());
  if (change == bridge::DocumentModel::Change::Reset) {
    m_live = {};
    m_isFitted = true;
    setView(ViewTransform::fitting(m_state.scene.bounds(), fitArea()));
  }
  refreshLive();
  refreshSelection();
  update();
}

void CanvasWidget::refreshLive() {
  m_state.scene.setDiagnostics(m_document.diagnostics());
  CanvasLive now = describe(m_state.scene, m_live);
  std::swap(now, m_state.live);
  const CanvasLive& before = now;
  if (before.cards.size() == m_state.live.cards.size() &&
      before.wires.size() == m_state.live.wires.size() &&
      before.frameSums.size() == m_state.live.frameSums.size())
    for (const QRect& area : changedAreas(m_state, before)) update(area);
  else
    update();
  m_motion.setSpinning(
      std::any_of(m_state.live.cards.begin(), m_state.live.cards.end(),
                  [](const CardLive& card) { return card.mark == theme::State::Starting; }));
}

void CanvasWidget::setLive(const bridge::LiveSnapshot& live) {
  m_live = live;
  refreshLive();
  if (live.status.state == host::RunState::Running) startDots();
}

void CanvasWidget::startDots() {
  if (m_state.dots >= 0) return;
  m_state.dotWires = flowingWires(m_state);
  if (!m_state.dotWires.empty()) m_motion.startDots();
}

void CanvasWidget::moveDots(double share) {
  for (const double phase : {m_state.dots, share})
    if (phase >= 0)
      for (const int wire : m_state.dotWires)
        update(WirePainter::dotRect(m_state, wire, phase).toAlignedRect());
  m_state.dots = m_state.dotWires.empty() ? -1 : share;
}

void CanvasWidget::refreshSelection() {
  for (const QRect& area : takeSelection(m_state, m_selection)) update(area);
  const int current = m_state.scene.find(m_selection.current());
  if (current == m_state.current) return;
  m_state.current = current;
  tellFocus(*this);
}

QRectF CanvasWidget::fitArea() const {
  const double bottom = metrics::kFitMargin + metrics::kZoomPillHeight;
  return QRectF(rect()).adjusted(metrics::kFitMargin, metrics::kFitMargin, -metrics::kFitMargin,
                                 -bottom);
}

void CanvasWidget::setView(const ViewTransform& view) {
  if (view == m_state.view) return;
  const bool isZoomed = view.zoom != m_state.view.zoom;
  m_state.view = view;
  update();
  if (isZoomed) Q_EMIT zoomChanged(view.zoom);
}

void CanvasWidget::look(const ViewTransform& view) {
  m_isFitted = false;
  m_motion.glide(m_state.view, view);
}

void CanvasWidget::zoomTo(double zoom, QPointF screen) {
  m_motion.stopGlide();
  m_isFitted = false;
  setView(m_state.view.zoomedAbout(
      screen,
      std::clamp(zoom, std::min(metrics::kZoomLeast, m_state.view.zoom), metrics::kZoomMost)));
}

void CanvasWidget::zoomToFull() {
  look(m_state.view.zoomedAbout(QRectF(rect()).center(), 1));
}

void CanvasWidget::fitAll() {
  look(ViewTransform::fitting(m_state.scene.bounds(), fitArea()));
  m_isFitted = true;
}

void CanvasWidget::fitSelection() {
  std::vector<int> cards;
  for (std::size_t i = 0; i < m_state.selectedCards.size(); ++i)
    if (m_state.selectedCards[i]) cards.push_back(static_cast<int>(i));
  if (cards.empty())
    fitAll();
  else
    look(ViewTransform::fitting(m_state.scene.boundsOf(cards), fitArea()));
}

void CanvasWidget::reveal(const std::string& node) {
  const int card = m_state.scene.find(node);
  if (card < 0) return;
  const ViewTransform view = m_state.view.revealing(m_state.scene.card(card).rect, fitArea());
  if (!(view == m_state.view)) look(view);
}

void CanvasWidget::setMinimapWanted(bool wanted) {
  m_state.isMinimapWanted = wanted;
  update();
}

QPointF CanvasWidget::spotForNew() const {
  constexpr double kColumn = 300;
  if (m_state.current >= 0)
    return m_state.scene.freeSpot(m_state.scene.card(m_state.current).rect.topLeft() +
                                  QPointF(kColumn, 0));
  const QPointF middle = m_state.view.toScene(QRectF(rect()).center());
  return m_state.scene.freeSpot(middle - QPointF(metrics::kCardWidth, metrics::kCardHeight) / 2);
}

void CanvasWidget::addNode(const std::string& type) {
  reveal(m_commands.addNode(type, spotForNew()));
}

void CanvasWidget::quickAdd(std::optional<QPointF> screen, const QString& query) {
  const QPointF pointer = mapFromGlobal(QCursor::pos());
  if (!screen && underMouse() && m_state.current < 0) screen = pointer;
  const QPointF topLeft =
      screen ? m_state.scene.freeSpot(m_state.view.toScene(*screen) -
                                      QPointF(metrics::kCardWidth, metrics::kCardHeight) / 2)
             : spotForNew();
  m_lists.addStep(topLeft, screen.value_or(m_state.view.toScreen(topLeft)), query);
}

void CanvasWidget::connectCurrent() {
  if (m_state.current >= 0) m_lists.connectFrom(m_state.scene.card(m_state.current));
}

void CanvasWidget::moveSelected(QPointF by) {
  std::vector<pipeline::Layout::Placed> to;
  for (const std::string& id : m_selection.nodes())
    if (const int at = m_state.scene.find(id); at >= 0) {
      const QPointF place = m_state.scene.card(at).rect.topLeft() + by;
      to.push_back({id, {place.x(), place.y()}});
    }
  m_commands.moveNodes(to, bridge::DocumentModel::Merge::WithPrevious);
}

void CanvasWidget::tidy() {
  m_commands.moveNodes(tidied(m_document.project(), m_selection.nodes()));
}

void CanvasWidget::arrange(Arrange how) {
  if (m_selection.nodes().size() > 1)
    m_commands.moveNodes(arranged(m_document.project(), m_selection.nodes(), how));
}

void CanvasWidget::select(int card) {
  if (card < 0) return;
  m_selection.selectNode(m_state.scene.card(card).id);
  reveal(m_state.scene.card(card).id);
}

void CanvasWidget::walk(Direction direction) {
  select(m_state.current < 0 ? stepInFlow(m_state.scene, -1, true)
                             : neighbour(m_state.scene, m_state.current, direction));
}

bool CanvasWidget::event(QEvent* event) {
  if (event->type() == QEvent::NativeGesture) {
    const auto* pinch = static_cast<QNativeGestureEvent*>(event);
    if (pinch->gestureType() == Qt::ZoomNativeGesture) {
      zoomTo(zoom() * (1 + pinch->value()), pinch->position());
      return true;
    }
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), tipWords(m_state), this);
    return true;
  }
  return QWidget::event(event);
}

void CanvasWidget::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  m_painter.paint(painter, event->region(), m_state, m_theme.tokens());
}

void CanvasWidget::resizeEvent(QResizeEvent*) {
  m_state.size = size();
  constexpr int kEmptyWidth = 460;
  m_empty->resize(std::min(width(), kEmptyWidth), m_empty->sizeHint().height());
  m_empty->move(QRectF(rect()).center().toPoint() - m_empty->rect().center());
  if (m_isFitted) setView(ViewTransform::fitting(m_state.scene.bounds(), fitArea()));
}

void CanvasWidget::pressOverlay(Overlay overlay) {
  constexpr double kStep = 1.25;
  const QPointF middle = QRectF(rect()).center();
  if (overlay == Overlay::ZoomOut) zoomTo(zoom() / kStep, middle);
  if (overlay == Overlay::ZoomIn) zoomTo(zoom() * kStep, middle);
  if (overlay == Overlay::ZoomValue) zoomToFull();
  if (overlay == Overlay::Fit) fitAll();
}

void CanvasWidget::mousePressEvent(QMouseEvent* event) {
  m_motion.stopGlide();
  if (!m_pointer.press(*event)) pressOverlay(OverlayPainter::overlayAt(m_state, event->position()));
}

void CanvasWidget::mouseMoveEvent(QMouseEvent* event) {
  m_pointer.move(*event);
}

void CanvasWidget::mouseReleaseEvent(QMouseEvent*) {
  m_pointer.release();
}

void CanvasWidget::mouseDoubleClickEvent(QMouseEvent* event) {
  const QPointF at = event->position();
  if (const Overlay overlay = OverlayPainter::overlayAt(m_state, at); overlay != Overlay::None) {
    pressOverlay(overlay);
    return;
  }
  if (event->button() != Qt::LeftButton) return;
  const QPointF scene = m_state.view.toScene(at);
  if (const int card = m_state.scene.cardAt(scene); card >= 0)
    Q_EMIT opened(m_state.scene.card(card).id);
  else if (m_state.scene.wireAt(scene, 6 / zoom()) < 0)
    quickAdd(at);
}

void CanvasWidget::leaveEvent(QEvent*) {
  m_pointer.leave();
}

void CanvasWidget::wheelEvent(QWheelEvent* event) {
  const QPoint angle = event->angleDelta();
  if (event->modifiers() & Qt::ControlModifier) {
    zoomTo(zoom() * std::pow(1.0015, angle.y()), event->position());
    return;
  }
  QPointF by = event->pixelDelta().isNull() ? QPointF(angle) / 2 : QPointF(event->pixelDelta());
  if (event->modifiers() & Qt::ShiftModifier) by = by.transposed();
  m_motion.stopGlide();
  m_isFitted = false;
  setView({zoom(), m_state.view.origin - by / zoom()});
}

void CanvasWidget::keyPressEvent(QKeyEvent* event) {
  const bool hasCurrent = m_state.current >= 0;
  if (handleKey(*this, *event)) return;
  if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
    m_pointer.setSpaceDown(true);
  } else if (event->key() == Qt::Key_Escape) {
    if (m_pointer.cancel()) return;
    if (m_selection.isEmpty()) return event->ignore();
    m_selection.clear();
  } else if (hasCurrent && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
    Q_EMIT activated(m_selection.current());
  } else if (hasCurrent && event->key() == Qt::Key_F2) {
    Q_EMIT renameRequested(m_selection.current());
  } else {
    QWidget::keyPressEvent(event);
  }
}

void CanvasWidget::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) m_pointer.setSpaceDown(false);
  QWidget::keyReleaseEvent(event);
}

void CanvasWidget::focusInEvent(QFocusEvent* event) {
  const bool isTab = event->reason() == Qt::TabFocusReason;
  if ((isTab || event->reason() == Qt::BacktabFocusReason) && m_selection.isEmpty())
    select(stepInFlow(m_state.scene, -1, isTab));
  tellFocus(*this);
}

void CanvasWidget::focusOutEvent(QFocusEvent*) {
  m_pointer.setSpaceDown(false);
}

bool CanvasWidget::focusNextPrevChild(bool next) {
  const int card = stepInFlow(m_state.scene, m_state.current, next);
  if (card < 0) return QWidget::focusNextPrevChild(next);
  select(card);
  return true;
}

void CanvasWidget::dragEnterEvent(QDragEnterEvent* event) {
  if (!CanvasDrop::typeOf(event->mimeData()).empty()) event->acceptProposedAction();
}

void CanvasWidget::dragMoveEvent(QDragMoveEvent* event) {
  m_drop.move(CanvasDrop::typeOf(event->mimeData()), event->position());
  event->acceptProposedAction();
}

void CanvasWidget::dragLeaveEvent(QDragLeaveEvent*) {
  m_drop.leave();
}

void CanvasWidget::dropEvent(QDropEvent* event) {
  m_drop.drop(CanvasDrop::typeOf(event->mimeData()), event->position());
  setFocus(Qt::OtherFocusReason);
  event->acceptProposedAction();
}

}  // namespace freshet::canvas
