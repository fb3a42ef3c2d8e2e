// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/address.h"

#include <libpq-fe.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "core/base/text.h"

namespace freshet::postgres {
namespace {

constexpr std::string_view kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";

Error wrong(std::string message, std::string_view field) {
  return {"E-3900", std::move(message), std::string(field), Retry::Never};
}

// libpq's own words may repeat the password.
Error unreadable() {
  return wrong(
      "The address of the PostgreSQL server cannot be read; it is written "
      "postgresql://user@host:port/database",
      "url");
}

using Parameters = std::map<std::string, std::string, std::less<>>;

Result<Parameters> parse(const std::string& url) {
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(url.c_str(), &why), PQconninfoFree);
  const std::unique_ptr<char, void (*)(void*)> freed(why, PQfreemem);
  if (!options) return unreadable();
  Parameters parameters;
  for (const PQconninfoOption* option = options.get(); option->keyword; ++option) {
    if (option->val) parameters.emplace(option->keyword, option->val);
  }
  // libpq finds a wrong port only when it connects.
  if (const auto port = parameters.find("port"); port != parameters.end()) {
    if (port->second.find_first_not_of("0123456789,") != std::string::npos) return unreadable();
  }
  return parameters;
}

bool isLoopback(std::string_view host) {
  return host.empty() || host == "localhost" || host == "::1" || host.starts_with("127.") ||
         host.starts_with('/');
}

bool isOnThisComputer(const Parameters& parameters) {
  for (const char* name : {"host", "hostaddr"}) {
    const auto found = parameters.find(name);
    if (found == parameters.end()) continue;
    const auto hosts = split(found->second, ',');
    if (!std::ranges::all_of(hosts, isLoopback)) return false;
  }
  return true;
}

std::string valueOr(const Parameters& parameters, std::string_view name,
                    std::string_view fallback) {
  const auto found = parameters.find(name);
  return found == parameters.end() || found->second.empty() ? std::string(fallback) : found->second;
}

Status chooseTls(Parameters& parameters, const spec::Config& config) {
  const bool isHere = isOnThisComputer(parameters);
  const std::string wanted = config.text("tls");
  std::string mode = valueOr(parameters, "sslmode", isHere ? "prefer" : "verify-full");
  if (wanted == "off") mode = "disable";
  if (wanted != "auto" && wanted != "off") mode = wanted;
  if (!isHere && (mode == "prefer" || mode == "allow")) {
    return wrong("sslmode=" + mode +
                     " would fall back to plain text unseen; choose verify-full, or off if that is "
                     "what you want",
                 "url");
  }
  parameters["sslmode"] = mode;
  if (config.has("rootCertificate")) parameters["sslrootcert"] = config.text("rootCertificate");
  if (mode.starts_with("verify") && !parameters.contains("sslrootcert") &&
      std::filesystem::exists(kSystemCertificates)) {
    parameters["sslrootcert"] = kSystemCertificates;
  }
  return {};
}

}  // namespace

Result<Address> makeAddress(const spec::Config& config) {
  auto parameters = parse(config.text("url"));
  if (!parameters) return parameters.error();
  if (auto status = chooseTls(*parameters, config); !status) return status.error();
  if (config.has("password")) (*parameters)["password"] = config.text("password");

  Address address;
  address.timeoutMs =
      static_cast<int>(std::clamp<std::int64_t>(config.durationMs("timeout"), 100, 600'000));
  const std::string timeout = std::to_string(address.timeoutMs);
  parameters->try_emplace("application_name", "freshet");
  parameters->try_emplace("keepalives_idle", "10");
  parameters->try_emplace("keepalives_interval", "5");
  parameters->try_emplace("keepalives_count", "3");
  parameters->try_emplace("tcp_user_timeout", timeout);
  (*parameters)["client_encoding"] = "UTF8";
  address.name = valueOr(*parameters, "host", "localhost") + ':' +
                 valueOr(*parameters, "port", "5432") + '/' +
                 valueOr(*parameters, "dbname", valueOr(*parameters, "user", ""));
  address.parameters.assign(parameters->begin(), parameters->end());
  return address;
}

}  // namespace freshet::postgres
