// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractButton>
#include <QPointer>
#include <vector>

#include "core/spec/catalog.h"
#include "ui/theme/theme.h"

class QVBoxLayout;

namespace freshet::palette {

class PalettePanel;

// A tile of the rail: search, or a family in its colours.
class RailButton final : public QAbstractButton {
  Q_OBJECT

 public:
  RailButton(theme::Theme& theme, std::optional<theme::Family> family, QWidget* parent);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  std::optional<theme::Family> m_family;
};

// The palette where there is little room: 48 wide, its lists open over the canvas beside it and go
// when a step is dragged, chosen, or the focus leaves. GUI thread; the catalog outlives it.
class PaletteRail final : public QWidget {
  Q_OBJECT

 public:
  PaletteRail(const spec::SpecCatalog& catalog, theme::Theme& theme, QWidget* parent = nullptr);

  // No family: all of them under a search box.
  void open(std::optional<theme::Family> family);
  void closeList();
  PalettePanel* list() const { return m_list; }
  QSize sizeHint() const override;
  // A widget of the shell's own at the foot of the rail, such as help. The rail owns it.
  void addFoot(QWidget* widget);

 Q_SIGNALS:
  void chosen(const std::string& type);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void place(const RailButton& beside);

  const spec::SpecCatalog& m_catalog;
  theme::Theme& m_theme;
  QVBoxLayout* m_column;
  std::vector<RailButton*> m_buttons;  // search, then the families
  QPointer<QWidget> m_popup;
  PalettePanel* m_list = nullptr;
};

}  // namespace freshet::palette
