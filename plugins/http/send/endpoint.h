// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/stage/bound.h"

namespace freshet::http {

/// The setting `url`: an address, parts of which may be expressions. Its host is written out, or
/// is one of `hosts` ("api.example.com", "*.example.com"). Lane's thread only.
class Endpoint {
 public:
  struct Address {
    std::string url;
    std::string site;  ///< "https://host:port"
  };

  static Result<Endpoint> compile(const std::string& url, std::vector<std::string> hosts,
                                  stage::BuildContext& context);

  /// Valid until the next call; null: `problem` says what is wrong with it.
  const Address* of(const record::Record& record, Arena& arena, std::string& problem);

 private:
  Endpoint(stage::BoundExpression url, std::vector<std::string> hosts, bool isHostOpen)
      : m_url(std::move(url)), m_hosts(std::move(hosts)), m_isHostOpen(isHostOpen) {}
  bool isListed(std::string_view host) const;

  stage::BoundExpression m_url;
  std::vector<std::string> m_hosts;
  bool m_isHostOpen;  ///< an expression may change it
  std::string m_text;
  std::optional<Address> m_address;  ///< of m_text
};

/// What an http or https address names; the problem is for the person who wrote it.
struct UrlParts {
  std::string url;
  std::string scheme;
  std::string host;
  std::string port;
};
Result<UrlParts> readUrl(const std::string& text);

}  // namespace freshet::http
