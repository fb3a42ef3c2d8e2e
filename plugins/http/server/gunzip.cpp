// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/server/gunzip.h"

#include <zlib.h>

#include <algorithm>

namespace freshet::http {

int gunzip(std::string_view body, std::size_t most, std::string& out) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  constexpr std::size_t kStep = 64 * 1024;
  out.clear();
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return 400;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  int status = 400;
  while (true) {
    const std::size_t before = out.size();
    // One byte beyond the limit tells "exactly full" from "too long".
    const std::size_t room = std::min(kStep, most + 1 - before);
    out.resize(before + room);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(room);
    const int result = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + room - stream.avail_out);
    if (out.size() > most) {
      status = 413;
      break;
    }
    if (result == Z_STREAM_END) {
      status = stream.avail_in == 0 ? 0 : 400;
      break;
    }
    if (result != Z_OK) break;
  }
  inflateEnd(&stream);
  return status;
}

}  // namespace freshet::http
