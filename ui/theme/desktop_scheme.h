// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>

class QDBusPendingCallWatcher;

namespace freshet::theme {

// Whether the desktop asks for dark: the settings portal's `color-scheme`, read without waiting and
// followed live; where no portal answers, the lightness of the palette the program started with.
// GUI thread; without a bus it simply never changes.
class DesktopScheme final : public QObject {
  Q_OBJECT

 public:
  // `service` is empty where the bus is a connection to the portal itself.
  explicit DesktopScheme(QDBusConnection bus = QDBusConnection::sessionBus(),
                         const QString& service = QStringLiteral("org.freedesktop.portal.Desktop"));

  bool isDark() const { return m_isDark; }

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void settingChanged(const QString& space, const QString& key, const QDBusVariant& value);

 private:
  void readDone(QDBusPendingCallWatcher* call);
  void follow(uint portalValue);
  void setDark(bool dark);

  bool m_isDarkByPalette;
  bool m_isDark;
};

}  // namespace freshet::theme
