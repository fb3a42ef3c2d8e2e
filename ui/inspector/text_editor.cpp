// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/text_editor.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QStyle>

#include "ui/inspector/field_words.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/label.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using spec::FieldType;

namespace {

constexpr int kNumberWidth = 120;

bool isNarrow(FieldType type) {
  return type == FieldType::Number || type == FieldType::Integer || type == FieldType::Duration ||
         type == FieldType::Bytes;
}

QString secretName(const QString& reference) {
  static const QRegularExpression kReference(QStringLiteral("^\\$\\{secret:([^}:]+)\\}$"));
  const auto match = kReference.match(reference);
  return match.hasMatch() ? match.captured(1) : reference;
}

}  // namespace

TextEditor::TextEditor(const FieldPlace& place, QWidget* parent)
    : FieldEditor(parent), m_place(place), m_field(new QLineEdit(this)) {
  const FieldType type = place.spec.type;
  const bool isCode = isNarrow(type) || type == FieldType::File || type == FieldType::Folder ||
                      type == FieldType::Secret;
  m_field->setFont(theme::font(isCode ? theme::TextRole::Mono : theme::TextRole::Body));
  m_field->setAccessibleName(text(place.spec.title));
  m_field->setAccessibleDescription(text(place.spec.help));
  m_field->setPlaceholderText(type == FieldType::Secret ? tr("NAME_OF_THE_SECRET")
                                                        : wordsOf(*place.spec.fallback));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(m::kGapControl);
  row->addWidget(m_field);
  if (isNarrow(type)) {
    m_field->setFixedWidth(kNumberWidth);
    row->addWidget(new widgets::Label(text(place.spec.unit), theme::TextRole::Label,
                                      widgets::Ink::Secondary, this),
                   1);
  }
  if (type == FieldType::File || type == FieldType::Folder) {
    auto* browse =
        widgets::Button::iconOnly(place.context.theme(), widgets::Button::Kind::Secondary,
                                  QStringLiteral("folder"), tr("Choose…"), this);
    row->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, &TextEditor::browse);
  }
  setFocusProxy(m_field);
  connect(m_field, &QLineEdit::textEdited, this, &TextEditor::take);
  connect(m_field, &QLineEdit::editingFinished, this, [this] {
    const QString stored = normalised(m_field->text(), m_place.spec);
    if (stored != m_field->text()) {
      m_field->setText(stored);
      take(stored);
    }
    Q_EMIT finished();
  });
}

void TextEditor::show(const record::Value& value) {
  const QString words =
      m_place.spec.type == FieldType::Secret ? secretName(wordsOf(value)) : wordsOf(value);
  if (*valueOf(m_field->text(), m_place.spec) == value || m_field->text() == words) return;
  m_field->setText(words);
}

void TextEditor::setWrong(bool wrong) {
  if ((m_field->property("state").toString() == QStringLiteral("error")) == wrong) return;
  m_field->setProperty("state", wrong ? QStringLiteral("error") : QString());
  m_field->style()->unpolish(m_field);
  m_field->style()->polish(m_field);
}

void TextEditor::take(const QString& typed) {
  if (m_place.spec.type == FieldType::Secret) return takeSecret(typed.trimmed());
  Q_EMIT edited(valueOf(typed, m_place.spec));
}

// The secret itself must not reach the project: only what looks like a name is taken.
void TextEditor::takeSecret(const QString& typed) {
  static const QRegularExpression kName(QStringLiteral("^[A-Z][A-Z0-9_]*$"));
  static const QRegularExpression kReference(QStringLiteral("^\\$\\{(secret|env):[^}:]+\\}$"));
  if (typed.isEmpty() || kReference.match(typed).hasMatch()) {
    Q_EMIT refused({});
    Q_EMIT edited(valueOf(typed, m_place.spec));
  } else if (kName.match(typed).hasMatch()) {
    Q_EMIT refused({});
    Q_EMIT edited(textValue(QStringLiteral("${secret:%1}").arg(typed)));
  } else {
    Q_EMIT refused(
        tr("Give the secret's name in capitals, such as SMTP_PASSWORD. The secret itself "
           "is kept outside the project."));
  }
}

void TextEditor::browse() {
  const QString folder = QString::fromStdString(m_place.context.document().project().folder);
  const QString chosen =
      m_place.spec.type == FieldType::Folder
          ? QFileDialog::getExistingDirectory(this, text(m_place.spec.title), folder)
          : QFileDialog::getOpenFileName(this, text(m_place.spec.title), folder);
  if (chosen.isEmpty()) return;
  const QString relative = folder.isEmpty() ? chosen : QDir(folder).relativeFilePath(chosen);
  m_field->setText(relative);
  take(relative);
  Q_EMIT finished();
}

}  // namespace freshet::inspector
