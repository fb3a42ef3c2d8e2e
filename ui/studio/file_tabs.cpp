// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/file_tabs.h"

#include <QPainter>
#include <QSignalBlocker>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/focus_ring.h"

namespace freshet::studio {
namespace {

namespace m = theme::metrics;
constexpr int kSide = 14;
constexpr int kDot = 6;
constexpr int kLine = 2;

QString nameOf(const std::string& file) {
  return QString::fromStdString(file).section(u'/', -1);
}

}  // namespace

FileTabs::FileTabs(theme::Theme& theme, QWidget* parent) : QTabBar(parent), m_theme(theme) {
  setObjectName(QStringLiteral("fileTabs"));
  setAccessibleName(tr("Template files"));
  setDrawBase(false);
  setExpanding(false);
  setElideMode(Qt::ElideNone);
  setUsesScrollButtons(true);
  setFocusPolicy(Qt::TabFocus);
  setFont(theme::font(theme::TextRole::Mono));
  setFixedHeight(m::kTabTall);
  widgets::setFocusRadius(this, m::kRadiusInput);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void FileTabs::setFiles(const std::vector<std::string>& files) {
  if (files == m_files) return;
  const std::string kept = current();
  {
    const QSignalBlocker quiet(this);
    while (count() > 0) removeTab(count() - 1);
    m_files = files;
    for (const std::string& file : files) {
      const int index = addTab(nameOf(file));
      setTabToolTip(index, QString::fromStdString(file));
      setTabData(index, false);
    }
    const auto found = std::find(files.begin(), files.end(), kept);
    setCurrentIndex(found == files.end() ? 0 : static_cast<int>(found - files.begin()));
  }
  if (current() != kept) Q_EMIT currentChanged(currentIndex());
}

std::string FileTabs::current() const {
  const int index = currentIndex();
  return index >= 0 && index < static_cast<int>(m_files.size())
             ? m_files[static_cast<std::size_t>(index)]
             : std::string();
}

void FileTabs::show(const std::string& file) {
  const auto found = std::find(m_files.begin(), m_files.end(), file);
  if (found != m_files.end()) setCurrentIndex(static_cast<int>(found - m_files.begin()));
}

void FileTabs::setUnsaved(const std::string& file, bool isUnsaved) {
  const auto found = std::find(m_files.begin(), m_files.end(), file);
  if (found == m_files.end()) return;
  const int index = static_cast<int>(found - m_files.begin());
  if (this->isUnsaved(index) == isUnsaved) return;
  setTabData(index, isUnsaved);
  setAccessibleTabName(index, isUnsaved ? tr("%1, not saved").arg(nameOf(file)) : nameOf(file));
  update();
}

QSize FileTabs::tabSizeHint(int index) const {
  return {2 * kSide + fontMetrics().horizontalAdvance(tabText(index)) + kDot + m::kGapControl,
          m::kTabTall};
}

void FileTabs::paintEvent(QPaintEvent*) {
  const theme::Tokens& t = m_theme.tokens();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), t.window);
  painter.fillRect(0, height() - 1, width(), 1, t.border);
  painter.setFont(font());
  for (int i = 0; i < count(); ++i) {
    const QRect tab = tabRect(i);
    const bool isCurrent = i == currentIndex();
    if (isCurrent) {
      painter.fillRect(tab, t.surface);
      painter.fillRect(tab.left(), 0, tab.width(), kLine, t.accent);
    }
    painter.fillRect(tab.right(), 0, 1, tab.height(), t.border);
    painter.setPen(isCurrent ? t.text : t.text2);
    painter.drawText(tab.adjusted(kSide, 0, 0, 0), Qt::AlignVCenter, tabText(i));
    if (!isUnsaved(i)) continue;
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.accent);
    painter.drawEllipse(
        QRectF(tab.right() - kSide - kDot + 2, (tab.height() - kDot) / 2.0, kDot, kDot));
  }
}

}  // namespace freshet::studio
