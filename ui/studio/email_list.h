// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/host/pipeline_host.h"
#include "ui/studio/email.h"

namespace freshet::studio {

// The e-mails of one step, oldest first: what it has made while somebody looked, or, before the
// first, the project's personas. One is current; new ones come in behind it and leave it where it
// is. GUI thread.
class EmailList final : public QObject {
  Q_OBJECT

 public:
  static constexpr std::size_t kMost = 1000;

  using QObject::QObject;

  void reset(const pipeline::Project& project, const std::string& node, std::int64_t nowMs);
  // Takes in what came since the last call.
  void update(const host::PipelineHost& host);

  bool isLive() const { return m_isLive; }
  std::size_t size() const { return m_emails.size(); }
  std::size_t position() const { return m_current; }
  const Email* current() const { return m_emails.empty() ? nullptr : &m_emails[m_current]; }
  const std::vector<Email>& all() const { return m_emails; }

  void choose(std::size_t index);
  void step(int by);  // around the ends
  void chooseRandom();

 Q_SIGNALS:
  void currentChanged();
  void sizeChanged();

 private:
  std::vector<std::string> m_edges;  // of the step
  std::uint64_t m_seen = 0;
  std::vector<Email> m_emails;
  std::size_t m_current = 0;
  bool m_isLive = false;
};

}  // namespace freshet::studio
