// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QImage>
#include <QString>
#include <string>

namespace freshet::studio {

// What drawing an e-mail gave: a picture, or the reason why there is none.
struct HtmlPicture {
  QImage image;
  QString problem;
};

// Draws an e-mail's HTML at a width, with pictures from `folder` only: no script, no network.
// Tables nested deeper than 14 are refused, because laying them out takes exponential time. Any
// thread.
HtmlPicture paintHtml(const std::string& html, int width, qreal devicePixelRatio,
                      const QString& folder);

}  // namespace freshet::studio
