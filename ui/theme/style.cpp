// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include <QAbstractSpinBox>
#include <QHeaderView>
#include <QPainter>
#include <QPushButton>
#include <QStyleOption>
#include <QTableView>

#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

namespace freshet::theme {
namespace {

constexpr int kIndicator = 16;

QPen stroke(const QColor& color, qreal width) {
  return {color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin};
}

// A chevron 8 wide in the middle of `rect`, pointing down, turned by `degrees`.
void drawChevron(QPainter& painter, const QRectF& rect, qreal degrees, const QColor& color) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.translate(rect.center());
  painter.rotate(degrees);
  painter.setPen(stroke(color, 1.5));
  painter.drawPolyline(QPolygonF{{-3.5, -1.75}, {0, 1.75}, {3.5, -1.75}});
  painter.restore();
}

void drawIndicator(QPainter& painter, const QStyleOption& option, bool isRound) {
  const bool isOn = option.state & QStyle::State_On;
  const bool isMixed = option.state & QStyle::State_NoChange;
  const bool isEnabled = option.state & QStyle::State_Enabled;
  const QPalette& p = option.palette;
  const QColor fill = isOn || isMixed ? p.color(QPalette::Link) : p.color(QPalette::Base);
  const QColor line = isOn || isMixed ? fill : p.color(QPalette::Dark);
  const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (!isEnabled) painter.setOpacity(0.5);
  painter.setPen(QPen(line, 1));
  painter.setBrush(fill);
  const qreal radius = isRound ? box.width() / 2 : 4;
  painter.drawRoundedRect(box, radius, radius);
  painter.translate(box.center());
  if (isRound && isOn) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(p.color(QPalette::BrightText));
    painter.drawEllipse(QPointF(0, 0), 3, 3);
  } else if (isMixed) {
    painter.setPen(stroke(p.color(QPalette::BrightText), 2));
    painter.drawLine(QPointF(-3.5, 0), QPointF(3.5, 0));
  } else if (isOn) {
    painter.setPen(stroke(p.color(QPalette::BrightText), 2));
    painter.drawPolyline(QPolygonF{{-3.5, 0.25}, {-1, 2.75}, {3.5, -2.5}});
  }
  painter.restore();
}

// The frame of a field: combo and spin boxes look like line edits.
void drawFieldFrame(QPainter& painter, const QStyleOption& field) {
  const bool hasFocus = field.state & QStyle::State_HasFocus;
  const bool isEnabled = field.state & QStyle::State_Enabled;
  const qreal width = hasFocus ? 2 : 1;
  const QRectF frame = QRectF(field.rect).adjusted(width / 2, width / 2, -width / 2, -width / 2);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(field.palette.color(hasFocus ? QPalette::Link : QPalette::Dark), width));
  painter.setBrush(field.palette.color(isEnabled ? QPalette::Base : QPalette::Window));
  painter.drawRoundedRect(frame, metrics::kRadiusInput, metrics::kRadiusInput);
  painter.restore();
}

bool isDefault(const QStyleOptionButton& button) {
  return button.features & QStyleOptionButton::DefaultButton;
}

void drawButton(QPainter& painter, const QStyleOptionButton& button) {
  const QPalette& p = button.palette;
  const bool isOver = button.state & QStyle::State_MouseOver;
  const bool isDown = button.state & QStyle::State_Sunken;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (!(button.state & QStyle::State_Enabled)) painter.setOpacity(0.45);
  if (isDefault(button)) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(p.color(QPalette::Link));
  } else {
    painter.setPen(QPen(p.color(isOver ? QPalette::Dark : QPalette::Mid), 1));
    painter.setBrush(p.color(isDown ? QPalette::Window : QPalette::Button));
  }
  painter.drawRoundedRect(QRectF(button.rect).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                          metrics::kRadius);
  painter.restore();
}

constexpr int kArrowZone = 24;

QRect arrowZone(const QRect& field) {
  return {field.right() - kArrowZone, field.top(), kArrowZone, field.height()};
}

}  // namespace

Style::Style() : QProxyStyle(QStringLiteral("Fusion")) {}

