// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QTemporaryDir>

#include "core/pipeline/project.h"
#include "ui/bridge/document_model.h"
#include "ui/bridge/live_window.h"
#include "ui/bridge/selection_model.h"
#include "ui/canvas/canvas_widget.h"
#include "ui/theme/theme.h"

namespace freshet::uitest {

// The types that the example uses, as the interface sees them.
spec::SpecCatalog catalogOfTheExample();
// The abandoned basket, read from the sources.
pipeline::Project exampleProject();
pipeline::Project emptyProject();
// A project of `count` steps in rows of `columns`, each joined to the next of its row and below.
pipeline::Project gridProject(int count, int columns);
// The numbers of the mocks: 40 events a second, 77 errors at "Check events".
bridge::LiveSnapshot runningNumbers(const pipeline::Project& project);

// A document with its canvas, shown and 984×590 large unless asked otherwise.
struct CanvasFixture {
  explicit CanvasFixture(pipeline::Project project,
                         theme::Theme::Mode mode = theme::Theme::Mode::Light);

  // Middle of a card or of a port, in widget pixels. Port -1 is the input.
  QPoint at(const char* node) const;
  QPoint port(const char* node, int port) const;
  std::string text() const;  // canonical: pipeline, then layout

  spec::SpecCatalog catalog;
  theme::Theme theme;
  bridge::DocumentModel document;
  bridge::SelectionModel selection;
  canvas::CanvasWidget canvas;
};

}  // namespace freshet::uitest
