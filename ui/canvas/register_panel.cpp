// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QVBoxLayout>

#include "ui/canvas/canvas_widget.h"
#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"

namespace freshet::canvas {
namespace {

shell::Panel* makePanel(shell::PanelContext& context, QWidget* parent) {
  auto* panel = new shell::Panel(parent);
  auto* canvas = new CanvasWidget(context.document(), context.selection(), context.theme(), panel);
  auto* column = new QVBoxLayout(panel);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(canvas);
  using shell::PanelContext;
  PanelContext* wide = &context;
  QObject::connect(&context.host(), &bridge::HostBridge::snapshot, canvas, &CanvasWidget::setLive);
  QObject::connect(wide, &PanelContext::stepChosen, canvas, &CanvasWidget::addNode);
  QObject::connect(wide, &PanelContext::revealRequested, canvas, &CanvasWidget::reveal);
  QObject::connect(canvas, &CanvasWidget::zoomChanged, wide, &PanelContext::zoomChanged);
  QObject::connect(canvas, &CanvasWidget::renameRequested, wide, &PanelContext::renameRequested);
  QObject::connect(canvas, &CanvasWidget::openExampleRequested, wide,
                   &PanelContext::openExampleRequested);
  QObject::connect(canvas, &CanvasWidget::opened, wide, &PanelContext::stepOpened);
  QObject::connect(canvas, &CanvasWidget::activated, wide, [wide](const std::string& node) {
    wide->selection().selectNode(node);
    Q_EMIT wide->fieldRequested(node, {});
  });
  return panel;
}

}  // namespace

void registerPanel(shell::PanelRegistry& registry) {
  registry.add({QStringLiteral("canvas"),
                QCoreApplication::translate("Panels", "Canvas"),
                shell::PanelPlace::Centre,
                0,
                0,
                {},
                makePanel});
}

}  // namespace freshet::canvas
