// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractButton>
#include <cstdint>

#include "ui/theme/theme.h"

namespace freshet::monitor {

// Two small lines beside a burst of errors: what it was, how many events were kept; a press shows
// them.
class BurstNote final : public QAbstractButton {
  Q_OBJECT

 public:
  explicit BurstNote(theme::Theme& theme, QWidget* parent = nullptr);
  // An empty reason leaves the first line out, no kept events the count.
  void setContent(const QString& reason, std::uint64_t kept);
  QString reason() const { return m_reason; }
  QString keptText() const { return m_kept; }

  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QString m_reason;
  QString m_kept;
};

}  // namespace freshet::monitor
