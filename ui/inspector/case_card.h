// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/record/owned_value.h"
#include "ui/widgets/card.h"

class QLabel;
class QLineEdit;

namespace freshet::widgets {
class Button;
class Label;
class ShareBar;
}  // namespace freshet::widgets

namespace freshet::inspector {

class CodeEdit;

// How often a case was true, and where its records go.
struct CaseNumbers {
  std::uint64_t count = 0;
  std::uint64_t of = 0;  // 0: nothing has come yet
  double rate = 0;
  bool isConnected = false;
  QString target;
};

// One case: its place in the order, name, condition, and how many events took it. 308 wide.
class CaseCard final : public widgets::Card {
  Q_OBJECT

 public:
  CaseCard(theme::Theme& theme, QWidget* parent);

  void show(int number, const record::Value& value);
  void showNumbers(const CaseNumbers& numbers);
  void showFinding(const QString& words);  // empty: none

 Q_SIGNALS:
  void titleEdited(const QString& title);
  void conditionEdited(const QString& condition);
  void finished();
  void moveRequested(int by);
  void removeRequested();

 private:
  QWidget* makeTitle();
  void openMenu();

  theme::Theme& m_theme;
  widgets::Button* m_grip;
  widgets::Label* m_number;
  QLineEdit* m_title;
  widgets::Label* m_share;
  CodeEdit* m_condition;
  QLabel* m_message;
  widgets::ShareBar* m_bar;
  widgets::Label* m_count;
  widgets::Label* m_target;
};

}  // namespace freshet::inspector
