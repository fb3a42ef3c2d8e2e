// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/palette_rail.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/node_words.h"
#include "ui/palette/palette_panel.h"
#include "ui/palette/rail_popup.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/focus_ring.h"

namespace freshet::palette {
namespace {

constexpr int kPopupWidth = theme::metrics::kPalette;
constexpr int kPopupRim = theme::metrics::kShadowRings + theme::metrics::kShadowOffset;

}  // namespace

RailButton::RailButton(theme::Theme& theme, std::optional<theme::Family> family, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_family(family) {
  const QString name = family ? bridge::familyTitle(*family) : tr("Search steps");
  setAccessibleName(name);
  setToolTip(name);
  setFixedSize(sizeHint());
  setFocusPolicy(Qt::TabFocus);
  setAttribute(Qt::WA_Hover);
  widgets::setFocusRadius(this, theme::metrics::kRadius);
}

QSize RailButton::sizeHint() const {
  return {theme::metrics::kTile, theme::metrics::kTile};
}

void RailButton::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const theme::Tokens& tokens = m_theme.tokens();
  QColor ground = m_family ? tokens.family(*m_family).soft : QColor();
  if (!m_family && (underMouse() || isDown())) ground = tokens.hover;
  theme::drawCard(painter, rect(), ground,
                  m_family && underMouse() ? tokens.family(*m_family).foreground : QColor(),
                  theme::metrics::kRadius, m_family && underMouse() ? 1 : 0);
  constexpr int kIcon = 20;
  QRectF icon(0, 0, kIcon, kIcon);
  icon.moveCenter(QRectF(rect()).center());
  theme::drawIcon(painter, m_family ? theme::familyIcon(*m_family) : QStringLiteral("search"),
                  m_family ? tokens.family(*m_family).foreground : tokens.text2, icon);
}

PaletteRail::PaletteRail(const spec::SpecCatalog& catalog, theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_catalog(catalog), m_theme(theme), m_column(new QVBoxLayout(this)) {
  setObjectName(QStringLiteral("paletteRail"));
  setAccessibleName(tr("Steps"));
  setFixedWidth(theme::metrics::kRail);
  constexpr int kGap = 8;
  constexpr int kSeparator = 9;  // the line and its own gap
  m_column->setContentsMargins(kGap, kGap, kGap, kGap);
  m_column->setSpacing(kGap);
  const auto add = [this](std::optional<theme::Family> family) {
    auto* button = new RailButton(m_theme, family, this);
    m_column->addWidget(button);
    m_buttons.push_back(button);
    connect(button, &RailButton::clicked, this, [this, family] { open(family); });
  };
  add(std::nullopt);
  m_column->addSpacing(kSeparator);
  const std::vector<const spec::NodeSpec*> all = catalog.all();
  for (const theme::Family family : theme::kFamilies)
    if (std::any_of(all.begin(), all.end(),
                    [family](const auto* spec) { return bridge::familyOf(spec) == family; }))
      add(family);
  m_column->addStretch();
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize PaletteRail::sizeHint() const {
  return {theme::metrics::kRail, 400};
}

void PaletteRail::addFoot(QWidget* widget) {
  m_column->addWidget(widget, 0, Qt::AlignHCenter);
}

void PaletteRail::open(std::optional<theme::Family> family) {
  closeList();
  auto* popup = new RailPopup(m_theme, window());
  m_popup = popup;
  m_list = new PalettePanel(m_catalog, m_theme, popup, PalettePanel::Ground::None);
  popup->layout()->addWidget(m_list);
  m_list->setFamily(family);
  const auto button = std::find_if(m_buttons.begin(), m_buttons.end(), [&](const RailButton* one) {
    return one->accessibleName() == (family ? bridge::familyTitle(*family) : tr("Search steps"));
  });
  place(button == m_buttons.end() ? *m_buttons.front() : **button);
  popup->show();
  popup->raise();
  if (family)
    m_list->setFocus(Qt::PopupFocusReason);
  else
    m_list->focusSearch();
  connect(popup, &RailPopup::left, this, &PaletteRail::closeList);
  connect(m_list, &PalettePanel::dragBegun, popup, &QWidget::hide);
  connect(m_list, &PalettePanel::chosen, this, [this](const std::string& type) {
    const std::string chosenType = type;  // the list goes first
    closeList();
    Q_EMIT chosen(chosenType);
  });
}

void PaletteRail::place(const RailButton& beside) {
  const QPoint corner = mapTo(window(), QPoint(width(), beside.y()));
  const int room = window()->height() - 2 * kPopupRim;
  const int height = std::min(m_list->contentHeight() + 2 * kPopupRim + 9, room);
  const int top = std::clamp(corner.y() - kPopupRim, 0, std::max(0, window()->height() - height));
  m_popup->setGeometry(corner.x() + 4 - kPopupRim, top, kPopupWidth + 2 * kPopupRim, height);
}

void PaletteRail::closeList() {
  if (!m_popup) return;
  m_popup->hide();
  m_popup->deleteLater();
  m_popup = nullptr;
  m_list = nullptr;
}

void PaletteRail::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme->surface);
  painter.fillRect(QRect(width() - 1, 0, 1, height()), m_theme->border);
  constexpr int kSeparatorY = 48;
  painter.fillRect(QRect(12, kSeparatorY, width() - 24, 1), m_theme->border);
}

}  // namespace freshet::palette
