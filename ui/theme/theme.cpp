// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPalette>
#include <QToolTip>

#include "ui/theme/desktop_scheme.h"
#include "ui/theme/fonts.h"
#include "ui/theme/style.h"
#include "ui/theme/style_sheet.h"

namespace freshet::theme {
namespace {

QPalette paletteOf(const Tokens& t) {
  QPalette p;
  p.setColor(QPalette::Window, t.window);
  p.setColor(QPalette::WindowText, t.text);
  p.setColor(QPalette::Base, t.surface);
  p.setColor(QPalette::AlternateBase, t.window);
  p.setColor(QPalette::Text, t.text);
  p.setColor(QPalette::PlaceholderText, t.text3);
  p.setColor(QPalette::Button, t.surface);
  p.setColor(QPalette::ButtonText, t.text);
  p.setColor(QPalette::BrightText, t.onAccent);
  p.setColor(QPalette::ToolTipBase, t.raised);
  p.setColor(QPalette::ToolTipText, t.text);
  p.setColor(QPalette::Highlight, t.accentSoft);
  p.setColor(QPalette::HighlightedText, t.text);
  p.setColor(QPalette::Link, t.accent);
  p.setColor(QPalette::LinkVisited, t.accent);
  p.setColor(QPalette::Light, t.surface);
  p.setColor(QPalette::Midlight, t.border);
  p.setColor(QPalette::Mid, t.border);
  p.setColor(QPalette::Dark, t.borderStrong);
  p.setColor(QPalette::Shadow, t.borderStrong);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    p.setColor(QPalette::Disabled, role, t.text3);
  return p;
}

}  // namespace

Theme::Theme(Mode mode, QObject* parent)
    : QObject(parent), m_mode(mode), m_desktop(std::make_unique<DesktopScheme>()) {
  loadFonts();
  QApplication::setStyle(new Style);
  QApplication::setFont(font(TextRole::Body));
  QToolTip::setFont(font(TextRole::Label));
  connect(m_desktop.get(), &DesktopScheme::changed, this, &Theme::refresh);
  refresh();
}

Theme::~Theme() = default;

void Theme::setMode(Mode mode) {
  m_mode = mode;
  refresh();
}

void Theme::setMotionOn(bool on) {
  if (m_isMotionOn == on) return;
  m_isMotionOn = on;
  Q_EMIT changed();
}

void Theme::refresh() {
  const bool dark = m_mode == Mode::Dark || (m_mode == Mode::Auto && m_desktop->isDark());
  const Tokens* wanted = dark ? &darkTokens() : &lightTokens();
  if (wanted == m_tokens) return;
  m_tokens = wanted;
  apply();
  Q_EMIT changed();
}

void Theme::apply() {
  QApplication::setPalette(paletteOf(*m_tokens));
  qApp->setStyleSheet(styleSheet(*m_tokens));
}

}  // namespace freshet::theme
