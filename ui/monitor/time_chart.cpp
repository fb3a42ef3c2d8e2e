// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/time_chart.h"

#include <QDateTime>
#include <QGraphicsLayout>
#include <QMouseEvent>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>
#include <algorithm>

#include "ui/monitor/chart_tip.h"
#include "ui/monitor/history.h"
#include "ui/theme/fonts.h"
#include "ui/theme/numbers.h"

namespace freshet::monitor {
namespace {

constexpr float kAreaLight = 0.14f, kAreaDark = 0.20f;
constexpr int kTickWidth = 84;  // a time label and the air around it
constexpr int kAxisText = 14;
constexpr TimeMs kLeastZoomMs = 2'000;  // less was a click

QString axisText(double value) {
  return QString::number(value, 'g', 4);
}

}  // namespace

TimeChart::TimeChart(theme::Theme& theme, QWidget* parent)
    : QChartView(new QChart, parent),
      m_theme(theme),
      m_times(new QValueAxis(this)),
      m_values(new QValueAxis(this)) {
  setFrameShape(QFrame::NoFrame);
  setBackgroundBrush(Qt::NoBrush);
  viewport()->setAutoFillBackground(false);
  setRenderHint(QPainter::Antialiasing);
  setViewportUpdateMode(FullViewportUpdate);
  setMouseTracking(true);
  viewport()->setMouseTracking(true);
  setFocusPolicy(Qt::NoFocus);
  QChart* chart = this->chart();
  chart->setBackgroundVisible(false);
  chart->setPlotAreaBackgroundVisible(false);
  chart->setAnimationOptions(QChart::NoAnimation);
  chart->setMargins({});
  chart->layout()->setContentsMargins(0, 0, 0, 0);
  chart->legend()->hide();
  for (QValueAxis* axis : {m_times, m_values}) axis->setVisible(false);
  chart->addAxis(m_times, Qt::AlignBottom);
  chart->addAxis(m_values, Qt::AlignLeft);
  connect(&theme, &theme::Theme::changed, this, [this] { viewport()->update(); });
}

void TimeChart::setContent(ChartContent content) {
  m_content = std::move(content);
  fill();
  viewport()->update();
}

void TimeChart::setCrosshair(std::optional<TimeMs> atMs, bool withTip) {
  if (m_crosshair == atMs && m_hasTip == withTip) return;
  m_crosshair = atMs;
  m_hasTip = withTip;
  viewport()->update();
}

QRectF TimeChart::plot() const {
  return QRectF(rect()).adjusted(kLeft, kTop, -kRight, -kBottom);
}

QPointF TimeChart::toPixel(double atMs, double value) const {
  const QRectF area = plot();
  const double span = static_cast<double>(m_content.toMs - m_content.fromMs);
  return {area.left() + (atMs - static_cast<double>(m_content.fromMs)) / span * area.width(),
          area.bottom() - value / m_content.axis.max() * area.height()};
}

int TimeChart::strandCount() const {
  int count = 0;
  for (const std::vector<Line>& lines : m_lines)
    for (const Line& line : lines) count += line.line->isVisible() ? 1 : 0;
  return count;
}

int TimeChart::pointCount() const {
  int most = 0;
  for (const std::vector<Line>& lines : m_lines) {
    int count = 0;
    for (const Line& line : lines) count += static_cast<int>(line.line->count());
    most = std::max(most, count);
  }
  return most;
}

void TimeChart::fill() {
  m_times->setRange(static_cast<double>(m_content.fromMs), static_cast<double>(m_content.toMs));
  m_values->setRange(0, m_content.axis.max());
  if (m_lines.size() < m_content.series.size()) m_lines.resize(m_content.series.size());
  for (std::size_t s = 0; s < m_content.series.size(); ++s) {
    const ChartSeries& series = m_content.series[s];
    const int columns = std::clamp(static_cast<int>(plot().width()), 1, kColumns);
    const std::vector<Strand> strands =
        strandsOf(series.samples, m_content.fromMs, m_content.toMs, columns);
    for (std::size_t i = 0; i < strands.size(); ++i) draw(series, strands[i], lineFor(s, i));
    for (std::size_t i = strands.size(); i < m_lines[s].size(); ++i) {
      m_lines[s][i].line->clear();
      m_lines[s][i].setVisible(false);
    }
  }
}

void TimeChart::Line::setVisible(bool visible) const {
  line->setVisible(visible);
  if (area) area->setVisible(visible);
}

TimeChart::Line& TimeChart::lineFor(std::size_t series, std::size_t strand) {
  std::vector<Line>& lines = m_lines[series];
  const auto add = [this](QAbstractSeries* one) {
    chart()->addSeries(one);
    one->attachAxis(m_times);
    one->attachAxis(m_values);
  };
  while (lines.size() <= strand) {
    Line made;
    if (m_content.series[series].isArea) {
      // Its own pen would go round the sides and the bottom too.
      made.area = new QAreaSeries(new QLineSeries);
      made.area->upperSeries()->setParent(made.area);
      add(made.area);
      made.area->setPen(Qt::NoPen);
    }
    made.line = new QLineSeries;
    add(made.line);
    lines.push_back(made);
  }
  return lines[strand];
}

void TimeChart::draw(const ChartSeries& series, const Strand& strand, Line& line) {
  QPen pen(series.color, series.width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
  if (strand.isFew) pen.setDashPattern({0.1, 2.4});
  line.line->replace(strand.points);
  line.line->setPen(pen);
  if (line.area) {
    QColor ground = series.color;
    ground.setAlphaF(m_theme->isDark() ? kAreaDark : kAreaLight);
    line.area->upperSeries()->replace(strand.points);
    line.area->setBrush(ground);
  }
  line.setVisible(true);
}

void TimeChart::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  chart()->setPlotArea(plot());
  fill();
}

void TimeChart::drawBackground(QPainter* painter, const QRectF&) {
  const QRectF area = plot();
  painter->setFont(theme::font(theme::TextRole::Axis));
  for (int i = 0; i <= ValueAxis::kSteps; ++i) {
    const double value = m_content.axis.step * i;
    const qreal y = std::round(toPixel(0, value).y()) + 0.5;
    painter->setPen(QPen(m_theme->chartGrid, 1));
    painter->drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    QString text = axisText(value);
    if (i == ValueAxis::kSteps) text += QLatin1Char(' ') + m_content.unit;
    painter->setPen(m_theme->text3);
    theme::drawNumber(*painter, QRectF(0, y - kAxisText / 2.0, kLeft - 6, kAxisText),
                      Qt::AlignRight | Qt::AlignVCenter, text);
  }
  painter->setPen(m_theme->text3);
  const int most = std::max(1, static_cast<int>(area.width()) / kTickWidth);
  for (const TimeTick& tick : timeTicks(m_content.fromMs, m_content.toMs, most)) {
    const qreal width = theme::numberWidth(tick.text, painter->font());
    QRectF label(0, 0, width, kAxisText);
    label.moveCenter({toPixel(static_cast<double>(tick.atMs), 0).x(), area.bottom() + 12.5});
    if (label.left() < area.left()) label.moveLeft(area.left());
    if (label.right() > area.right()) label.moveRight(area.right());
    theme::drawNumber(*painter, label, Qt::AlignLeft | Qt::AlignVCenter, tick.text);
  }
}

void TimeChart::drawForeground(QPainter* painter, const QRectF&) {
  drawLimit(*painter);
  drawEndMark(*painter);
  drawDragged(*painter);
  drawCrosshair(*painter);
}

QRectF TimeChart::limitText() const {
  if (!m_content.limit) return {};
  const qreal y = toPixel(0, m_content.limit->value).y();
  const qreal width = theme::numberWidth(m_content.limit->name, theme::font(theme::TextRole::Axis));
  return {plot().right() - width, y + 3, width, kAxisText};
}

void TimeChart::drawLimit(QPainter& painter) const {
  if (!m_content.limit || m_content.limit->value > m_content.axis.max()) return;
  const qreal y = std::round(toPixel(0, m_content.limit->value).y()) + 0.5;
  QPen pen(m_theme->warning.foreground, 1.5, Qt::CustomDashLine, Qt::FlatCap);
  pen.setDashPattern({4, 3});
  painter.setPen(pen);
  painter.drawLine(QPointF(plot().left(), y), QPointF(plot().right(), y));
  painter.setFont(theme::font(theme::TextRole::Axis));
  theme::drawNumber(painter, limitText(), Qt::AlignLeft | Qt::AlignVCenter, m_content.limit->name);
}

void TimeChart::drawEndMark(QPainter& painter) const {
  if (m_content.series.empty()) return;
  const std::vector<Sample>& samples = m_content.series.back().samples;
  const auto last = std::find_if(samples.rbegin(), samples.rend(),
                                 [this](const Sample& one) { return one.atMs <= m_content.toMs; });
  if (last == samples.rend() || !last->isFew || std::isnan(last->value)) return;
  const QString text = tr("few samples");
  const QPointF end = toPixel(static_cast<double>(last->atMs), last->value);
  painter.setFont(theme::font(theme::TextRole::Axis));
  painter.setPen(m_theme->text3);
  const qreal width = theme::numberWidth(text, painter.font());
  QRectF label(end.x() - width, end.y() - kAxisText - 5, width, kAxisText);
  label.moveLeft(std::max(label.left(), plot().left()));
  label.moveTop(std::max(label.top(), plot().top()));
  if (label.intersects(limitText())) label.moveTop(limitText().bottom());
  theme::drawNumber(painter, label, Qt::AlignLeft | Qt::AlignVCenter, text);
}

void TimeChart::drawDragged(QPainter& painter) const {
  if (!m_draggedFrom || !m_crosshair) return;
  const QPointF from = toPixel(static_cast<double>(*m_draggedFrom), m_content.axis.max());
  const QPointF to = toPixel(static_cast<double>(*m_crosshair), 0);
  QColor ground = m_theme->accent;
  ground.setAlphaF(kAreaLight);
  painter.fillRect(QRectF(from, to).normalized(), ground);
}

void TimeChart::drawCrosshair(QPainter& painter) const {
  if (!m_crosshair) return;
  const qreal x = std::round(toPixel(static_cast<double>(*m_crosshair), 0).x()) + 0.5;
  if (x < plot().left() || x > plot().right() + 1) return;
  painter.setPen(QPen(m_theme->borderStrong, 1));
  painter.drawLine(QPointF(x, plot().top()), QPointF(x, plot().bottom()));
  if (!m_hasTip) return;
  TipContent tip;
  tip.title = QDateTime::fromMSecsSinceEpoch(*m_crosshair).toString(QStringLiteral("HH:mm:ss"));
  std::vector<std::pair<double, TipRow>> rows;
  for (const ChartSeries& series : m_content.series)
    if (const Sample* sample = nearest(series.samples, *m_crosshair, History::kGapMs))
      rows.push_back(
          {sample->value, {series.color, series.name, m_content.valueText(sample->value)}});
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (auto& [value, row] : rows) tip.rows.push_back(std::move(row));
  if (tip.rows.empty()) tip.rows.push_back({{}, tr("No data"), {}});
  drawTip(painter, QRectF(rect()).adjusted(2, kTop, -2, 0), x, tip, m_theme.tokens());
}

TimeMs TimeChart::timeAt(qreal x) const {
  const double share = std::clamp((x - plot().left()) / plot().width(), 0.0, 1.0);
  return m_content.fromMs +
         static_cast<TimeMs>(share * static_cast<double>(m_content.toMs - m_content.fromMs));
}

void TimeChart::mouseMoveEvent(QMouseEvent* event) {
  const bool isInside = plot().adjusted(-1, -8, 1, 8).contains(event->position());
  if (!isInside && !m_draggedFrom) return leaveEvent(event);
  Q_EMIT hovered(timeAt(event->position().x()));
}

void TimeChart::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && plot().contains(event->position()))
    m_draggedFrom = timeAt(event->position().x());
}

void TimeChart::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !m_draggedFrom) return;
  const TimeMs begun = *m_draggedFrom;
  const TimeMs ended = timeAt(event->position().x());
  m_draggedFrom.reset();
  viewport()->update();
  if (std::abs(ended - begun) >= kLeastZoomMs)
    Q_EMIT zoomed(std::min(begun, ended), std::max(begun, ended));
}

void TimeChart::mouseDoubleClickEvent(QMouseEvent*) {
  Q_EMIT zoomReset();
}

void TimeChart::leaveEvent(QEvent*) {
  Q_EMIT left();
}

}  // namespace freshet::monitor
