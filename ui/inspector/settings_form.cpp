// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/settings_form.h"

#include <QLabel>
#include <QVBoxLayout>

#include "core/record/json.h"
#include "ui/inspector/field_row.h"
#include "ui/inspector/field_words.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using record::Value;

namespace {

// "other=value": shown while the other setting, or its default, says so.
bool isWanted(const spec::FieldSpec& field, const spec::NodeSpec& spec, const Value& settings) {
  const std::size_t equals = field.visibleWhen.find('=');
  if (equals == std::string::npos) return true;
  const std::string other = field.visibleWhen.substr(0, equals);
  Value value = settings.get(other);
  const spec::FieldSpec* declared = spec.find(other);
  if (value.isNil() && declared) value = *declared->fallback;
  return wordsOf(value).toStdString() == field.visibleWhen.substr(equals + 1);
}

}  // namespace

SettingsForm::SettingsForm(shell::PanelContext& context, QWidget* parent)
    : QScrollArea(parent), m_context(context) {
  setObjectName(QStringLiteral("settingsForm"));
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::NoFocus);
  connect(&context.document(), &bridge::DocumentModel::changed, this, &SettingsForm::refresh);
  connect(&context.document(), &bridge::DocumentModel::diagnosticsChanged, this,
          &SettingsForm::refreshFindings);
  connect(&context.host(), &bridge::HostBridge::snapshot, this, [this] {
    if (!isVisible()) return;
    for (FieldRow* row : m_rows) row->editor().refresh();
  });
}

void SettingsForm::setNode(const std::string& node) {
  const pipeline::Node* found = m_context.document().project().pipeline.find(node);
  const std::string type = found ? found->type : std::string();
  if (node == m_node && type == m_type) return refresh();
  m_node = node;
  m_type = type;
  rebuild();
}

void SettingsForm::rebuild() {
  m_rows.clear();
  m_more = nullptr;
  auto* content = new QWidget;
  content->setProperty("scrollContent", true);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(m::kMargin, m::kMargin, m::kMargin - 1, m::kMargin);
  column->setSpacing(m::kMargin);
  const spec::NodeSpec* spec = m_context.document().catalog().find(m_type);
  if (spec) {
    for (const spec::FieldSpec& field : spec->fields)
      if (!field.isAdvanced) addRow(*column, field);
    const std::size_t plain = m_rows.size();
    if (plain < spec->fields.size()) {
      m_more = new widgets::Button(m_context.theme(), widgets::Button::Kind::Ghost,
                                   tr("More settings"), content);
      m_more->setChevron(true);
      m_more->setSize(widgets::Button::Size::Compact);
      column->addWidget(m_more, 0, Qt::AlignLeft);
      connect(m_more, &QPushButton::clicked, this, [this] {
        m_isMoreShown = !m_isMoreShown;
        refresh();
      });
    }
    for (const spec::FieldSpec& field : spec->fields)
      if (field.isAdvanced) addRow(*column, field);
  }
  if (!spec || spec->fields.empty()) {
    auto* words = new QLabel(
        spec ? tr("This step has no settings.")
             : tr("%1 is not installed here. Its settings are kept as they are.").arg(text(m_type)),
        content);
    words->setWordWrap(true);
    words->setFont(theme::font(theme::TextRole::Body));
    words->setProperty("role", QStringLiteral("secondary"));
    column->addWidget(words);
  }
  column->addStretch();
  setWidget(content);
  refresh();
}

void SettingsForm::addRow(QVBoxLayout& column, const spec::FieldSpec& field) {
  auto* row = new FieldRow({m_context, m_node, field}, column.parentWidget());
  column.addWidget(row);
  m_rows.push_back(row);
}

void SettingsForm::refresh() {
  const pipeline::Node* node = m_context.document().project().pipeline.find(m_node);
  const spec::NodeSpec* spec = node ? m_context.document().catalog().find(node->type) : nullptr;
  if (!spec || node->type != m_type) return;
  for (FieldRow* row : m_rows) {
    const Value value = node->settings->get(row->field());
    row->show(value);
    const bool isOpen = !row->spec().isAdvanced || m_isMoreShown || !value.isNil();
    row->setVisible(isOpen && isWanted(row->spec(), *spec, *node->settings));
  }
  if (m_more) m_more->setText(m_isMoreShown ? tr("Fewer settings") : tr("More settings"));
  refreshFindings();
}

void SettingsForm::refreshFindings() {
  for (FieldRow* row : m_rows) row->showFindings();
}

void SettingsForm::focusField(const QString& name) {
  for (FieldRow* row : m_rows) {
    if (text(row->field()) != name) continue;
    if (row->isHidden()) {
      m_isMoreShown = true;
      refresh();
    }
    ensureWidgetVisible(row);
    row->editor().setFocus(Qt::ShortcutFocusReason);
  }
}

}  // namespace freshet::inspector
