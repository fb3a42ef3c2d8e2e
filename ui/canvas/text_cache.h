// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <QFont>
#include <QHash>
#include <QStaticText>
#include <map>
#include <vector>

#include "ui/theme/fonts.h"

class QPainter;

namespace freshet::canvas {

// A typeface at one pixel size, with what a line needs to stand right.
struct Face {
  QFont font;
  double ascent = 0;
  double height = 0;
  int id = 0;
};

// Shaped and elided text, laid out once for each wording, face and width. GUI thread.
class TextCache {
 public:
  const Face& face(theme::TextRole role, int pixels);
  // One line from `left`, its middle at `middle`, cut with an ellipsis at `width`.
  void draw(QPainter& painter, const Face& face, const QColor& color, const QString& text,
            double left, double middle, double width);
  // Broken between words into at most `most` lines; what is over stays on the last.
  const std::vector<QString>& wrapped(const Face& face, const QString& text, double width,
                                      std::size_t most);
  void clear();

 private:
  struct Key {
    QString text;
    int face;
    int width;
    friend bool operator==(const Key&, const Key&) = default;
  };
  friend std::size_t qHash(const Key& key, std::size_t seed) {
    return qHashMulti(seed, key.text, key.face, key.width);
  }

  std::map<std::pair<theme::TextRole, int>, Face> m_faces;
  QHash<Key, QStaticText> m_lines;
  QHash<Key, std::vector<QString>> m_wrapped;
};

}  // namespace freshet::canvas
