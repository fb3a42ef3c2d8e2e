// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/liquid_colors.h"

#include <QRegularExpression>

namespace freshet::inspector {

LiquidColors::LiquidColors(theme::Theme& theme, bool isTemplate, QTextDocument* document)
    : QSyntaxHighlighter(document), m_theme(theme), m_isTemplate(isTemplate) {
  connect(&theme, &theme::Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void LiquidColors::highlightBlock(const QString& line) {
  static const QRegularExpression kBraces(QStringLiteral("\\{[{%].*?[%}]\\}"));
  if (!m_isTemplate) return colour(line, 0, static_cast<int>(line.size()));
  for (auto found = kBraces.globalMatch(line); found.hasNext();) {
    const auto match = found.next();
    colour(line, static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()));
  }
}

void LiquidColors::colour(const QString& line, int from, int length) {
  static const QRegularExpression kToken(QStringLiteral(
      "(?<string>\"[^\"]*\"?|'[^']*'?)|(?<tag>\\{[{%]-?|-?[%}]\\})|\\|\\s*(?<filter>\\w+)|"
      "(?<word>[A-Za-z_][\\w.\\-]*)"));
  static const QRegularExpression kKeyword(QStringLiteral(
      "^(and|or|not|contains|true|false|nil|null|blank|empty|if|unless|else|elsif|endif|for|endfor|"
      "in|assign|render|case|when|endcase|capture|endcapture|endunless)$"));
  const auto& syntax = m_theme->syntax;
  for (auto found = kToken.globalMatch(line, from); found.hasNext();) {
    const auto match = found.next();
    if (match.capturedEnd() > from + length) break;
    const auto paint = [&](const QString& name, const QColor& color) {
      if (match.capturedLength(name) > 0)
        setFormat(static_cast<int>(match.capturedStart(name)),
                  static_cast<int>(match.capturedLength(name)), color);
    };
    paint(QStringLiteral("string"), syntax.string);
    paint(QStringLiteral("tag"), syntax.tag);
    paint(QStringLiteral("filter"), syntax.filter);
    const bool isKeyword = kKeyword.match(match.captured(QStringLiteral("word"))).hasMatch();
    paint(QStringLiteral("word"), isKeyword ? syntax.tag : syntax.variable);
  }
}

}  // namespace freshet::inspector
