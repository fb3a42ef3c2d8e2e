// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace freshet::http {
namespace {

constexpr std::string_view kPrefix = "whsec_";

const unsigned char* unsignedOf(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), unsignedOf(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// Empty if it is no base64.
std::string fromBase64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), unsignedOf(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return {};
  std::size_t padding = 0;
  while (text.ends_with('=')) {
    ++padding;
    text.remove_suffix(1);
  }
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

}  // namespace

std::string hmac(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), unsignedOf(bytes), bytes.size(),
       out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string hexOf(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string signatureOf(std::string_view key, std::string_view id, std::int64_t seconds,
                        std::string_view body) {
  std::string decoded;
  if (key.starts_with(kPrefix)) {
    decoded = fromBase64(key.substr(kPrefix.size()));
    if (!decoded.empty()) key = decoded;
  }
  std::string text(id);
  text += '.' + std::to_string(seconds) + '.';
  text += body;
  return "v1," + base64(hmac(key, text));
}

}  // namespace freshet::http
