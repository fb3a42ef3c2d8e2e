// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_actions.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <QSettings>
#include <QUndoStack>

#include "ui/bridge/node_words.h"
#include "ui/shell/main_window.h"
#include "ui/shell/project_files.h"
#include "ui/shell/run_control.h"

namespace freshet::shell {
namespace {

struct Entry {
  QString title;
  QString icon;
  QKeySequence key;
  std::function<void()> run;
};

QAction* add(QMenu& menu, MainWindow& window, const Entry& entry) {
  auto* action = new QAction(entry.title, &window);
  action->setShortcut(entry.key);
  action->setProperty("iconName", entry.icon);
  QObject::connect(action, &QAction::triggered, &window, entry.run);
  menu.addAction(action);
  window.addAction(action);
  return action;
}

void addFiles(QMenu& menu, MainWindow& w) {
  ProjectFiles* files = &w.files();
  add(menu, w, {w.tr("New project"), QStringLiteral("plus"), QKeySequence::New, [files] {
                  files->askNew();
                }});
  add(menu, w, {w.tr("Open project…"), QStringLiteral("folder"), QKeySequence::Open, [files] {
                  files->askOpen();
                }});
  add(menu, w, {w.tr("Open example"), QStringLiteral("open-external"), {}, [files] {
                  files->openExample();
                }});
  add(menu, w,
      {w.tr("Save"), QStringLiteral("save"), QKeySequence::Save, [files] { files->save(); }});
  add(menu, w,
      {w.tr("Save as…"), QStringLiteral("save"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
       [files] { files->askSaveAs(); }});
}

void addEdits(QMenu& menu, MainWindow& w) {
  QUndoStack& stack = w.document().undoStack();
  QAction* undo = stack.createUndoAction(&w, w.tr("Undo"));
  undo->setShortcut(QKeySequence::Undo);
  undo->setProperty("iconName", QStringLiteral("undo"));
  QAction* redo = stack.createRedoAction(&w, w.tr("Redo"));
  redo->setShortcuts(
      {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
  redo->setProperty("iconName", QStringLiteral("redo"));
  for (QAction* action : {undo, redo}) {
    menu.addAction(action);
    w.addAction(action);
  }
}

void addRuns(QMenu& menu, MainWindow& w) {
  RunControl* run = &w.run();
  add(menu, w, {w.tr("Run"), QStringLiteral("play"), Qt::Key_F5, [run] { run->run(); }});
  add(menu, w, {w.tr("Stop"), QStringLiteral("stop"), QKeySequence(Qt::SHIFT | Qt::Key_F5), [run] {
                  run->stop();
                }});
  add(menu, w, {w.tr("Dry run on or off"), QStringLiteral("flask"), {}, [run] {
                  run->setDryRun(!run->isDryRun());
                }});
}

void addViews(QMenu& menu, MainWindow& w) {
  add(menu, w,
      {w.tr("Find step, command, field"), QStringLiteral("search"),
       QKeySequence(Qt::CTRL | Qt::Key_K), [&w] { w.openSearch(); }});
  add(menu, w,
      {w.tr("Bottom panels"), QStringLiteral("panel-bottom"), QKeySequence(Qt::CTRL | Qt::Key_J),
       [&w] { w.toggleBottom(); }});
  for (const PanelSpec* panel : w.panels().at(PanelPlace::Cover))
    add(menu, w,
        {panel->title, QStringLiteral("pencil"), QKeySequence(Qt::CTRL | Qt::Key_E),
         [&w, id = panel->id] { w.showPanel(id); }});
  int number = 1;
  for (const PanelPlace place :
       {PanelPlace::Left, PanelPlace::Centre, PanelPlace::Right, PanelPlace::Bottom}) {
    const QKeySequence key(Qt::ALT | static_cast<Qt::Key>(Qt::Key_0 + number++));
    const QString title = place == PanelPlace::Left     ? w.tr("Go to the steps")
                          : place == PanelPlace::Centre ? w.tr("Go to the canvas")
                          : place == PanelPlace::Right  ? w.tr("Go to the settings")
                                                        : w.tr("Go to the panels below");
    add(menu, w, {title, QStringLiteral("sidebar"), key, [&w, place] { w.focusPlace(place); }});
  }
  menu.addSeparator();
  for (const PanelSpec* panel : w.panels().at(PanelPlace::Bottom))
    add(menu, w, {panel->title, QStringLiteral("panel-bottom"), {}, [&w, id = panel->id] {
                    w.showPanel(id);
                  }});
  menu.addSeparator();
  using Mode = theme::Theme::Mode;
  const std::pair<QString, Mode> looks[] = {{w.tr("Colours as on the desktop"), Mode::Auto},
                                            {w.tr("Light colours"), Mode::Light},
                                            {w.tr("Dark colours"), Mode::Dark}};
  for (const auto& [title, mode] : looks)
    add(menu, w,
        {title,
         mode == Mode::Dark ? QStringLiteral("moon") : QStringLiteral("sun"),
         {},
         [&w, mode = mode] {
           w.context().theme().setMode(mode);
           QSettings().setValue(QStringLiteral("theme"), static_cast<int>(mode));
         }});
}

QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

void addAction(std::vector<Command>& commands, QAction* action) {
  if (action->text().isEmpty() || !action->isEnabled()) return;
  const QString icon = action->property("iconName").toString();
  commands.push_back(
      {action->text().remove(u'&'), action->shortcut().toString(QKeySequence::NativeText),
       icon.isEmpty() ? QStringLiteral("chevron-right") : icon, [action] { action->trigger(); }});
}

}  // namespace

QMenu* makeMenu(MainWindow& window) {
  auto* menu = new QMenu(&window);
  addFiles(*menu, window);
  menu->addSeparator();
  addEdits(*menu, window);
  menu->addSeparator();
  addRuns(*menu, window);
  menu->addSeparator();
  addViews(*menu->addMenu(window.tr("View")), window);
  menu->addSeparator();
  add(*menu, window,
      {window.tr("About Freshet"), QStringLiteral("info"), {}, [&window] { window.tellAbout(); }});
  add(*menu, window, {window.tr("Quit"), QStringLiteral("close"), QKeySequence::Quit, [&window] {
                        window.close();
                      }});
  return menu;
}

std::vector<Command> commandsOf(MainWindow& window) {
  std::vector<Command> commands;
  bridge::DocumentModel& document = window.document();
  PanelContext* context = &window.context();
  for (const pipeline::Node& node : document.project().pipeline.nodes) {
    const spec::NodeSpec* spec = document.catalog().find(node.type);
    const QString title = bridge::titleOf(node, spec);
    commands.push_back({title, bridge::familyTitle(bridge::familyOf(spec)), bridge::iconOf(spec),
                        [context, id = node.id] {
                          context->selection().selectNode(id);
                          Q_EMIT context->revealRequested(id);
                        }});
    if (!spec) continue;
    for (const spec::FieldSpec& field : spec->fields)
      commands.push_back({text(field.title), title, QStringLiteral("settings"),
                          [context, id = node.id, name = text(field.name)] {
                            context->selection().selectNode(id);
                            Q_EMIT context->revealRequested(id);
                            Q_EMIT context->fieldRequested(id, name);
                          },
                          true});
  }
  for (QAction* action : window.actions()) addAction(commands, action);
  for (QAction* action : window.canvasActions()) addAction(commands, action);
  for (const spec::NodeSpec* spec : document.catalog().all())
    commands.push_back({window.tr("Add %1").arg(text(spec->title)),
                        bridge::familyTitle(bridge::familyOf(spec)), text(spec->icon),
                        [context, id = spec->id] { Q_EMIT context->stepChosen(id); }, true});
  return commands;
}

}  // namespace freshet::shell
