// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <cstdint>
#include <string>
#include <vector>

#include "ui/bridge/document_model.h"
#include "ui/studio/email.h"

namespace freshet::shell {
class PanelContext;
}

namespace freshet::studio {

// The e-mails of the email step that was selected last, oldest first: what it has made since, or,
// before the first, the project's personas. One is current, for every panel of this folder; new
// ones come in behind it and leave it where it is. GUI thread.
class EmailList final : public QObject {
  Q_OBJECT

 public:
  static constexpr std::size_t kMost = 1000;

  // The one list of a window.
  static EmailList& of(shell::PanelContext& context);

  const std::string& node() const { return m_node; }  // empty: none was selected yet
  bool isLive() const { return m_isLive; }
  std::size_t size() const { return m_emails.size(); }
  std::size_t position() const { return m_current; }
  const Email* current() const { return m_emails.empty() ? nullptr : &m_emails[m_current]; }
  const std::vector<Email>& all() const { return m_emails; }

  void choose(std::size_t index);
  void step(int by);  // around the ends
  void chooseRandom();

 Q_SIGNALS:
  void nodeChanged();     // before `currentChanged`
  void currentChanged();  // or the same one is outdated now
  void sizeChanged();

 private:
  explicit EmailList(shell::PanelContext& context);
  void followSelection();
  void followDocument(bridge::DocumentModel::Change change);
  void open(const std::string& node);
  void update();  // takes in what came since the last call

  shell::PanelContext& m_context;
  std::string m_node;
  std::vector<std::string> m_edges;  // of the step
  std::uint64_t m_seen = 0;
  std::vector<Email> m_emails;
  std::size_t m_current = 0;
  bool m_isLive = false;
  bool m_isBehind = false;  // the texts were edited since the run began
};

}  // namespace freshet::studio
