// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// QScintilla's headers are written with Qt's keywords, which this tree leaves to others.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <Qsci/qsciscintillabase.h>
#undef signals
#undef slots

#include <span>
#include <string>

#include "core/liquid/diagnostic.h"
#include "ui/bridge/document_model.h"
#include "ui/theme/theme.h"

namespace freshet::studio {

// One template file of the project, edited. It holds no undo of its own: each change becomes one
// of the document, and changes of the document made elsewhere (undo, redo) appear here. Positions
// are bytes inside, lines and characters from 1 outside. GUI thread; document and theme outlive it.
class TemplateEditor final : public QsciScintillaBase {
  Q_OBJECT

 public:
  TemplateEditor(theme::Theme& theme, bridge::DocumentModel& document, std::string file,
                 QWidget* parent = nullptr);

  const std::string& file() const { return m_file; }
  std::string text() const;
  int line() const;
  int column() const;
  void goTo(int line, int column);
  // Underlines the findings of this file.
  void mark(std::span<const liquid::Diagnostic> findings);

 Q_SIGNALS:
  void caretMoved();

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  long send(unsigned message, long first = 0, long second = 0) const;
  void setUp();
  void applyColors();
  void refreshInks();
  void take(int at, int type, const char* text, int length);
  void follow(const bridge::TextChange& change);
  long positionOf(int line, int column) const;

  theme::Theme& m_theme;
  bridge::DocumentModel& m_document;
  std::string m_file;
  bool m_isFollowing = false;  // the document's change comes in, or ours goes out
  bool m_isSameTurn = false;   // since control was last in the event loop
  bool m_mayContinue = false;  // the caret has stayed where the last change ended
};

}  // namespace freshet::studio
