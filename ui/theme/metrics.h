// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Sizes shared by the whole interface, in logical pixels; times in milliseconds.
namespace freshet::theme::metrics {

inline constexpr int kGrid = 4;
inline constexpr int kGapTight = 4;    // icon to its text
inline constexpr int kGapControl = 8;  // inside and between controls
inline constexpr int kGapCard = 12;    // in cards and docks
inline constexpr int kMargin = 16;     // side of a form
inline constexpr int kGapSection = 24;

inline constexpr int kControl = 32;
inline constexpr int kControlCompact = 28;
inline constexpr int kRow = 32;
inline constexpr int kTableRow = 28;
inline constexpr int kTab = 36;
inline constexpr int kTabTall = 40;
inline constexpr int kKeyCap = 18;

inline constexpr int kRadiusInput = 6;
inline constexpr int kRadius = 8;       // buttons and tiles
inline constexpr int kRadiusCard = 10;  // cards and panels

inline constexpr int kFocusRing = 2;
inline constexpr int kFocusGap = 2;
inline constexpr int kSelectionRing = 2;
inline constexpr int kSelectionGap = 3;
inline constexpr int kShadowRings = 8;
inline constexpr int kShadowOffset = 3;

inline constexpr int kToolbar = 48;
inline constexpr int kStatusBar = 26;
inline constexpr int kEnvironmentLine = 4;
inline constexpr int kPalette = 248;
inline constexpr int kRail = 48;
inline constexpr int kInspector = 340;
inline constexpr int kInspectorForm = 308;
inline constexpr int kEmailDock = 408;
inline constexpr int kBottomDock = 236;
inline constexpr int kHeader = 56;
inline constexpr int kSearchWidth = 278;

inline constexpr int kTile = 32;
inline constexpr int kTileRow = 26;
inline constexpr int kTileSmall = 24;
inline constexpr int kIcon = 16;
inline constexpr int kShareBar = 4;

inline constexpr int kHoverMs = 120;
inline constexpr int kLayoutMs = 180;
inline constexpr int kFlashMs = 600;
inline constexpr int kDotMs = 360;

}  // namespace freshet::theme::metrics
