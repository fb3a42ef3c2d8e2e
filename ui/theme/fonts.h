// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QFont>
#include <QString>
#include <QStringList>

// The embedded typefaces and the few sizes the interface uses (pixel sizes, logical). GUI thread.
// `loadFonts` comes once, before the first widget; it returns the families that resolved.
namespace freshet::theme {

enum class TextRole {
  Axis,         // 10/14, chart axes and small counters
  Meta,         // 11/16
  MetaMedium,   // 11/16 500, labels on edges
  Label,        // 12/16
  LabelMedium,  // 12/16 500
  LabelStrong,  // 12/16 600, titles of cards
  Body,         // 13/20
  BodyMedium,   // 13/20 500, buttons and tabs
  BodyStrong,   // 13/20 600
  Title,        // 14/20 600, bars
  Heading,      // 15/20 600, inspector
  Figure,       // 17/24 600, a chart's value
  Display,      // 22/28 600
  MonoSmall,    // 11/16
  Mono,         // 12/20
  MonoMedium    // 12/20 500
};

struct LoadedFonts {
  QStringList sans;
  QStringList mono;
};

const LoadedFonts& loadFonts();
QFont font(TextRole role);
int lineHeight(TextRole role);

}  // namespace freshet::theme
