// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/fonts.h"

#include <QFontDatabase>
#include <array>

// Q_INIT_RESOURCE must be spelled outside every namespace.
static void initFontResources() {
  Q_INIT_RESOURCE(freshet_fonts);
}

namespace freshet::theme {
namespace {

struct TypeStyle {
  int pixels;
  int line;
  QFont::Weight weight;
  bool mono;
};

constexpr std::array kStyles{
    TypeStyle{10, 14, QFont::Normal, false},   TypeStyle{11, 16, QFont::Normal, false},
    TypeStyle{11, 16, QFont::Medium, false},   TypeStyle{12, 16, QFont::Normal, false},
    TypeStyle{12, 16, QFont::Medium, false},   TypeStyle{12, 16, QFont::DemiBold, false},
    TypeStyle{13, 20, QFont::Normal, false},   TypeStyle{13, 20, QFont::Medium, false},
    TypeStyle{13, 20, QFont::DemiBold, false}, TypeStyle{14, 20, QFont::DemiBold, false},
    TypeStyle{15, 20, QFont::DemiBold, false}, TypeStyle{17, 24, QFont::DemiBold, false},
    TypeStyle{22, 28, QFont::DemiBold, false}, TypeStyle{11, 16, QFont::Normal, true},
    TypeStyle{12, 20, QFont::Normal, true},    TypeStyle{12, 20, QFont::Medium, true}};
static_assert(kStyles.size() == static_cast<std::size_t>(TextRole::MonoMedium) + 1);

const TypeStyle& style(TextRole role) {
  return kStyles[static_cast<std::size_t>(role)];
}

QStringList load(std::initializer_list<const char*> files) {
  QStringList families;
  for (const char* file : files) {
    const int id =
        QFontDatabase::addApplicationFont(QStringLiteral(":/freshet/fonts/") + QLatin1String(file));
    families += QFontDatabase::applicationFontFamilies(id);
  }
  families.removeDuplicates();
  return families;
}

}  // namespace

const LoadedFonts& loadFonts() {
  static const LoadedFonts fonts = [] {
    initFontResources();
    return LoadedFonts{load({"Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf"}),
                       load({"JetBrainsMono-Regular.ttf", "JetBrainsMono-Medium.ttf"})};
  }();
  return fonts;
}

QFont font(TextRole role) {
  const TypeStyle& wanted = style(role);
  QFont result(wanted.mono ? QStringLiteral("JetBrains Mono") : QStringLiteral("Inter"));
  result.setStyleHint(wanted.mono ? QFont::Monospace : QFont::SansSerif);
  result.setPixelSize(wanted.pixels);
  result.setWeight(wanted.weight);
  result.setHintingPreference(QFont::PreferNoHinting);
  return result;
}

int lineHeight(TextRole role) {
  return style(role).line;
}

}  // namespace freshet::theme
