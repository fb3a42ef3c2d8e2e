// SPDX-License-Identifier: GPL-3.0-or-later
// Median time of a frame of the canvas: 5,000 steps with everything in view and at 100 %, 500 steps
// while panning, and the scene made anew. Processor time beside that of a calibration loop, run
// before each: what counts is the ratio.
#include <QApplication>
#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "tests/ui/canvas_fixture.h"
#include "ui/canvas/canvas_painter.h"

namespace freshet::uitest {
namespace {

constexpr int kFrames = 41;

template <class Work>
double medianMs(Work work) {
  std::vector<double> times;
  for (int i = 0; i < kFrames; ++i) {
    const std::clock_t begin = std::clock();
    work(i);
    times.push_back(1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  std::nth_element(times.begin(), times.begin() + kFrames / 2, times.end());
  return times[kFrames / 2];
}

// A fixed amount of painting of Qt's own: rectangles with alpha on a raster image.
double calibrationMs() {
  QImage image(1920, 1080, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::white);
  return medianMs([&](int) {
    QPainter painter(&image);
    QColor color(Qt::black);
    color.setAlpha(4);
    for (int i = 0; i < 200; ++i) painter.fillRect(QRect(i * 5, i * 3, 200, 100), color);
  });
}

void report(const char* what, double ms, double calibration) {
  std::printf("{\"bench\":\"%s\",\"medianMs\":%.2f,\"calibrationMs\":%.2f,\"ratio\":%.2f}\n", what,
              ms, calibration, ms / calibration);
}

void frames(const char* what, canvas::CanvasState& state, double panBy) {
  const theme::Tokens& tokens = theme::lightTokens();
  canvas::CanvasPainter painter;
  QImage image(1920, 1080, QImage::Format_ARGB32_Premultiplied);
  const double calibration = calibrationMs();
  const double ms = medianMs([&](int) {
    state.view.origin += QPointF(panBy, panBy / 3);
    QPainter onto(&image);
    painter.paint(onto, QRegion(image.rect()), state, tokens);
  });
  report(what, ms, calibration);
}

canvas::CanvasState stateOf(const pipeline::Project& project, const spec::SpecCatalog& catalog) {
  canvas::CanvasState state;
  state.size = QSizeF(1920, 1080);
  state.scene.rebuild(project, catalog);
  state.live = canvas::describe(state.scene, runningNumbers(project));
  return state;
}

}  // namespace

int run() {
  const spec::SpecCatalog catalog = catalogOfTheExample();
  const pipeline::Project big = gridProject(5'000, 100);
  canvas::CanvasState state = stateOf(big, catalog);
  std::printf("%zu steps, %zu wires\n", state.scene.cards().size(), state.scene.wires().size());
  state.view = canvas::ViewTransform::fitting(state.scene.bounds(), QRectF(0, 0, 1920, 1080));
  frames("5000-fit-all", state, 0);
  state.view = {1, {9'000, 3'000}};
  frames("5000-full", state, 7);
  state.view = {0.5, {9'000, 3'000}};
  frames("5000-tiles", state, 7);

  const pipeline::Project middle = gridProject(500, 25);
  canvas::CanvasState panned = stateOf(middle, catalog);
  panned.view = canvas::ViewTransform::fitting(panned.scene.bounds(), QRectF(0, 0, 1920, 1080));
  frames("500-fit-pan", panned, 1);
  panned.view = {0.5, {0, 0}};
  frames("500-tiles-pan", panned, 7);

  const double calibration = calibrationMs();
  canvas::CanvasScene scene;
  report("5000-rebuild", medianMs([&](int) { scene.rebuild(big, catalog); }), calibration);
  return 0;
}

}  // namespace freshet::uitest

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication app(argc, argv);
  const freshet::theme::Theme theme(freshet::theme::Theme::Mode::Light);
  return freshet::uitest::run();
}
