// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/liquid/buffer.h"
#include "core/liquid/filter.h"

namespace freshet::liquid {

/// What a custom tag sees while it renders. `args` are the values of what `Tag::arguments` named.
struct TagCall {
  std::string_view markup;
  std::span<const Value> args;
  Buffer& out;
  Scratch& scratch;
  std::function<void(std::string_view name, Value value)> assign;
};

/// A tag without an end tag that a dialect adds (`connected_content`, `abort_message`).
struct Tag {
  std::string name;
  /// Splits the markup into expressions, at parse time.
  std::function<Result<std::vector<std::string>>(std::string_view markup)> arguments;
  std::function<Status(TagCall&)> render;
};

/// The language a template is written in: filters, tags and where partials come from.
/// Made once, then shared read-only by every thread; it must outlive templates made with it.
class TemplateEnvironment {
 public:
  using Loader = std::function<Result<std::string>(std::string_view name)>;

  /// The standard language, without partials.
  TemplateEnvironment();

  void addFilter(Filter filter);
  void addTag(Tag tag);
  void setLoader(Loader loader) { m_loader = std::move(loader); }

  const Filter* filter(std::string_view name) const;
  const Tag* tag(std::string_view name) const;
  Result<std::string> load(std::string_view name) const;
  std::vector<std::string> filterNames() const;
  /// Standard tags and added ones, for suggestions and completion.
  std::vector<std::string> tagNames() const;

 private:
  std::map<std::string, Filter, std::less<>> m_filters;
  std::map<std::string, Tag, std::less<>> m_tags;
  Loader m_loader;
};

}  // namespace freshet::liquid
