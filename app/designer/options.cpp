// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/designer/options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QRegularExpression>
#include <cstdio>
#include <cstdlib>

namespace freshet::designer {
namespace {

constexpr int kUsage = 2;

QString tr(const char* text) {
  return QCoreApplication::translate("Designer", text);
}

[[noreturn]] void refuse(const QString& why) {
  std::fprintf(stderr, "freshet-designer: %s\n", why.toLocal8Bit().constData());
  std::exit(kUsage);
}

QSize readSize(const QString& text) {
  static const QRegularExpression kSize(QStringLiteral("^(\\d{3,4})x(\\d{3,4})$"));
  const auto match = kSize.match(text);
  if (!match.hasMatch()) refuse(tr("--size is such as 1440x900"));
  return {match.captured(1).toInt(), match.captured(2).toInt()};
}

theme::Theme::Mode readTheme(const QString& text) {
  if (text == QStringLiteral("dark")) return theme::Theme::Mode::Dark;
  if (text == QStringLiteral("light")) return theme::Theme::Mode::Light;
  refuse(tr("--theme is light or dark"));
}

}  // namespace

Options readOptions(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      tr("Design, watch and run real-time personalisation pipelines."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(QStringLiteral("project"), tr("a project folder or *.pipeline.json"),
                               QStringLiteral("[PROJECT]"));
  const QCommandLineOption run(QStringLiteral("run"), tr("run the project at once"));
  const QCommandLineOption dry(QStringLiteral("dry-run"), tr("run without sending anything"));
  const QCommandLineOption shot(QStringLiteral("screenshot"),
                                tr("write the window to a PNG, leave"), QStringLiteral("FILE"));
  const QCommandLineOption size(QStringLiteral("size"), tr("of the window, in logical pixels"),
                                QStringLiteral("WxH"));
  const QCommandLineOption look(QStringLiteral("theme"), tr("light or dark"),
                                QStringLiteral("THEME"));
  const QCommandLineOption runFor(QStringLiteral("run-for"), tr("run so long before a screenshot"),
                                  QStringLiteral("SECONDS"));
  const QCommandLineOption select(QStringLiteral("select"), tr("select a step by its id"),
                                  QStringLiteral("NODE"));
  const QCommandLineOption panel(QStringLiteral("panel"), tr("bring a panel to the front"),
                                 QStringLiteral("ID"));
  parser.addOptions({run, dry, shot, size, look, runFor, select, panel});
  parser.process(application);

  Options options;
  if (parser.positionalArguments().size() > 1) refuse(tr("one project at a time"));
  options.project = parser.positionalArguments().value(0);
  options.isDryRun = parser.isSet(dry);
  options.screenshot = parser.value(shot);
  options.select = parser.value(select);
  options.panel = parser.value(panel);
  if (parser.isSet(size)) options.size = readSize(parser.value(size));
  if (parser.isSet(look)) options.theme = readTheme(parser.value(look));
  if (parser.isSet(runFor)) {
    bool isNumber = false;
    const double seconds = parser.value(runFor).toDouble(&isNumber);
    if (!isNumber || seconds < 0 || seconds > 3600) refuse(tr("--run-for is a number of seconds"));
    options.runForMs = static_cast<int>(seconds * 1000);
  }
  options.isRunning = parser.isSet(run) || options.runForMs > 0 ||
                      (options.isDryRun && options.screenshot.isEmpty());
  return options;
}

}  // namespace freshet::designer
