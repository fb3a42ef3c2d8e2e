// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/desktop_scheme.h"

#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QGuiApplication>
#include <QPalette>

namespace freshet::theme {
namespace {

const auto kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const auto kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const auto kSpace = QStringLiteral("org.freedesktop.appearance");
const auto kKey = QStringLiteral("color-scheme");

bool isPaletteDark() {
  const QPalette palette = QGuiApplication::palette();
  return palette.color(QPalette::WindowText).lightness() >
         palette.color(QPalette::Window).lightness();
}

// `Read` wraps its answer in two variants, `ReadOne` and the signal in one.
uint unwrapped(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value.toUInt();
}

}  // namespace

DesktopScheme::DesktopScheme(QDBusConnection bus, const QString& service)
    : m_isDarkByPalette(isPaletteDark()), m_isDark(m_isDarkByPalette) {
  if (!bus.isConnected()) return;
  // Qt finds the slot by the names of its types, and this one is not registered by itself.
  qRegisterMetaType<QDBusVariant>();
  bus.connect(service, kPath, kInterface, QStringLiteral("SettingChanged"), this,
              SLOT(settingChanged(QString, QString, QDBusVariant)));
  QDBusMessage read =
      QDBusMessage::createMethodCall(service, kPath, kInterface, QStringLiteral("Read"));
  read << kSpace << kKey;
  auto* call = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
  connect(call, &QDBusPendingCallWatcher::finished, this, &DesktopScheme::readDone);
}

void DesktopScheme::readDone(QDBusPendingCallWatcher* call) {
  call->deleteLater();
  const QDBusPendingReply<QDBusVariant> reply = *call;
  if (!reply.isError()) follow(unwrapped(reply.value().variant()));
}

void DesktopScheme::settingChanged(const QString& space, const QString& key,
                                   const QDBusVariant& value) {
  if (space == kSpace && key == kKey) follow(unwrapped(value.variant()));
}

// The portal says 1 for dark, 2 for light and 0 for no preference.
void DesktopScheme::follow(uint portalValue) {
  setDark(portalValue == 1 || (portalValue == 0 && m_isDarkByPalette));
}

void DesktopScheme::setDark(bool dark) {
  if (m_isDark == dark) return;
  m_isDark = dark;
  Q_EMIT changed();
}

}  // namespace freshet::theme
