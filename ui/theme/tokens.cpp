// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <algorithm>
#include <cmath>

namespace freshet::theme {
namespace {

QColor rgb(unsigned value) {
  return QColor::fromRgb(0xFF000000u | value);
}

QColor rgba(unsigned value, int alpha) {
  QColor color = rgb(value);
  color.setAlpha(alpha);
  return color;
}

Tint tint(unsigned foreground, unsigned soft) {
  return {rgb(foreground), rgb(soft)};
}

Tokens makeLight() {
  Tokens t;
  t.scheme = Scheme::Light;
  t.window = rgb(0xF4F6FA);
  t.canvas = rgb(0xFAFBFD);
  t.gridDot = rgb(0xE1E6EF);
  t.chartGrid = rgb(0xE1E6EF);
  t.surface = rgb(0xFFFFFF);
  t.raised = rgb(0xFFFFFF);
  t.border = rgb(0xD5DCE8);
  t.borderStrong = rgb(0x7F8DA3);
  t.text = rgb(0x18212F);
  t.text2 = rgb(0x465369);
  t.text3 = rgb(0x616D82);
  t.accent = rgb(0x1F5FD6);
  t.onAccent = rgb(0xFFFFFF);
  t.accentSoft = rgb(0xE8F0FE);
  t.hover = rgba(0x18212F, 12);
  t.pressed = rgba(0x18212F, 24);
  t.accentHover = rgb(0x1B54BE);
  t.accentPressed = rgb(0x1849A5);
  t.ok = tint(0x127A46, 0xE7F6EE);
  t.warning = tint(0x9A5B00, 0xFFF6E5);
  t.error = tint(0xC22536, 0xFDECEE);
  t.onError = rgb(0xFFFFFF);
  t.filling = rgb(0xB26A00);
  t.environmentStage = rgb(0xB26A00);
  t.shadow = rgba(0x101828, 4);
  t.scrim = rgba(0x101828, 60);
  t.heldGlow = rgba(0xB26A00, 90);
  t.families = {tint(0x0F766E, 0xDFF5F1), tint(0x5B4BD6, 0xECEAFD), tint(0xA8440B, 0xFDEEE3),
                tint(0xB0246F, 0xFCE8F2), tint(0x46566E, 0xE9EDF4), tint(0x1F5FD6, 0xE6EFFE),
                tint(0x7A5D00, 0xFBF3D5)};
  t.series = {rgb(0x1F5FD6), rgb(0xCB7A00), rgb(0x14532D),
              rgb(0xBE3B8A), rgb(0x4A154B), rgb(0x3A9CB8)};
  t.latency = {rgb(0x5C93E6), rgb(0x1F5FD6), rgb(0x0B2F75)};
  t.syntax = {rgb(0xB0246F), rgb(0x5B4BD6), rgb(0x0F766E), rgb(0x8A5200), t.text3, t.accent};
  return t;
}

Tokens makeDark() {
  Tokens t;
  t.scheme = Scheme::Dark;
  t.window = rgb(0x12161D);
  t.canvas = rgb(0x0E1218);
  t.gridDot = rgb(0x1E2632);
  t.chartGrid = rgb(0x2A3442);
  t.surface = rgb(0x1A212B);
  t.raised = rgb(0x222B37);
  t.border = rgb(0x2E3948);
  t.borderStrong = rgb(0x6B7A90);
  t.text = rgb(0xE9EEF6);
  t.text2 = rgb(0xB4BFCF);
  t.text3 = rgb(0x8E9BAF);
  t.accent = rgb(0x7AA9FF);
  t.onAccent = rgb(0x0B1220);
  t.accentSoft = rgb(0x1D2C4A);
  t.hover = rgba(0xE9EEF6, 16);
  t.pressed = rgba(0xE9EEF6, 28);
  t.accentHover = rgb(0x93B9FF);
  t.accentPressed = rgb(0x659AFA);
  t.ok = tint(0x3DD68C, 0x12301F);
  t.warning = tint(0xF7CB6B, 0x33290F);
  t.error = tint(0xFF6B78, 0x3A1A20);
  t.onError = rgb(0x0B1220);
  t.filling = rgb(0xF7CB6B);
  t.environmentStage = rgb(0xF7CB6B);
  t.shadow = rgba(0x000000, 10);
  t.scrim = rgba(0x000000, 120);
  t.heldGlow = rgba(0xF7CB6B, 90);
  t.families = {tint(0x3FCFBB, 0x12312F), tint(0xA79BFF, 0x262450), tint(0xFFA366, 0x3A2417),
                tint(0xFF86BE, 0x3B1A2E), tint(0xA9B8CE, 0x26303D), tint(0x7AA9FF, 0x1A2A48),
                tint(0xE8C547, 0x332B10)};
  t.series = {rgb(0x6FA3FF), rgb(0xF6D860), rgb(0x7FE0C3),
              rgb(0xE04F97), rgb(0xE6E0FF), rgb(0xB8651B)};
  t.latency = {rgb(0x4A78C8), rgb(0x7AA9FF), rgb(0xD6E4FF)};
  t.syntax = {rgb(0xFF86BE), rgb(0xA79BFF), rgb(0x3FCFBB), rgb(0xF7CB6B), t.text3, t.accent};
  return t;
}

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
  return 0.2126 * linear(static_cast<double>(color.redF())) +
         0.7152 * linear(static_cast<double>(color.greenF())) +
         0.0722 * linear(static_cast<double>(color.blueF()));
}

}  // namespace

const Tokens& lightTokens() {
  static const Tokens tokens = makeLight();
  return tokens;
}

const Tokens& darkTokens() {
  static const Tokens tokens = makeDark();
  return tokens;
}

double contrastRatio(const QColor& a, const QColor& b) {
  const double first = luminance(a);
  const double second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

}  // namespace freshet::theme
