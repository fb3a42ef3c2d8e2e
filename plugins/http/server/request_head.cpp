// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/server/request_head.h"

#include <algorithm>
#include <charconv>

namespace freshet::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool isTokenChar(char c) {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || isDigit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, isTokenChar);
}

bool isTargetChar(char c) {
  return c > 0x20 && c < 0x7f;
}

bool isValueChar(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// A list header has this element: "keep-alive, close".
bool listHas(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (equalsIgnoringCase(trimmed(list.substr(0, comma)), word)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

int parseRequestLine(std::string_view line, const HeadLimits& limits, RequestHead& head) {
  const auto first = line.find(' ');
  if (first == std::string_view::npos) return 400;
  head.method = line.substr(0, first);
  if (!isToken(head.method)) return 400;
  line.remove_prefix(first + 1);
  const auto second = line.find(' ');
  if (second == std::string_view::npos) return 400;
  head.target = line.substr(0, second);
  if (head.target.size() > limits.target) return 414;
  if (!head.target.starts_with('/') || !std::ranges::all_of(head.target, isTargetChar)) return 400;
  const std::string_view version = line.substr(second + 1);
  if (version.size() != 8 || !version.starts_with("HTTP/") || !isDigit(version[5]) ||
      version[6] != '.' || !isDigit(version[7])) {
    return 400;
  }
  if (version[5] != '1' || version[7] > '1') return 505;
  head.isHttp10 = version[7] == '0';
  return 0;
}

int takeLength(std::string_view value, RequestHead& head) {
  if (head.hasLength || value.empty() || !std::ranges::all_of(value, isDigit)) return 400;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), head.contentLength);
  if (read.ec != std::errc()) return 413;
  head.hasLength = true;
  return 0;
}

int takeHeader(const HeaderField& field, int& hosts, RequestHead& head) {
  const auto is = [&](std::string_view name) { return equalsIgnoringCase(field.name, name); };
  if (is("host")) {
    const bool isSane = !field.value.empty() && field.value.size() <= 255 &&
                        std::ranges::all_of(field.value, isTargetChar) &&
                        field.value.find_first_of(",/\\@") == std::string_view::npos;
    return ++hosts > 1 || !isSane ? 400 : 0;
  }
  if (is("content-length")) return takeLength(field.value, head);
  if (is("transfer-encoding")) {
    if (head.isChunked || !equalsIgnoringCase(field.value, "chunked")) return 400;
    head.isChunked = true;
  } else if (is("connection")) {
    head.wantsClose = head.wantsClose || listHas(field.value, "close");
  } else if (is("expect")) {
    if (!equalsIgnoringCase(field.value, "100-continue")) return 417;
    head.expectsContinue = true;
  }
  return 0;
}

}  // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view RequestHead::header(std::string_view name) const {
  for (const HeaderField& field : headers) {
    if (equalsIgnoringCase(field.name, name)) return field.value;
  }
  return {};
}

std::size_t findHeadEnd(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  return end == std::string_view::npos ? 0 : end + 4;
}

bool isHopeless(std::string_view bytes, const HeadLimits& limits, int& status) {
  const auto lineEnd = bytes.find('\n');
  if (lineEnd == std::string_view::npos) {
    // The method and the version stand around the target.
    status = bytes.find(' ') == std::string_view::npos ? 400 : 414;
    // A TLS greeting, or anything else that is no HTTP, need not be waited for.
    if (!bytes.empty() && !isTokenChar(bytes.front())) {
      status = 400;
      return true;
    }
    return bytes.size() > limits.target + 64;
  }
  status = 400;
  if (lineEnd == 0 || bytes[lineEnd - 1] != '\r') return true;
  status = 431;
  return bytes.size() >= limits.bytes;
}

int parseHead(std::string_view bytes, const HeadLimits& limits, RequestHead& head) {
  head = {};
  const auto lineEnd = bytes.find("\r\n");
  if (lineEnd == std::string_view::npos) return 400;
  if (const int status = parseRequestLine(bytes.substr(0, lineEnd), limits, head); status != 0)
    return status;
  if (bytes.size() > limits.bytes) return 431;
  bytes.remove_prefix(lineEnd + 2);
  int hosts = 0;
  while (true) {
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return 400;
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 2);
    if (line.empty()) break;
    if (head.headers.size() == limits.headers) return 431;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return 400;
    const HeaderField field{line.substr(0, colon), trimmed(line.substr(colon + 1))};
    // A folded line begins with a space and is no token; bare CR, LF and NUL are no value.
    if (!isToken(field.name) || !std::ranges::all_of(field.value, isValueChar)) return 400;
    head.headers.push_back(field);
    if (const int status = takeHeader(field, hosts, head); status != 0) return status;
  }
  if (!bytes.empty()) return 400;
  if (head.isChunked && (head.hasLength || head.isHttp10)) return 400;
  if (hosts == 0 && !head.isHttp10) return 400;
  return 0;
}

}  // namespace freshet::http
