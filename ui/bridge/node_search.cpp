// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/node_search.h"

#include <algorithm>

namespace freshet::bridge {
namespace {

QString folded(const QString& text) {
  QString plain;
  for (const QChar letter : text.normalized(QString::NormalizationForm_KD))
    if (letter.category() != QChar::Mark_NonSpacing) plain += letter.toCaseFolded();
  return plain;
}

bool startsWord(const QString& text, qsizetype at) {
  return at == 0 || !text[at - 1].isLetterOrNumber();
}

bool hasLettersInOrder(const QString& text, const QString& query) {
  qsizetype at = 0;
  for (const QChar letter : query) {
    at = text.indexOf(letter, at);
    if (at < 0) return false;
    ++at;
  }
  return true;
}

int foldedScore(const QString& text, const QString& query) {
  if (text == query) return 100;
  for (qsizetype at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + 1))
    if (startsWord(text, at)) return at == 0 ? 90 : 80;
  if (text.contains(query)) return 60;
  return query.size() > 1 && hasLettersInOrder(text, query) ? 30 : 0;
}

int score(const spec::NodeSpec& spec, const QString& query) {
  int best = foldedScore(folded(QString::fromStdString(spec.title)), query);
  for (const std::string& synonym : spec.synonyms)
    best = std::max(best, foldedScore(folded(QString::fromStdString(synonym)), query) - 5);
  best = std::max(best, foldedScore(folded(QString::fromStdString(spec.id)), query) - 10);
  if (best == 0 && query.size() > 2 && folded(QString::fromStdString(spec.summary)).contains(query))
    best = 10;
  return best;
}

}  // namespace

int matchScore(const QString& text, const QString& query) {
  const QString wanted = folded(query.trimmed());
  return wanted.isEmpty() ? 1 : foldedScore(folded(text), wanted);
}

std::vector<const spec::NodeSpec*> searchNodes(const spec::SpecCatalog& catalog,
                                               const QString& query) {
  std::vector<const spec::NodeSpec*> all = catalog.all();
  const QString wanted = folded(query.trimmed());
  if (wanted.isEmpty()) return all;
  std::vector<std::pair<int, const spec::NodeSpec*>> scored;
  for (const spec::NodeSpec* spec : all)
    if (const int points = score(*spec, wanted); points > 0) scored.emplace_back(points, spec);
  std::stable_sort(scored.begin(), scored.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const spec::NodeSpec*> found;
  for (const auto& [points, spec] : scored) found.push_back(spec);
  return found;
}

}  // namespace freshet::bridge
