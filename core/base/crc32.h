// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace freshet {

/// CRC-32 as in zlib and Ethernet (polynomial 0xEDB88320).
std::uint32_t crc32(std::string_view bytes);

}  // namespace freshet
