// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QUrl>
#include <string>

#include "ui/bridge/document_model.h"
#include "ui/bridge/host_bridge.h"
#include "ui/bridge/selection_model.h"
#include "ui/theme/theme.h"

namespace freshet::shell {

// A sentence that lies over the canvas for a while; see widgets::HintBar.
struct Notice {
  QString text;
  QString action;      // a word to press; empty: none
  QString panel;       // what the action opens, by id
  QString id = {};     // hints only: shown once, ever
  QUrl address = {};   // or what it opens in a browser
  QString words = {};  // which kept events to show there, by their reason
};

// What every panel is given: the shared models, and the requests that reach beyond one panel. The
// main window owns it; it outlives the panels. GUI thread.
class PanelContext final : public QObject {
  Q_OBJECT

 public:
  PanelContext(theme::Theme& theme, bridge::DocumentModel& document,
               bridge::SelectionModel& selection, bridge::HostBridge& host);

  theme::Theme& theme() const { return m_theme; }
  bridge::DocumentModel& document() const { return m_document; }
  bridge::SelectionModel& selection() const { return m_selection; }
  bridge::HostBridge& host() const { return m_host; }

 Q_SIGNALS:
  void runRequested();
  void openExampleRequested();
  void panelRequested(const QString& id);         // brought to the front
  void lettersRequested(const QString& words);    // kept events whose reason names these
  void stepChosen(const std::string& type);       // a type from the palette
  void revealRequested(const std::string& node);  // scrolled into view
  void renameRequested(const std::string& node);  // the inspector takes the keyboard
  void fieldRequested(const std::string& node, const QString& field);
  void stepOpened(
      const std::string& node);  // double-clicked: a Cover panel that fits, else settings
  void coverLeft();              // back to the canvas
  void crumbChanged(const QString& title);  // what the cover shows; empty: it is gone
  void placeRequested(const std::string& file, int line, int column);  // in the studio, from 1
  void caretMoved(const QString& words);  // "Line 19, column 41"; empty: no text is edited
  void railWanted(bool isRail);           // the palette as icons only
  void zoomChanged(double zoom);
  void personShown(const QString& name);  // by the email dock
  void noticed(const freshet::shell::Notice& notice);

 private:
  theme::Theme& m_theme;
  bridge::DocumentModel& m_document;
  bridge::SelectionModel& m_selection;
  bridge::HostBridge& m_host;
};

}  // namespace freshet::shell
