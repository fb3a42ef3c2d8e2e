// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/problems/problem_rows.h"

namespace freshet::problems {
namespace {

QString text(const std::string& utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString sentenceCase(QString words) {
  if (!words.isEmpty()) words[0] = words[0].toUpper();
  return words;
}

Problem fromFinding(const pipeline::Diagnostic& finding) {
  Problem made;
  made.severity = finding.severity;
  made.node = finding.node;
  made.field = finding.field;
  made.message = sentenceCase(text(finding.message));
  if (!finding.hint.empty())
    made.message += QStringLiteral(". ") + sentenceCase(text(finding.hint));
  made.code = text(finding.code);
  made.file = finding.file;
  made.line = finding.line;
  made.column = finding.column;
  if (finding.line > 0)
    made.place =
        QStringLiteral("%1:%2:%3").arg(text(finding.file)).arg(finding.line).arg(finding.column);
  return made;
}

}  // namespace

void ProblemRows::setFindings(const std::vector<pipeline::Diagnostic>& findings) {
  m_findings.clear();
  for (const pipeline::Diagnostic& finding : findings) m_findings.push_back(fromFinding(finding));
  rebuild();
}

void ProblemRows::setFailure(const std::optional<Error>& error) {
  const bool isSame = m_failure.has_value() == error.has_value() &&
                      (!error || m_failure->message == sentenceCase(text(error->message)));
  if (isSame) return;
  m_failure.reset();
  if (error) {
    m_failure.emplace();
    m_failure->message = sentenceCase(text(error->message));
    m_failure->code = text(error->code);
    const auto slash = error->where.find('/');
    m_failure->node = error->where.substr(0, slash);
  }
  rebuild();
}

void ProblemRows::addLetters(const std::vector<host::DeadLetter>& letters) {
  if (letters.empty()) return;
  for (const host::DeadLetter& letter : letters) {
    m_lastLetter = std::max(m_lastLetter, letter.id);
    Problem& group = m_letters[letter.node + '\n' + letter.code + '\n' + letter.pointer];
    group.severity = pipeline::Severity::Warning;
    group.node = letter.node;
    group.code = text(letter.code);
    group.message = text(letter.message);  // may begin with a field, whose case counts
    group.place = text(letter.pointer);
    group.newestMs = letter.atMs;
    group.sample = text(letter.bytes.substr(0, 300)).simplified();
    ++group.count;
  }
  rebuild();
}

void ProblemRows::forgetRun() {
  if (m_letters.empty() && !m_failure) return;
  m_letters.clear();
  m_failure.reset();
  m_lastLetter = 0;
  rebuild();
}

void ProblemRows::rebuild() {
  beginResetModel();
  m_rows.clear();
  if (m_failure) m_rows.push_back(*m_failure);
  m_rows.insert(m_rows.end(), m_findings.begin(), m_findings.end());
  for (const auto& [key, group] : m_letters) m_rows.push_back(group);
  endResetModel();
}

int ProblemRows::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ProblemRows::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Problem& shown = problem(index.row());
  if (role == Qt::DisplayRole) return shown.message;
  if (role == Qt::ToolTipRole && !shown.sample.isEmpty()) return shown.sample;
  return {};
}

}  // namespace freshet::problems
