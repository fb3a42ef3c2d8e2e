// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QImage>
#include <QWidget>
#include <optional>

#include "ui/theme/theme.h"

namespace freshet::studio {

// An e-mail on a phone (375 wide) or a desk (640), light in both themes, scrolled by wheel and
// keys. Drawn on another thread, the newest only; the last good picture and its scroll stay until
// the next is there. GUI thread.
class MailView final : public QWidget {
  Q_OBJECT

 public:
  enum class Device { Phone, Desktop };
  static int widthOf(Device device) { return device == Device::Phone ? 375 : 640; }

  MailView(theme::Theme& theme, Device device, QWidget* parent = nullptr);

  // `folder`: where relative pictures are. Another `person` begins at the top.
  void setHtml(const std::string& html, const QString& folder, const std::string& person);
  void setScale(qreal scale);
  qreal scale() const { return m_scale; }
  void clear();
  bool isEmpty() const { return m_image.isNull(); }
  bool isDrawing() const { return m_isDrawing; }
  int contentHeight() const;
  int top() const { return m_top; }
  void scrollTo(int top);
  QSize sizeHint() const override { return {width(), 600}; }

 Q_SIGNALS:
  void drawn();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Mail {
    std::string html;
    QString folder;
    std::string person;
  };
  void draw();
  void show(const QImage& image, const QString& problem, const std::string& person);

  theme::Theme& m_theme;
  Device m_device;
  qreal m_scale = 1;
  std::optional<Mail> m_mail;  // the newest
  bool m_isDrawing = false;
  bool m_isStale = false;  // the newest came while another was drawn
  QImage m_image;
  QString m_problem;
  std::string m_person;
  int m_top = 0;
};

}  // namespace freshet::studio
