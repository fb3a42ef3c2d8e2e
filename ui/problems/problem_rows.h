// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractListModel>
#include <map>
#include <vector>

#include "core/host/pipeline_host.h"
#include "core/pipeline/diagnostic.h"

namespace freshet::problems {

// One thing to fix, or events that failed for one reason.
struct Problem {
  pipeline::Severity severity = pipeline::Severity::Error;
  std::string node;  // empty: the whole pipeline
  std::string field;
  QString message;
  QString code;
  QString place;     // "abandoned-basket.pipeline.json:14:9"
  std::string file;  // the same in parts; empty: nowhere
  int line = 0, column = 0;
  std::uint64_t count = 0;  // events; 0: found at design time
  TimeMs newestMs = 0;
  QString sample;  // of the newest event
};

// Findings of design time, why a run failed, and dead letters by step and code. GUI thread.
class ProblemRows final : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;

  void setFindings(const std::vector<pipeline::Diagnostic>& findings);
  void setFailure(const std::optional<Error>& error);
  void addLetters(const std::vector<host::DeadLetter>& letters);
  void forgetRun();
  std::int64_t lastLetter() const { return m_lastLetter; }
  const Problem& problem(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  void rebuild();

  std::vector<Problem> m_findings;
  std::optional<Problem> m_failure;
  std::map<std::string, Problem> m_letters;  // by step, code and pointer
  std::int64_t m_lastLetter = 0;
  std::vector<Problem> m_rows;
};

}  // namespace freshet::problems
