// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/cases_editor.h"

#include <QHBoxLayout>
#include <algorithm>

#include "ui/bridge/node_words.h"
#include "ui/inspector/field_words.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using record::OwnedValue;
using record::Value;
using widgets::Button;
using widgets::Ink;
using widgets::Label;

namespace {
constexpr int kOtherwise = 40;
}

CasesEditor::CasesEditor(const FieldPlace& place, QWidget* parent)
    : FieldEditor(parent), m_place(place), m_column(new QVBoxLayout(this)) {
  m_column->setContentsMargins(0, 0, 0, 0);
  m_column->setSpacing(m::kGapControl);
  auto* rest = new widgets::Card(place.context.theme(), this);
  rest->setGround(widgets::Ground::Window);
  rest->setFixedHeight(kOtherwise);
  auto* row = new QHBoxLayout(rest);
  row->setContentsMargins(m::kMargin * 2, 0, m::kGapCard, 0);
  row->setSpacing(m::kGapControl);
  row->addWidget(new Label(tr("Otherwise"), theme::TextRole::BodyStrong, Ink::Primary, rest));
  row->addWidget(new Label(tr("filtered out"), theme::TextRole::Label, Ink::Secondary, rest), 1);
  m_restShare = new Label({}, theme::TextRole::Mono, Ink::Secondary, rest);
  row->addWidget(m_restShare);
  m_column->addWidget(rest);
  auto* add = new Button(place.context.theme(), Button::Kind::Secondary, tr("Add case"), this);
  add->setObjectName(QStringLiteral("addCase"));
  add->setIconName(QStringLiteral("plus"));
  add->setSize(Button::Size::Compact);
  m_column->addSpacing(m::kGapTight);
  m_column->addWidget(add, 0, Qt::AlignLeft);
  connect(add, &QPushButton::clicked, this, &CasesEditor::addCase);
}

void CasesEditor::addCard() {
  auto* card = new CaseCard(m_place.context.theme(), this);
  m_column->insertWidget(static_cast<int>(m_cards.size()), card);
  m_cards.push_back(card);
  connect(card, &CaseCard::titleEdited, this,
          [this, card](const QString& title) { setMember(card, "title", title); });
  connect(card, &CaseCard::conditionEdited, this,
          [this, card](const QString& condition) { setMember(card, "when", condition); });
  connect(card, &CaseCard::finished, this, &FieldEditor::finished);
  connect(card, &CaseCard::moveRequested, this, [this, card](int by) { move(card, by); });
  connect(card, &CaseCard::removeRequested, this, [this, card] { remove(card); });
}

void CasesEditor::show(const Value& value) {
  m_value = OwnedValue(value);
  const std::size_t count = value.isArray() ? value.size() : 0;
  while (m_cards.size() < count) addCard();
  while (m_cards.size() > count) {
    m_cards.back()->hide();
    m_cards.back()->deleteLater();
    m_cards.pop_back();
  }
  for (std::size_t i = 0; i < count; ++i)
    m_cards[i]->show(static_cast<int>(i) + 1, value.asArray()[i]);
  refresh();
}

void CasesEditor::refresh() {
  CaseNumbers rest;
  bool areAllConnected = true;
  for (std::size_t i = 0; i < m_cards.size(); ++i) {
    const Value name = m_value->asArray()[i].get("name");
    const CaseNumbers numbers = numbersOf(name.isString() ? std::string(name.asString()) : "");
    m_cards[i]->showNumbers(numbers);
    rest.of = numbers.of;
    rest.count += numbers.count;
    areAllConnected = areAllConnected && numbers.isConnected;
    QString words;
    const std::string path = m_place.spec.name + '/' + std::to_string(i);
    for (const pipeline::Diagnostic& finding : m_place.context.document().diagnostics())
      if (finding.node == m_place.node &&
          (finding.field == path || finding.field.starts_with(path + '/')))
        words = sentence(finding);
    m_cards[i]->showFinding(words);
  }
  const bool isKnown = areAllConnected && rest.of > 0 && rest.count <= rest.of;
  m_restShare->setText(isKnown ? theme::shortPercent(static_cast<double>(rest.of - rest.count) /
                                                     static_cast<double>(rest.of))
                               : QString());
}

CaseNumbers CasesEditor::numbersOf(const std::string& port) const {
  const bridge::LiveSnapshot& live = m_place.context.host().current();
  const bridge::DocumentModel& document = m_place.context.document();
  CaseNumbers numbers;
  if (const auto node = live.nodes.find(m_place.node); node != live.nodes.end())
    numbers.of = node->second.in;
  for (const pipeline::Edge& edge : document.project().pipeline.edges) {
    if (edge.from != m_place.node || edge.port != port) continue;
    if (const pipeline::Node* target = document.project().pipeline.find(edge.to))
      numbers.target = bridge::titleOf(*target, document.catalog().find(target->type));
    const auto found = live.edges.find(edge.text());
    if (found == live.edges.end()) continue;
    numbers.isConnected = true;
    numbers.count = found->second.records;
    numbers.rate = found->second.rate;
  }
  return numbers;
}

std::size_t CasesEditor::indexOf(const CaseCard* card) const {
  return static_cast<std::size_t>(std::find(m_cards.begin(), m_cards.end(), card) -
                                  m_cards.begin());
}

void CasesEditor::publish(std::vector<Value> cases) {
  m_value = OwnedValue(Value(std::span<const Value>(cases)));
  Q_EMIT edited(m_value);
}

void CasesEditor::setMember(const CaseCard* card, const char* key, const QString& words) {
  const std::size_t index = indexOf(card);
  const std::string utf8 = words.toStdString();
  const OwnedValue changed =
      OwnedValue(m_value->asArray()[index]).with(key, Value(std::string_view(utf8)));
  std::vector<Value> cases(m_value->asArray().begin(), m_value->asArray().end());
  cases[index] = *changed;
  publish(std::move(cases));
}

void CasesEditor::move(const CaseCard* card, int by) {
  const std::size_t from = indexOf(card);
  const std::size_t to = from + static_cast<std::size_t>(by);
  std::vector<Value> cases(m_value->asArray().begin(), m_value->asArray().end());
  if (to >= cases.size()) return;  // also below zero
  std::swap(cases[from], cases[to]);
  Q_EMIT finished();
  publish(std::move(cases));
  Q_EMIT finished();
}

void CasesEditor::remove(const CaseCard* card) {
  std::vector<Value> cases(m_value->asArray().begin(), m_value->asArray().end());
  cases.erase(cases.begin() + static_cast<std::ptrdiff_t>(indexOf(card)));
  Q_EMIT finished();
  publish(std::move(cases));
  Q_EMIT finished();
}

void CasesEditor::addCase() {
  std::vector<Value> cases;
  if (m_value->isArray()) cases.assign(m_value->asArray().begin(), m_value->asArray().end());
  const auto isTaken = [&](const std::string& name) {
    return std::any_of(cases.begin(), cases.end(), [&](const Value& each) {
      return each.get("name").isString() && each.get("name").asString() == name;
    });
  };
  std::size_t number = cases.size() + 1;
  while (isTaken("case-" + std::to_string(number))) ++number;
  const std::string name = "case-" + std::to_string(number);
  const std::string title = tr("Case %1").arg(number).toStdString();
  OwnedValue made;
  made = made.with("name", Value(std::string_view(name)));
  made = made.with("title", Value(std::string_view(title)));
  made = made.with("when", Value(std::string_view()));
  cases.push_back(*made);
  Q_EMIT finished();
  publish(std::move(cases));
  Q_EMIT finished();
}

}  // namespace freshet::inspector
