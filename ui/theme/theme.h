// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <memory>

#include "ui/theme/tokens.h"

namespace freshet::theme {

class DesktopScheme;

// The look of the whole application: made once by the application after QApplication, handed to
// everything that paints by reference. Sets Fusion, palette, font and the one style sheet, then
// says `changed` when the user or the desktop picks another scheme. GUI thread.
class Theme final : public QObject {
  Q_OBJECT

 public:
  enum class Mode { Auto, Light, Dark };

  explicit Theme(Mode mode = Mode::Auto, QObject* parent = nullptr);
  ~Theme() override;

  const Tokens& tokens() const { return *m_tokens; }
  const Tokens* operator->() const { return m_tokens; }
  Mode mode() const { return m_mode; }
  void setMode(Mode mode);

  // Off: nothing moves by itself and nothing fades.
  bool isMotionOn() const { return m_isMotionOn; }
  void setMotionOn(bool on);

 Q_SIGNALS:
  void changed();

 private:
  void refresh();
  void apply();

  Mode m_mode;
  bool m_isMotionOn = true;
  const Tokens* m_tokens = nullptr;
  std::unique_ptr<DesktopScheme> m_desktop;
};

}  // namespace freshet::theme
