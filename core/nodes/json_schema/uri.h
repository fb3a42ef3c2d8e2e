// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace freshet::nodes::json_schema {

/// `reference` seen from `base`, by RFC 3986 section 5.2. Either may be relative or empty.
std::string resolveUri(std::string_view base, std::string_view reference);
/// "%25" → "%"; what is no escape stays.
std::string percentDecoded(std::string_view text);

}  // namespace freshet::nodes::json_schema
