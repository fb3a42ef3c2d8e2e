// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The canvas's geometry. Scene pixels unless it says screen: those do not scale with the zoom.
namespace freshet::canvas::metrics {

inline constexpr double kGrid = 20;
inline constexpr double kGridDot = 1.1;  // screen, radius
inline constexpr double kZoomLeast = 0.1;
inline constexpr double kZoomMost = 2.0;
inline constexpr double kZoomFitLeast = 0.02;  // fit all shows all, also where 10 % would not
inline constexpr double kFullFrom = 0.70;
inline constexpr double kTileFrom = 0.45;
inline constexpr double kIconFrom = 0.20;
inline constexpr int kTextLeast = 10;  // screen

inline constexpr double kCardWidth = 232;
inline constexpr double kCardHeight = 104;
inline constexpr double kCardRadius = 10;
inline constexpr double kCardTile = 32;
inline constexpr double kCardPadding = 12;
inline constexpr double kTitleWidth = 138;
inline constexpr double kMark = 8;
inline constexpr double kMarkX = 216;
inline constexpr double kMarkY = 20;
inline constexpr double kSparkTop = 54;
inline constexpr double kSparkHeight = 20;
inline constexpr double kSparkWidth = 208;
inline constexpr double kSparkLine = 1.5;
inline constexpr double kMetricsTop = 80;
inline constexpr double kBadgeWidth = 44;
inline constexpr double kBadgeHeight = 18;
inline constexpr double kBadgeOver = 9;
inline constexpr double kErrorBorder = 1.5;

inline constexpr double kPortY = 52;
inline constexpr double kPortStep = 20;
inline constexpr double kPort = 5;           // radius
inline constexpr double kPortFits = 7;       // radius where a wire may end
inline constexpr double kPortRing = 1.5;     // screen
inline constexpr double kLabelRoom = 8;      // screen, between a bare rate and the cards beside it
inline constexpr double kPortReach = 10;     // screen, how far from its centre it is grabbed
inline constexpr double kTileLevelPort = 7;  // screen, diameter at 45–69 %

// At 45–69 % (screen, at the 46 % of the first view).
inline constexpr double kTileSide = 24;
inline constexpr double kTileX = 7;
inline constexpr double kTileMark = 7;
inline constexpr double kTileLine = 13;
inline constexpr double kTileGap = 8;

inline constexpr double kWireLeast = 1.5;  // screen, as all widths
inline constexpr double kWireMost = 6;
inline constexpr double kWireHover = 2;
inline constexpr double kWireOffset = 40;
inline constexpr double kWireOffsetFar = 60;  // over two columns and more
inline constexpr double kPill = 20;           // screen
inline constexpr double kPillPadding = 8;     // screen
inline constexpr double kDot = 5;             // screen, diameter of a traffic dot
inline constexpr int kDotsMost = 60;

inline constexpr double kGroupTop = 60;
inline constexpr double kGroupSide = 20;
inline constexpr double kGroupBottom = 24;
inline constexpr double kGroupRadius = 10;

// Over the canvas, screen.
inline constexpr double kOverlayMargin = 12;
inline constexpr double kZoomPillWidth = 152;
inline constexpr double kZoomPillHeight = 32;
inline constexpr double kMinimapWidth = 168;
inline constexpr double kMinimapHeight = 84;
inline constexpr double kFitMargin = 16;

}  // namespace freshet::canvas::metrics
