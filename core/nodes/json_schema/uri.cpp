// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/uri.h"

#include <cctype>
#include <charconv>
#include <optional>
#include <vector>

#include "core/base/text.h"

namespace freshet::nodes::json_schema {
namespace {

struct Uri {
  std::string scheme;
  std::optional<std::string> authority;
  std::string path;
  std::optional<std::string> query;
  std::optional<std::string> fragment;
};

Uri parse(std::string_view text) {
  Uri uri;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    uri.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const auto query = text.find('?'); query != std::string_view::npos) {
    uri.query = text.substr(query + 1);
    text = text.substr(0, query);
  }
  const auto colon = text.find_first_of(":/");
  if (colon != std::string_view::npos && colon > 0 && text[colon] == ':' &&
      std::isalpha(static_cast<unsigned char>(text.front())) != 0) {
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    const auto slash = std::min(text.find('/', 2), text.size());
    uri.authority = text.substr(2, slash - 2);
    text.remove_prefix(slash);
  }
  uri.path = text;
  return uri;
}

std::string withoutDots(std::string_view path) {
  std::vector<std::string_view> kept;
  const auto segments = split(path, '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool isLast = i + 1 == segments.size();
    if (segments[i] == "..") {
      if (kept.size() > 1) kept.pop_back();
      if (isLast) kept.emplace_back();
    } else if (segments[i] == ".") {
      if (isLast) kept.emplace_back();
    } else {
      kept.push_back(segments[i]);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out += '/';
    out += kept[i];
  }
  return out;
}

}  // namespace

std::string resolveUri(std::string_view base, std::string_view reference) {
  Uri uri = parse(reference);
  const Uri from = parse(base);
  if (uri.scheme.empty()) {
    uri.scheme = from.scheme;
    if (!uri.authority) {
      uri.authority = from.authority;
      if (uri.path.empty()) {
        uri.path = from.path;
        if (!uri.query) uri.query = from.query;
      } else if (!uri.path.starts_with('/')) {
        const auto slash = from.path.rfind('/');
        const std::string folder = slash == std::string::npos ? (from.authority ? "/" : "")
                                                              : from.path.substr(0, slash + 1);
        uri.path = withoutDots(folder + uri.path);
      } else {
        uri.path = withoutDots(uri.path);
      }
    }
  }
  std::string out;
  if (!uri.scheme.empty()) out += uri.scheme + ':';
  if (uri.authority) out += "//" + *uri.authority;
  out += uri.path;
  if (uri.query) out += '?' + *uri.query;
  if (uri.fragment) out += '#' + *uri.fragment;
  return out;
}

std::string percentDecoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned char byte = 0;
    if (text[at] == '%' && at + 2 < text.size()) {
      const char* const from = text.data() + at + 1;
      if (std::from_chars(from, from + 2, byte, 16).ptr == from + 2) {
        out += static_cast<char>(byte);
        at += 2;
        continue;
      }
    }
    out += text[at];
  }
  return out;
}

}  // namespace freshet::nodes::json_schema
