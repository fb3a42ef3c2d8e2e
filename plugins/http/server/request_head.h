// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace freshet::http {

struct HeadLimits {
  std::size_t bytes = 16 * 1024;
  std::size_t headers = 64;
  std::size_t target = 8 * 1024;
};

struct HeaderField {
  std::string_view name;
  std::string_view value;
};

/// The first lines of a request, read strictly: CRLF only, no folding, one Host, a length said in
/// one way. Whatever two servers could read differently is refused. Points into the bytes parsed.
struct RequestHead {
  std::string_view method;
  std::string_view target;  ///< begins with a slash
  std::vector<HeaderField> headers;
  std::uint64_t contentLength = 0;
  bool hasLength = false;
  bool isChunked = false;
  bool isHttp10 = false;
  bool wantsClose = false;
  bool expectsContinue = false;

  /// The first header of this name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const;
  std::string_view path() const { return target.substr(0, target.find('?')); }
  std::string_view query() const {
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  }
};

/// Where the head ends (behind its blank line); 0: not yet. A feed may come in pieces of any size.
std::size_t findHeadEnd(std::string_view bytes);
/// True if bytes without an end can never become a head within the limits; `status` says why.
bool isHopeless(std::string_view bytes, const HeadLimits& limits, int& status);
/// 0: `head` is filled in. Else the status to answer with before closing (400, 414, 431, 505 …).
int parseHead(std::string_view bytes, const HeadLimits& limits, RequestHead& head);

bool equalsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace freshet::http
