// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/problems/problem_delegate.h"

#include "ui/bridge/node_words.h"
#include "ui/bridge/record_words.h"
#include "ui/problems/problem_rows.h"
#include "ui/shell/panel_context.h"
#include "ui/theme/fonts.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"

namespace freshet::problems {
namespace {

constexpr int kRow = 48;
constexpr int kSampleRow = 68;  // with the newest event as it arrived
constexpr int kMark = 10;
constexpr int kLeft = 36;

}  // namespace

QSize ProblemDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  const Problem& shown = static_cast<const ProblemRows*>(index.model())->problem(index.row());
  return {0, shown.sample.isEmpty() ? kRow : kSampleRow};
}

void ProblemDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
  const theme::Tokens& tokens = m_context.theme().tokens();
  const Problem& shown = static_cast<const ProblemRows*>(index.model())->problem(index.row());
  const QRect row = option.rect;
  if (option.state & QStyle::State_Selected)
    painter->fillRect(row, tokens.accentSoft);
  else if (option.state & QStyle::State_MouseOver)
    painter->fillRect(row, tokens.hover);
  painter->fillRect(QRect(row.left(), row.bottom(), row.width(), 1), tokens.border);
  const bool isError = shown.severity == pipeline::Severity::Error;
  theme::drawStateMark(*painter, isError ? theme::State::Error : theme::State::Warning,
                       QRect(row.left() + 14, row.top() + 11, kMark, kMark), tokens);

  const pipeline::Pipeline& pipeline = m_context.document().project().pipeline;
  QStringList facts;
  if (const pipeline::Node* node = pipeline.find(shown.node))
    facts.append(bridge::titleOf(*node, m_context.document().catalog().find(node->type)));
  if (shown.count > 0) {
    facts.append(
        shown.count == 1
            ? tr("1 event, kept")
            : tr("%1 events, kept").arg(theme::groupedNumber(static_cast<qint64>(shown.count))));
    facts.append(tr("newest %1").arg(bridge::clockTime(shown.newestMs)));
  }
  if (!shown.place.isEmpty()) facts.append(shown.place);
  facts.append(shown.code);

  const QRect words = row.adjusted(kLeft, 0, -12, 0);
  const auto line = [&](theme::TextRole role, const QColor& ink, int top, const QString& text) {
    painter->setFont(theme::font(role));
    painter->setPen(ink);
    painter->drawText(QRect(words.left(), row.top() + top, words.width(), theme::lineHeight(role)),
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, words.width()));
  };
  line(theme::TextRole::BodyMedium, tokens.text, 5, shown.message);
  line(theme::TextRole::Meta, tokens.text3, 26, facts.join(QStringLiteral(" · ")));
  if (!shown.sample.isEmpty()) line(theme::TextRole::MonoSmall, tokens.text2, 44, shown.sample);
}

}  // namespace freshet::problems
