// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <litehtml/litehtml.h>

#include <QImage>
#include <QPainter>
#include <map>
#include <memory>
#include <string>

namespace freshet::studio {

// Draws for litehtml with a QPainter, which it gets as the drawing context. One document, one
// thread; remote pictures are not fetched.
class HtmlContainer final : public litehtml::document_container {
 public:
  HtmlContainer(int width, QString folder) : m_width(width), m_folder(std::move(folder)) {}

  litehtml::uint_ptr create_font(const char* face, int size, int weight,
                                 litehtml::font_style italic, unsigned decoration,
                                 litehtml::font_metrics* metrics) override;
  void delete_font(litehtml::uint_ptr font) override;
  int text_width(const char* text, litehtml::uint_ptr font) override;
  void draw_text(litehtml::uint_ptr dc, const char* text, litehtml::uint_ptr font,
                 litehtml::web_color color, const litehtml::position& at) override;
  int pt_to_px(int pt) const override { return pt * 96 / 72; }
  int get_default_font_size() const override { return 16; }
  const char* get_default_font_name() const override { return "Inter"; }
  void draw_list_marker(litehtml::uint_ptr dc, const litehtml::list_marker& marker) override;
  void load_image(const char*, const char*, bool) override {}
  void get_image_size(const char* source, const char* base, litehtml::size& size) override;
  void draw_background(litehtml::uint_ptr dc,
                       const litehtml::background_paint& background) override;
  void draw_borders(litehtml::uint_ptr dc, const litehtml::borders& borders,
                    const litehtml::position& at, bool isRoot) override;
  void set_caption(const char*) override {}
  void set_base_url(const char*) override {}
  void link(const std::shared_ptr<litehtml::document>&, const litehtml::element::ptr&) override {}
  void on_anchor_click(const char*, const litehtml::element::ptr&) override {}
  void set_cursor(const char*) override {}
  void transform_text(std::string& text, litehtml::text_transform transform) override;
  void import_css(std::string&, const std::string&, std::string&) override {}
  void set_clip(const litehtml::position&, const litehtml::border_radiuses&, bool, bool) override {}
  void del_clip() override {}
  void get_client_rect(litehtml::position& client) const override;
  std::shared_ptr<litehtml::element> create_element(
      const char*, const std::map<std::string, std::string>&,
      const std::shared_ptr<litehtml::document>&) override {
    return nullptr;
  }
  void get_media_features(litehtml::media_features& media) const override;
  void get_language(std::string& language, std::string& culture) const override;

 private:
  struct Font {
    QFont font;
    QFontMetricsF metrics;
  };
  const QImage& image(const std::string& source);

  int m_width;
  QString m_folder;
  std::map<litehtml::uint_ptr, std::unique_ptr<Font>> m_fonts;
  litehtml::uint_ptr m_nextFont = 1;
  std::map<std::string, QImage> m_images;
};

}  // namespace freshet::studio
