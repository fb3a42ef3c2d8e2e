// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/html_painter.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>

#include "ui/studio/html_container.h"
#include "ui/theme/tokens.h"

namespace freshet::studio {
namespace {

// Layout of nested tables is exponential in their depth: 12 deep 74 ms, 16 deep 2.4 s.
constexpr int kDeepestTable = 14;
constexpr int kTallest = 12'000;
constexpr std::size_t kLargest = 1'000'000;

// What every mail program does before the mail's own style.
constexpr char kDefaults[] = R"(
html, body, div, p, table, tr, td, th, h1, h2, h3, h4, ul, ol, li, center, blockquote, hr { display: block }
head, style, title, script, meta, link, base { display: none }
body { margin: 8px; font-size: 16px; line-height: 1.25 }
table { display: table; border-collapse: separate; border-spacing: 2px }
tbody { display: table-row-group } thead { display: table-header-group } tfoot { display: table-footer-group }
tr { display: table-row } td, th { display: table-cell; padding: 1px; vertical-align: middle }
li { display: list-item } ul, ol { margin: 16px 0; padding-left: 40px } ol { list-style-type: decimal }
p { margin: 16px 0 } h1 { font-size: 32px; margin: 21px 0 } h2 { font-size: 24px; margin: 20px 0 }
h3 { font-size: 19px; margin: 19px 0 } h1, h2, h3, h4, b, strong, th { font-weight: bold }
i, em { font-style: italic } u { text-decoration: underline } center { text-align: center }
a { color: mediumblue; text-decoration: underline } img, a, span, b, strong, i, em, u { display: inline }
br { display: inline-block }
hr { border-top: 1px solid gray; margin: 8px 0 }
)";

int tableDepth(const std::string& html) {
  static const QRegularExpression kTable(QStringLiteral("<(/?)table\\b"),
                                         QRegularExpression::CaseInsensitiveOption);
  int depth = 0;
  int deepest = 0;
  auto matches = kTable.globalMatch(QString::fromStdString(html));
  while (matches.hasNext()) {
    depth += matches.next().captured(1).isEmpty() ? 1 : -1;
    deepest = std::max(deepest, depth);
  }
  return deepest;
}

// litehtml 0.6 ignores weights of 100 to 700 by number, but takes their neighbours.
std::string withReadableWeights(const std::string& html) {
  static const QRegularExpression kWeight(QStringLiteral("font-weight\\s*:\\s*([1-7])00\\b"));
  QString text = QString::fromStdString(html);
  text.replace(kWeight, QStringLiteral("font-weight:\\1"
                                       "01"));
  return text.toStdString();
}

QString say(const char* text) {
  return QCoreApplication::translate("HtmlPainter", text);
}

}  // namespace

HtmlPicture paintHtml(const std::string& html, int width, qreal devicePixelRatio,
                      const QString& folder) {
  if (html.size() > kLargest) return {{}, say("This email is larger than 1 MB and is not drawn.")};
  if (tableDepth(html) > kDeepestTable) {
    return {{}, say("Its tables are nested more than 14 deep; mail programs would fail too.")};
  }
  HtmlContainer container(width, folder);
  litehtml::context context;
  context.load_master_stylesheet(kDefaults);
  const auto document =
      litehtml::document::createFromUTF8(withReadableWeights(html).c_str(), &container, &context);
  if (!document) return {{}, say("This email is not HTML that can be drawn.")};
  document->render(width);
  const int height = std::clamp(document->height(), 1, kTallest);
  QImage image(QSize(width, height) * devicePixelRatio, QImage::Format_RGB32);
  image.fill(theme::lightTokens().surface);  // an e-mail stays light in both themes
  QPainter painter(&image);
  painter.scale(devicePixelRatio, devicePixelRatio);  // a ratio below 1 counts as 1 for a painter
  painter.setRenderHint(QPainter::TextAntialiasing);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  const litehtml::position clip(0, 0, width, height);
  document->draw(reinterpret_cast<litehtml::uint_ptr>(&painter), 0, 0, &clip);
  painter.end();
  image.setDevicePixelRatio(devicePixelRatio);
  return {image, {}};
}

}  // namespace freshet::studio
