// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/error_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"

namespace freshet::studio {

namespace m = theme::metrics;
using widgets::Button;

ErrorStrip::ErrorStrip(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setObjectName(QStringLiteral("errorStrip"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(m::kGapCard + m::kIcon + m::kGapControl, 6, m::kGapCard, 6);
  row->setSpacing(m::kGapControl);
  m_words = new QLabel(this);
  m_words->setFont(theme::font(theme::TextRole::Label));
  m_words->setProperty("role", QStringLiteral("error"));
  m_words->setWordWrap(true);
  row->addWidget(m_words, 1);
  auto* show = new Button(theme, Button::Kind::Secondary, tr("Show"), this);
  show->setObjectName(QStringLiteral("showError"));
  show->setSize(Button::Size::Compact);
  row->addWidget(show);
  m_show = show;
  connect(show, &QPushButton::clicked, this, [this] {
    Q_EMIT placeChosen(m_file, static_cast<int>(m_place.line), static_cast<int>(m_place.column));
  });
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
  hide();
}

QString ErrorStrip::text() const {
  return m_words->text();
}

void ErrorStrip::show(const std::vector<liquid::Diagnostic>& findings, const QString& otherwise) {
  const auto first = std::find_if(findings.begin(), findings.end(), [](const auto& found) {
    return found.severity == liquid::Severity::Error;
  });
  setVisible(first != findings.end() || !otherwise.isEmpty());
  m_show->setVisible(first != findings.end() && !first->file.empty());
  if (first == findings.end()) return m_words->setText(otherwise);
  m_file = first->file;
  m_place = first->place;
  const QString place = m_file.empty()
                            ? tr("Line %1, column %2").arg(m_place.line).arg(m_place.column)
                            : tr("%1, line %2, column %3")
                                  .arg(QString::fromStdString(m_file).section(u'/', -1))
                                  .arg(m_place.line)
                                  .arg(m_place.column);
  QString words = place + QStringLiteral(": ") + QString::fromStdString(first->message);
  if (!first->hint.empty()) words += QStringLiteral(". ") + QString::fromStdString(first->hint);
  const auto more = std::count_if(first + 1, findings.end(), [](const auto& found) {
    return found.severity == liquid::Severity::Error;
  });
  if (more > 0) words += QStringLiteral(" · ") + tr("%1 more").arg(more);
  m_words->setText(words);
}

void ErrorStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme->error.soft);
  painter.fillRect(0, height() - 1, width(), 1, m_theme->border);
  theme::drawIcon(painter, u"error", m_theme->error.foreground,
                  QRectF(m::kGapCard, (height() - m::kIcon) / 2.0, m::kIcon, m::kIcon));
}

}  // namespace freshet::studio
