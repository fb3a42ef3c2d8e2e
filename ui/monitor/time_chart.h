// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QtCharts/QChartView>
#include <functional>
#include <optional>

#include "ui/monitor/scale.h"
#include "ui/monitor/series.h"
#include "ui/theme/theme.h"

class QAreaSeries;
class QLineSeries;
class QValueAxis;

namespace freshet::monitor {

struct ChartSeries {
  QString name;
  QColor color;
  qreal width = 1.5;
  bool isArea = false;
  std::vector<Sample> samples;
};

// A threshold across the chart: dashed, with its name inside.
struct ChartLimit {
  double value = 0;
  QString name;
};

struct ChartContent {
  std::vector<ChartSeries> series;
  TimeMs fromMs = 0, toMs = 60'000;
  ValueAxis axis;
  QString unit;                              // on the top label only
  std::function<QString(double)> valueText;  // for the tooltip
  std::optional<ChartLimit> limit;
};

// Lines over time. Qt Charts draws the lines, one QLineSeries for each unbroken stretch; grid,
// labels and crosshair are ours. GUI thread.
class TimeChart final : public QChartView {
  Q_OBJECT

 public:
  static constexpr int kLeft = 44, kTop = 40, kRight = 14, kBottom = 26;  // in the card
  static constexpr int kColumns = 296;  // two points each: at most 600 a series

  explicit TimeChart(theme::Theme& theme, QWidget* parent = nullptr);

  void setContent(ChartContent content);
  const ChartContent& content() const { return m_content; }
  // Without a time there is none. `withTip`: the values are told beside it.
  void setCrosshair(std::optional<TimeMs> atMs, bool withTip);
  std::optional<TimeMs> crosshair() const { return m_crosshair; }

  QRectF plot() const;
  QPointF toPixel(double atMs, double value) const;
  // Unbroken lines that are shown.
  int strandCount() const;
  int pointCount() const;

 Q_SIGNALS:
  void hovered(freshet::TimeMs atMs);
  void left();
  // A stretch was dragged over; the charts show it until they are reset by a double click.
  void zoomed(freshet::TimeMs fromMs, freshet::TimeMs toMs);
  void zoomReset();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void drawBackground(QPainter* painter, const QRectF& rect) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override { event->ignore(); }
  void leaveEvent(QEvent* event) override;

 private:
  struct Line {
    QLineSeries* line = nullptr;
    QAreaSeries* area = nullptr;  // below it; none: only the line
    void setVisible(bool visible) const;
  };
  void fill();
  Line& lineFor(std::size_t series, std::size_t strand);
  void draw(const ChartSeries& series, const Strand& strand, Line& line);
  TimeMs timeAt(qreal x) const;
  void drawEndMark(QPainter& painter) const;
  void drawDragged(QPainter& painter) const;
  void drawLimit(QPainter& painter) const;
  void drawCrosshair(QPainter& painter) const;
  QRectF limitText() const;

  theme::Theme& m_theme;
  ChartContent m_content;
  QValueAxis* m_times;
  QValueAxis* m_values;
  std::vector<std::vector<Line>> m_lines;  // by series; those beyond its strands are hidden
  std::optional<TimeMs> m_crosshair;
  bool m_hasTip = false;
  std::optional<TimeMs> m_draggedFrom;
};

}  // namespace freshet::monitor
