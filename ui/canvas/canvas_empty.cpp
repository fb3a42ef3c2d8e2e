// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_empty.h"

#include <QHBoxLayout>
#include <QLabel>

#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/empty_state.h"

namespace freshet::canvas {

CanvasEmpty::CanvasEmpty(theme::Theme& theme, QWidget* parent) : QWidget(parent) {
  using widgets::Button;
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins({});
  column->setSpacing(0);
  column->addWidget(new widgets::EmptyState(
      theme, tr("Start with a source: where do your events come from?"), {}, this));
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::metrics::kGapControl);
  auto* source = new Button(theme, Button::Kind::Primary, tr("Add source"), this);
  auto* example = new Button(theme, Button::Kind::Secondary, tr("Open example"), this);
  row->addStretch();
  row->addWidget(source);
  row->addWidget(example);
  row->addStretch();
  column->addLayout(row);
  connect(source, &Button::clicked, this, &CanvasEmpty::addSourceClicked);
  connect(example, &Button::clicked, this, &CanvasEmpty::openExampleClicked);
}

}  // namespace freshet::canvas
