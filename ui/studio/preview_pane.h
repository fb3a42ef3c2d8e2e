// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <vector>

#include "core/liquid/diagnostic.h"
#include "ui/studio/email.h"
#include "ui/theme/theme.h"

class QPlainTextEdit;

namespace freshet::widgets {
class EmptyState;
class TabStrip;
}  // namespace freshet::widgets

namespace freshet::studio {

class EmailList;
class ErrorStrip;
class MailView;
class SubjectLines;

// The right half of the studio: whose e-mail it is, what an inbox shows of it, and the e-mail on a
// desk, on a phone, on both, or as plain text. While a template is wrong the last good one stays
// under a strip that says what and where. GUI thread; the list outlives it.
class PreviewPane final : public QWidget {
  Q_OBJECT

 public:
  PreviewPane(theme::Theme& theme, EmailList& people, QWidget* parent = nullptr);

  void show(const Email& email, const std::vector<liquid::Diagnostic>& findings,
            const QString& folder);
  void clear();
  bool isDrawing() const;

 Q_SIGNALS:
  void placeChosen(const std::string& file, int line, int column);
  void drawn();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum Tab { Both, Desktop, Phone, Text };
  QWidget* makeTabs();
  QWidget* makePersonRow();
  QWidget* makeCaptioned(MailView* view, QWidget*& box);
  void arrange();

  theme::Theme& m_theme;
  EmailList& m_people;
  widgets::TabStrip* m_tabs = nullptr;
  SubjectLines* m_subject = nullptr;
  ErrorStrip* m_error = nullptr;
  QWidget* m_ground = nullptr;
  MailView* m_desktop = nullptr;
  MailView* m_phone = nullptr;
  QWidget* m_desktopBox = nullptr;
  QWidget* m_phoneBox = nullptr;
  QPlainTextEdit* m_text = nullptr;
  widgets::EmptyState* m_empty = nullptr;
  bool m_hasMail = false;
};

}  // namespace freshet::studio