void Style::polish(QWidget* widget) {
  QProxyStyle::polish(widget);
  const bool hasOwnFont = widget->testAttribute(Qt::WA_SetFont);
  if (!hasOwnFont && qobject_cast<QPushButton*>(widget))
    widget->setFont(font(TextRole::BodyMedium));
  if (!hasOwnFont && qobject_cast<QHeaderView*>(widget)) widget->setFont(font(TextRole::Label));
  // A style sheet's style does not ask for the size of a spin box.
  if (auto* field = qobject_cast<QAbstractSpinBox*>(widget))
    field->setFixedHeight(metrics::kControl);
  if (auto* table = qobject_cast<QTableView*>(widget)) table->setShowGrid(false);
  if (auto* header = qobject_cast<QHeaderView*>(widget)) {
    header->setHighlightSections(false);
    if (header->orientation() == Qt::Vertical) header->setDefaultSectionSize(metrics::kTableRow);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  }
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) const {
  const QColor quiet = option->palette.color(QPalette::Text);
  switch (element) {
    case PE_FrameFocusRect:
      return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
      return drawIndicator(*painter, *option, false);
    case PE_IndicatorRadioButton:
      return drawIndicator(*painter, *option, true);
    case PE_IndicatorArrowDown:
    case PE_IndicatorSpinDown:
    case PE_IndicatorHeaderArrow:
      return drawChevron(*painter, option->rect, 0, quiet);
    case PE_IndicatorArrowUp:
    case PE_IndicatorSpinUp:
      return drawChevron(*painter, option->rect, 180, quiet);
    case PE_IndicatorArrowLeft:
      return drawChevron(*painter, option->rect, 90, quiet);
    case PE_IndicatorArrowRight:
      return drawChevron(*painter, option->rect, -90, quiet);
    case PE_IndicatorBranch:
      if (option->state & State_Children)
        drawChevron(*painter, option->rect, option->state & State_Open ? 0 : -90, quiet);
      return;
    default:
      QProxyStyle::drawPrimitive(element, option, painter, widget);
  }
}

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                        const QWidget* widget) const {
  const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
  if (element == CE_PushButtonBevel && button) return drawButton(*painter, *button);
  if (element == CE_PushButtonLabel && button && isDefault(*button)) {
    QStyleOptionButton primary = *button;
    primary.palette.setColor(QPalette::ButtonText, primary.palette.color(QPalette::BrightText));
    return QProxyStyle::drawControl(element, &primary, painter, widget);
  }
  QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                               QPainter* painter, const QWidget* widget) const {
  const QColor mark = option->palette.color(QPalette::Text);
  if (control == CC_ComboBox) {
    drawFieldFrame(*painter, *option);
    return drawChevron(*painter, arrowZone(option->rect), 0, mark);
  }
  if (control == CC_SpinBox) {
    drawFieldFrame(*painter, *option);
    drawChevron(*painter, subControlRect(control, option, SC_SpinBoxUp, widget), 180, mark);
    return drawChevron(*painter, subControlRect(control, option, SC_SpinBoxDown, widget), 0, mark);
  }
  QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                              const QWidget* widget) const {
  QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
  if (type == CT_ComboBox || type == CT_PushButton) result.setHeight(metrics::kControl);
  if (type == CT_ComboBox) result.rwidth() += kArrowZone;
  if (type == CT_ItemViewItem) result.setHeight(std::max(result.height(), metrics::kTableRow));
  return result;
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                            SubControl part, const QWidget* widget) const {
  const QRect field = option->rect;
  const QRect zone = arrowZone(field);
  const int middle = zone.height() / 2;
  if (control == CC_ComboBox && part == SC_ComboBoxArrow) return zone;
  if (control == CC_SpinBox && part == SC_SpinBoxUp)
    return zone.adjusted(0, 3, 0, middle - zone.height());
  if (control == CC_SpinBox && part == SC_SpinBoxDown) return zone.adjusted(0, middle, 0, -3);
  const bool isText = (control == CC_ComboBox && part == SC_ComboBoxEditField) ||
                      (control == CC_SpinBox && part == SC_SpinBoxEditField);
  if (isText) return {field.left() + 9, field.top() + 2, zone.left() - 9, field.height() - 4};
  return QProxyStyle::subControlRect(control, option, part, widget);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option,
                       const QWidget* widget) const {
  switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
      return kIndicator;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
      return metrics::kGapControl;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
      return metrics::kIcon;
    case PM_TreeViewIndentation:
      return metrics::kMargin;
    case PM_SplitterWidth:
      return 1;
    default:
      return QProxyStyle::pixelMetric(metric, option, widget);
  }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                     QStyleHintReturn* returned) const {
  if (hint == SH_ComboBox_Popup) return 0;
  if (hint == SH_ToolTip_WakeUpDelay) return 400;
  if (hint == SH_EtchDisabledText) return 0;
  return QProxyStyle::styleHint(hint, option, widget, returned);
}

}  // namespace freshet::theme
