// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/liquid/buffer.h"
#include "core/liquid/html_tracker.h"

namespace freshet::liquid {

/// `text` as it may stand at a place of this kind in an HTML document.
void appendEscaped(Buffer& out, std::string_view text, HtmlContext context);
/// Where the next character stands that needs an entity; the size if there is none.
std::size_t nextSpecial(std::string_view text, std::size_t from);
/// & < > " ' as entities.
void appendEntities(Buffer& out, std::string_view text);

}  // namespace freshet::liquid
