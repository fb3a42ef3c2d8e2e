// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/endpoint.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "core/base/text.h"
#include "plugins/http/server/request_head.h"

namespace freshet::http {
namespace {

using UrlPtr = std::unique_ptr<CURLU, decltype([](CURLU* url) { curl_url_cleanup(url); })>;

std::optional<std::string> part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// The authority of "http://…" as it is written, up to its end; nothing if the scheme is not.
std::optional<std::string_view> writtenHost(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    return rest.substr(0, rest.find_first_of("/?#"));
  }
  return std::nullopt;
}

bool hasLiquid(std::string_view text) {
  return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos;
}

Error wrong(std::string message, std::string where = {}) {
  return {"E-3410", std::move(message), std::move(where), Retry::Never};
}

}  // namespace

Result<UrlParts> readUrl(const std::string& text) {
  const bool isPlain =
      std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c != 0x7f && c != '\\'; });
  if (!isPlain) return wrong("An address has no blanks, control characters or backslashes");
  const UrlPtr url(curl_url());
  const CURLUcode read = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0);
  if (read == CURLUE_UNSUPPORTED_SCHEME || read == CURLUE_BAD_SCHEME)
    return wrong("The address must begin with http:// or https://");
  if (read != CURLUE_OK)
    return wrong(std::string("This is no address: ") + curl_url_strerror(read));
  UrlParts parts;
  parts.scheme = part(url.get(), CURLUPART_SCHEME).value_or("");
  parts.host = part(url.get(), CURLUPART_HOST).value_or("");
  parts.port = part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
  if (parts.scheme != "http" && parts.scheme != "https")
    return wrong("The address must begin with http:// or https://");
  if (part(url.get(), CURLUPART_USER) || part(url.get(), CURLUPART_PASSWORD))
    return wrong("The address carries a user name; give it as a header");
  if (parts.host.empty()) return wrong("The address names no host");
  std::ranges::transform(parts.host, parts.host.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  // A fragment is not sent.
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  parts.url = part(url.get(), CURLUPART_URL).value_or(text);
  return parts;
}

Result<Endpoint> Endpoint::compile(const std::string& url, std::vector<std::string> hosts,
                                   stage::BuildContext& context) {
  const auto host = writtenHost(url);
  const bool isHostOpen = hasLiquid(url) && (!host || hasLiquid(*host));
  if (!hasLiquid(url)) {
    if (auto parts = readUrl(url); !parts) return wrong(parts.error().message, "url");
  } else if (isHostOpen && hosts.empty()) {
    return wrong(
        "The host is an expression, so an event could choose who gets it; write the host out, or "
        "name those that are right in \"hosts\"",
        "url");
  }
  auto bound = stage::BoundExpression::bind(url, context);
  if (!bound) {
    Error error = bound.error();
    error.where = "url";
    return error;
  }
  return Endpoint(std::move(*bound), std::move(hosts), isHostOpen);
}

bool Endpoint::isListed(std::string_view host) const {
  return std::ranges::any_of(m_hosts, [&](const std::string& each) {
    if (!each.starts_with("*.")) return equalsIgnoringCase(host, each);
    const std::string_view domain = std::string_view(each).substr(1);
    return host.size() > domain.size() &&
           equalsIgnoringCase(host.substr(host.size() - domain.size()), domain);
  });
}

const Endpoint::Address* Endpoint::of(const record::Record& record, Arena& arena,
                                      std::string& problem) {
  const std::string_view text = m_url.text(record, arena);
  if (m_address && text == m_text) return &*m_address;
  m_address.reset();
  m_text = text;
  const auto parts = readUrl(m_text);
  if (!parts) {
    problem = parts.error().message;
    return nullptr;
  }
  if (m_isHostOpen && !isListed(parts->host)) {
    problem = "The host " + oneLine(parts->host, 80) + " is not among \"hosts\"";
    return nullptr;
  }
  m_address = Address{parts->url, parts->scheme + "://" + parts->host + ':' + parts->port};
  return &*m_address;
}

}  // namespace freshet::http
