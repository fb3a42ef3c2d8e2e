// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_accessible.h"

#include <QPointer>
#include <algorithm>

#include "ui/canvas/canvas_widget.h"
#include "ui/canvas/card_painter.h"

namespace freshet::canvas {
namespace {

int cardAtPlace(const CanvasWidget& canvas, int place) {
  const std::vector<int>& order = canvas.state().scene.flowOrder();
  return place >= 0 && place < static_cast<int>(order.size())
             ? order[static_cast<std::size_t>(place)]
             : -1;
}

// One step of the list. Made when a reader asks for it, gone with the list.
class CardAccessible final : public QAccessibleInterface {
 public:
  CardAccessible(CanvasWidget* canvas, int place) : m_canvas(canvas), m_place(place) {}

  bool isValid() const override { return m_canvas && card() >= 0; }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override {
    return QAccessible::queryAccessibleInterface(m_canvas);
  }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::Role role() const override { return QAccessible::ListItem; }
  void setText(QAccessible::Text, const QString&) override {}

  QString text(QAccessible::Text which) const override {
    if (!isValid()) return {};
    if (which == QAccessible::Name) return cardWords(m_canvas->state(), card());
    if (which == QAccessible::Description) return m_canvas->state().scene.card(card()).typeLine;
    return {};
  }
  QRect rect() const override {
    if (!isValid()) return {};
    const QRect local = CardPainter::screenRect(m_canvas->state(), card());
    return {m_canvas->mapToGlobal(local.topLeft()), local.size()};
  }
  QAccessible::State state() const override {
    QAccessible::State state;
    if (!isValid()) return state;
    const CanvasState& canvas = m_canvas->state();
    state.focusable = state.selectable = true;
    state.selected = canvas.selectedCards[static_cast<std::size_t>(card())];
    state.focused = m_canvas->hasFocus() && canvas.current == card();
    state.offscreen = !m_canvas->rect().intersects(CardPainter::screenRect(canvas, card()));
    return state;
  }
  int place() const { return m_place; }

 private:
  int card() const { return cardAtPlace(*m_canvas, m_place); }

  QPointer<CanvasWidget> m_canvas;
  int m_place;
};

QAccessibleInterface* makeAccessible(const QString& className, QObject* object) {
  auto* canvas = qobject_cast<CanvasWidget*>(object);
  const bool isOurs =
      canvas && className == QLatin1String(CanvasWidget::staticMetaObject.className());
  return isOurs ? new CanvasAccessible(canvas) : nullptr;
}

QString titles(const CanvasScene& scene, int card, bool isInput) {
  QStringList names;
  for (const int number : scene.wiresOf(card)) {
    const Wire& wire = scene.wire(number);
    if ((isInput ? wire.to : wire.from) == card)
      names << scene.card(isInput ? wire.from : wire.to).title;
  }
  return names.join(QObject::tr(" and "));
}

}  // namespace

void installCanvasAccessibility() {
  static const bool isInstalled = [] {
    QAccessible::installFactory(makeAccessible);
    return true;
  }();
  Q_UNUSED(isInstalled);
}

QString cardWords(const CanvasState& state, int number) {
  const auto tr = [](const char* text) { return QCoreApplication::translate("Canvas", text); };
  const Card& card = state.scene.card(number);
  QStringList words{card.title, bridge::familyTitle(card.family).toLower()};
  const auto index = static_cast<std::size_t>(number);
  if (index < state.live.cards.size()) words << state.live.cards[index].runState;
  const auto count = [&](int found, const char* one, const char* many) {
    if (found == 1) words << tr(one);
    if (found > 1) words << tr(many).arg(found);
  };
  count(card.errors, "1 error", "%1 errors");
  count(card.warnings, "1 warning", "%1 warnings");
  if (const QString from = titles(state.scene, number, true); !from.isEmpty())
    words << tr("input from %1").arg(from);
  if (const QString to = titles(state.scene, number, false); !to.isEmpty())
    words << tr("output to %1").arg(to);
  return words.join(QStringLiteral(", "));
}

CanvasAccessible::CanvasAccessible(CanvasWidget* canvas)
    : QAccessibleWidget(canvas, QAccessible::List) {}

CanvasAccessible::~CanvasAccessible() {
  for (const QAccessible::Id id : std::as_const(m_children))
    QAccessible::deleteAccessibleInterface(id);
}

const CanvasWidget& CanvasAccessible::canvas() const {
  return *static_cast<const CanvasWidget*>(widget());
}

int CanvasAccessible::childCount() const {
  return static_cast<int>(canvas().state().scene.flowOrder().size());
}

QAccessibleInterface* CanvasAccessible::child(int index) const {
  if (cardAtPlace(canvas(), index) < 0) return nullptr;
  const auto found = m_children.constFind(index);
  if (found != m_children.cend()) return QAccessible::accessibleInterface(*found);
  auto* made = new CardAccessible(static_cast<CanvasWidget*>(widget()), index);
  m_children.insert(index, QAccessible::registerAccessibleInterface(made));
  return made;
}

QAccessibleInterface* CanvasAccessible::childAt(int x, int y) const {
  const CanvasState& state = canvas().state();
  const int card =
      state.scene.cardAt(state.view.toScene(QPointF(canvas().mapFromGlobal(QPoint(x, y)))));
  const std::vector<int>& order = state.scene.flowOrder();
  const auto at = std::find(order.begin(), order.end(), card);
  return at == order.end() ? nullptr : child(static_cast<int>(at - order.begin()));
}

int CanvasAccessible::indexOfChild(const QAccessibleInterface* one) const {
  const auto* card = dynamic_cast<const CardAccessible*>(one);
  return card ? card->place() : -1;
}

QAccessibleInterface* CanvasAccessible::focusChild() const {
  const std::vector<int>& order = canvas().state().scene.flowOrder();
  const auto at = std::find(order.begin(), order.end(), canvas().state().current);
  return at == order.end() ? nullptr : child(static_cast<int>(at - order.begin()));
}

QString tipWords(const CanvasState& state) {
  const CanvasScene::PortHit& port = state.hoveredPort;
  if (port.card >= 0 && port.port >= 0)
    return state.scene.card(port.card).outputs[static_cast<std::size_t>(port.port)].title;
  return state.hoveredCard >= 0 ? cardWords(state, state.hoveredCard) : QString();
}

void tellFocus(CanvasWidget& canvas) {
  const CanvasState& state = canvas.state();
  if (state.current < 0 || !canvas.hasFocus() || !QAccessible::isActive()) return;
  const std::vector<int>& order = state.scene.flowOrder();
  const auto at = std::find(order.begin(), order.end(), state.current);
  QAccessibleEvent event(&canvas, QAccessible::Focus);
  event.setChild(static_cast<int>(at - order.begin()));
  QAccessible::updateAccessibility(&event);
}

}  // namespace freshet::canvas
