// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <array>

// Every colour of the application, by role, for one scheme. Values are constants of the program:
// `lightTokens()` and `darkTokens()` may be read from any thread. The contrast ratios they must
// keep are rows of tests/ui/theme_contrast_test.cpp. No other folder names a colour.
namespace freshet::theme {

enum class Scheme { Light, Dark };

// What a step is for; the order is the order of the palette.
enum class Family { Source, Enrich, Score, Template, Route, Sink, Test };
inline constexpr std::array kFamilies{Family::Source,   Family::Enrich, Family::Score,
                                      Family::Template, Family::Route,  Family::Sink,
                                      Family::Test};

struct Tint {
  QColor foreground;
  QColor soft;  // the background that carries the foreground: tile, chip, note
};

struct Tokens {
  Scheme scheme = Scheme::Light;

  QColor window, canvas, gridDot, chartGrid, surface, raised;
  QColor border, borderStrong;
  QColor text, text2, text3;
  QColor accent, onAccent, accentSoft;
  QColor hover, pressed;              // over any quiet surface
  QColor accentHover, accentPressed;  // over a primary button
  Tint ok, warning, error;
  QColor onError;  // badge text
  QColor filling;  // an edge at 61–85 % busy
  QColor environmentStage;
  QColor shadow;  // one painted ring of a card's shadow, alpha included
  QColor scrim;   // dims what lies behind a docked sheet
  QColor heldGlow;

  std::array<Tint, kFamilies.size()> families;
  std::array<QColor, 6> series;   // charts, in this order
  std::array<QColor, 3> latency;  // p50, p95, p99

  struct Syntax {
    QColor tag, variable, filter, string, comment, html;
  } syntax;

  const Tint& family(Family family) const { return families[static_cast<std::size_t>(family)]; }
  bool isDark() const { return scheme == Scheme::Dark; }
};

const Tokens& lightTokens();
const Tokens& darkTokens();

// WCAG 2.1 contrast of two opaque colours, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);

}  // namespace freshet::theme
