// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <deque>

#include "core/host/pipeline_host.h"

namespace freshet::monitor {

// Why events failed, newest last, as far as the charts name it: a few hundred of the newest dead
// letters, without their events. GUI thread.
class Reasons {
 public:
  // Asks the host only if it keeps more dead letters than when it was asked last.
  void update(const host::PipelineHost& host, std::uint64_t dead);
  void clear();
  // The commonest between two times of the run's clock; empty: unknown.
  QString commonest(TimeMs fromRunMs, TimeMs toRunMs) const;

 private:
  struct Reason {
    TimeMs runMs = 0;
    QString text;
  };
  std::deque<Reason> m_reasons;
  std::int64_t m_lastId = 0;
  std::uint64_t m_dead = 0;
};

// "event.currency is missing" → "No currency"; others as they are, with a capital.
QString shortReason(const std::string& message);

}  // namespace freshet::monitor
