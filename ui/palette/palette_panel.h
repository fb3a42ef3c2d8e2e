// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <set>

#include "core/spec/catalog.h"
#include "ui/bridge/step_rows.h"
#include "ui/theme/theme.h"

class QListView;

namespace freshet::widgets {
class SearchField;
}

namespace freshet::palette {

// Every type of step by family, to be searched, dragged onto the canvas or chosen with Enter or a
// double click. 248 wide in its dock; `setFamily` shows one family alone, as the rail's popup does.
// GUI thread; the catalog outlives it.
class PalettePanel final : public QWidget {
  Q_OBJECT

 public:
  enum class Ground { Dock, None };  // None: it lies on something raised

  PalettePanel(const spec::SpecCatalog& catalog, theme::Theme& theme, QWidget* parent = nullptr,
               Ground ground = Ground::Dock);

  // Families that are folded away, for the settings.
  const std::set<theme::Family>& collapsed() const { return m_collapsed; }
  void setCollapsed(std::set<theme::Family> families);
  void setFamily(std::optional<theme::Family> family);
  void focusSearch();
  int contentHeight() const;
  const bridge::StepRows& rows() const { return m_rows; }
  QListView* list() const { return m_list; }

  QSize sizeHint() const override;

 Q_SIGNALS:
  void chosen(const std::string& type);
  void dragBegun();
  void collapsedChanged();

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void refresh();
  void click(const QModelIndex& index);
  void choose(const QModelIndex& index);

  const spec::SpecCatalog& m_catalog;
  theme::Theme& m_theme;
  Ground m_ground;
  bridge::StepRows m_rows;
  std::set<theme::Family> m_collapsed;
  std::optional<theme::Family> m_family;
  widgets::SearchField* m_field;
  QListView* m_list;
};

}  // namespace freshet::palette
