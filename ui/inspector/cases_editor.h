// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "ui/inspector/case_card.h"
#include "ui/inspector/field_editor.h"

class QVBoxLayout;

namespace freshet::inspector {

// Ordered cases as cards, the rest below them. An event takes the first case that is true.
class CasesEditor final : public FieldEditor {
  Q_OBJECT

 public:
  CasesEditor(const FieldPlace& place, QWidget* parent);

  void show(const record::Value& value) override;
  void refresh() override;
  bool showsFindings() const override { return true; }

 private:
  void addCard();
  void setMember(const CaseCard* card, const char* key, const QString& text);
  void move(const CaseCard* card, int by);
  void remove(const CaseCard* card);
  void addCase();
  void publish(std::vector<record::Value> cases);
  std::size_t indexOf(const CaseCard* card) const;
  CaseNumbers numbersOf(const std::string& port) const;

  FieldPlace m_place;
  record::OwnedValue m_value;
  QVBoxLayout* m_column;
  std::vector<CaseCard*> m_cards;
  widgets::Label* m_restShare;
};

}  // namespace freshet::inspector
