// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <functional>

#include "ui/theme/tokens.h"

namespace {

using freshet::theme::Family;
using freshet::theme::Tokens;
using Pick = std::function<QColor(const Tokens&)>;

// What the design promises of one pair of colours; a ratio of 0 promises nothing in that scheme.
struct Pair {
  const char* name;
  Pick foreground;
  Pick background;
  double light;
  double dark;
};

Pick token(QColor Tokens::*member) {
  return [member](const Tokens& t) { return t.*member; };
}
Pick fore(freshet::theme::Tint Tokens::*member) {
  return [member](const Tokens& t) { return (t.*member).foreground; };
}
Pick soft(freshet::theme::Tint Tokens::*member) {
  return [member](const Tokens& t) { return (t.*member).soft; };
}
Pick fore(Family family) {
  return [family](const Tokens& t) { return t.family(family).foreground; };
}
Pick soft(Family family) {
  return [family](const Tokens& t) { return t.family(family).soft; };
}
Pick latency(std::size_t at) {
  return [at](const Tokens& t) { return t.latency[at]; };
}

QList<Pair> pairs() {
  const Pick surface = token(&Tokens::surface);
  const Pick window = token(&Tokens::window);
  return {
      {"grid dot on canvas", token(&Tokens::gridDot), token(&Tokens::canvas), 1.2, 1.2},
      {"chart grid", token(&Tokens::chartGrid), surface, 1.2, 1.3},
      {"border", token(&Tokens::border), surface, 1.4, 1.4},
      {"border strong", token(&Tokens::borderStrong), surface, 3.4, 3.7},
      {"border strong on window", token(&Tokens::borderStrong), window, 3.1, 0},
      {"text", token(&Tokens::text), surface, 16.2, 13.9},
      {"text 2", token(&Tokens::text2), surface, 7.8, 8.7},
      {"text 3", token(&Tokens::text3), surface, 5.2, 5.8},
      {"text 3 on window", token(&Tokens::text3), window, 4.8, 0},
      {"text 3 on raised", token(&Tokens::text3), token(&Tokens::raised), 0, 5.1},
      {"accent", token(&Tokens::accent), surface, 5.7, 6.9},
      {"on accent", token(&Tokens::onAccent), token(&Tokens::accent), 5.7, 8.0},
      {"accent on accent soft", token(&Tokens::accent), token(&Tokens::accentSoft), 5.0, 5.9},
      {"ok", fore(&Tokens::ok), surface, 5.4, 8.6},
      {"ok on soft", fore(&Tokens::ok), soft(&Tokens::ok), 4.8, 7.6},
      {"warning", fore(&Tokens::warning), surface, 5.4, 10.6},
      {"warning on soft", fore(&Tokens::warning), soft(&Tokens::warning), 5.1, 9.4},
      {"error", fore(&Tokens::error), surface, 5.8, 5.9},
      {"error on soft", fore(&Tokens::error), soft(&Tokens::error), 5.1, 5.7},
      {"badge text on error", token(&Tokens::onError), fore(&Tokens::error), 5.8, 6.8},
      {"source", fore(Family::Source), surface, 5.5, 8.4},
      {"source on tint", fore(Family::Source), soft(Family::Source), 4.8, 7.2},
      {"enrich", fore(Family::Enrich), surface, 6.1, 6.8},
      {"enrich on tint", fore(Family::Enrich), soft(Family::Enrich), 5.2, 6.1},
      {"score", fore(Family::Score), surface, 6.0, 8.2},
      {"score on tint", fore(Family::Score), soft(Family::Score), 5.3, 7.4},
      {"template", fore(Family::Template), surface, 6.3, 7.3},
      {"template on tint", fore(Family::Template), soft(Family::Template), 5.4, 6.9},
      {"route", fore(Family::Route), surface, 7.5, 8.1},
      {"route on tint", fore(Family::Route), soft(Family::Route), 6.4, 6.6},
      {"sink", fore(Family::Sink), surface, 5.7, 6.9},
      {"sink on tint", fore(Family::Sink), soft(Family::Sink), 5.0, 6.1},
      {"test", fore(Family::Test), surface, 6.2, 9.7},
      {"test on tint", fore(Family::Test), soft(Family::Test), 5.6, 8.4},
      {"p50", latency(0), surface, 3.1, 3.7},
      {"p95", latency(1), surface, 5.7, 6.9},
      {"p99", latency(2), surface, 12.5, 12.7},
      {"filling wire on canvas", token(&Tokens::filling), token(&Tokens::canvas), 4.1, 12.3},
  };
}

}  // namespace

class ThemeContrastTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ratioOfBlackAndWhite() {
    QCOMPARE(freshet::theme::contrastRatio(Qt::white, Qt::black), 21.0);
    QCOMPARE(freshet::theme::contrastRatio(Qt::red, Qt::red), 1.0);
  }

  void pairKeepsItsRatio_data() {
    QTest::addColumn<QColor>("foreground");
    QTest::addColumn<QColor>("background");
    QTest::addColumn<double>("promised");
    for (const Pair& pair : pairs())
      for (const Tokens* t : {&freshet::theme::lightTokens(), &freshet::theme::darkTokens()}) {
        const double promised = t->isDark() ? pair.dark : pair.light;
        if (promised > 0)
          QTest::addRow("%s, %s", pair.name, t->isDark() ? "dark" : "light")
              << pair.foreground(*t) << pair.background(*t) << promised;
      }
  }
  void pairKeepsItsRatio() {
    QFETCH(QColor, foreground);
    QFETCH(QColor, background);
    QFETCH(double, promised);
    const double ratio = freshet::theme::contrastRatio(foreground, background);
    // The design gives one decimal.
    QVERIFY2(qAbs(ratio - promised) < 0.06,
             qPrintable(QStringLiteral("%1 promised, %2 found").arg(promised).arg(ratio)));
  }

  void seriesAndSyntaxAreReadable() {
    for (const Tokens* t : {&freshet::theme::lightTokens(), &freshet::theme::darkTokens()}) {
      for (const QColor& color : t->series)
        QVERIFY2(freshet::theme::contrastRatio(color, t->surface) >= 3.05,
                 qPrintable(color.name()));
      const auto& s = t->syntax;
      for (const QColor& color : {s.tag, s.variable, s.filter, s.string, s.comment, s.html})
        QVERIFY2(freshet::theme::contrastRatio(color, t->surface) >= 5.15,
                 qPrintable(color.name()));
    }
  }

  // Text of a control stays readable while the pointer is on it.
  void hoveredPrimaryButtonIsReadable() {
    for (const Tokens* t : {&freshet::theme::lightTokens(), &freshet::theme::darkTokens()})
      for (const QColor& ground : {t->accent, t->accentHover, t->accentPressed})
        QVERIFY(freshet::theme::contrastRatio(t->onAccent, ground) >= 4.5);
  }
};

QTEST_APPLESS_MAIN(ThemeContrastTest)
#include "theme_contrast_test.moc"
