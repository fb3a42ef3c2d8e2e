// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/arena.h"
#include "core/base/result.h"
#include "core/liquid/diagnostic.h"
#include "core/liquid/scratch.h"

namespace freshet::liquid {

class Template;

/// Which variable gave a part of the output: bytes [begin, end). The path names what loops,
/// assignments and partials stand for: "basket.items[2].name", not "item.name".
struct Origin {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string path;
  std::string file;
  Place place;
};

enum class OnError : std::uint8_t {
  Stop,    // the first error ends the render
  Inline,  // "Liquid error: …" in its place, as the reference does; for previews
};

struct RenderOptions {
  Limits limits;
  OnError onError = OnError::Stop;
  bool strictVariables = false;
  bool strictFilters = false;
  /// Escape what comes from data for its place in HTML; `| raw` is the way out.
  bool escapeHtml = false;
  /// What `'now' | date` means; the caller's clock, in ms since 1970.
  std::int64_t nowMs = 0;
  /// Where dates without a zone of their own are: an IANA name.
  std::string_view timeZone = "UTC";
  /// Filled when given; costs nothing otherwise.
  std::vector<Origin>* origins = nullptr;
};

/// Runs templates, one at a time, from one thread; keep one a lane, as it reuses its memory.
/// `out` is appended to; after a Stop it holds what came before the error.
class Renderer {
 public:
  Renderer();
  ~Renderer();
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;

  /// One value a name of `Template::globals()`; `undefined()` for what does not exist.
  Status render(const Template& source, std::span<const Value> globals, Arena& scratch,
                std::string& out, const RenderOptions& options = {});
  /// The globals are members of `data`.
  Status render(const Template& source, const Value& data, Arena& scratch, std::string& out,
                const RenderOptions& options = {});

  /// What went wrong in the last render (with OnError::Inline there can be several).
  const std::vector<Diagnostic>& problems() const;
  /// What the last render cost.
  std::uint64_t operations() const;
  std::uint64_t allocatedBytes() const;

  class Machine;

 private:
  std::unique_ptr<Machine> m_machine;
};

}  // namespace freshet::liquid
