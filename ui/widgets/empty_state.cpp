// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"

namespace freshet::widgets {
namespace m = theme::metrics;

EmptyState::EmptyState(theme::Theme& theme, const QString& sentence, const QString& action,
                       QWidget* parent)
    : QWidget(parent), m_sentence(new QLabel(sentence, this)) {
  m_sentence->setObjectName(QStringLiteral("emptyStateSentence"));
  m_sentence->setProperty("role", QStringLiteral("secondary"));
  m_sentence->setFont(theme::font(theme::TextRole::Body));
  m_sentence->setAlignment(Qt::AlignCenter);
  m_sentence->setWordWrap(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(m::kMargin, m::kMargin, m::kMargin, m::kMargin);
  column->setSpacing(m::kGapCard);
  column->addStretch();
  column->addWidget(m_sentence);
  if (!action.isEmpty()) {
    m_button = new Button(theme, Button::Kind::Secondary, action, this);
    m_button->setObjectName(QStringLiteral("emptyStateAction"));
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
  }
  column->addStretch();
}

void EmptyState::setSentence(const QString& sentence) {
  m_sentence->setText(sentence);
}

}  // namespace freshet::widgets
