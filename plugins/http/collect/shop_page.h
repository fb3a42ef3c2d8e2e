// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/stage/stage_context.h"

namespace freshet::http {

/// A small shop to try the pipeline with: the project's products and some of its people. There is
/// one if the project has shop/products.json. Read once; then any thread.
class ShopPage {
 public:
  void load(stage::Files& files);
  bool exists() const { return !m_html.empty(); }
  const std::string& html() const { return m_html; }
  /// A picture of a product by its file name; null if there is none.
  const std::string* picture(std::string_view name) const;

 private:
  std::string m_html;
  std::map<std::string, std::string, std::less<>> m_pictures;
};

}  // namespace freshet::http
