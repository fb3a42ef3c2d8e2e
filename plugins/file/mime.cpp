// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/file/mime.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace freshet::file {
namespace {

constexpr char kHex[] = "0123456789ABCDEF";
constexpr std::size_t kMostLine = 75;
// RFC 5322 allows 998 characters a line; a longer header is encoded, which folds it.
constexpr std::size_t kMostPlain = 900;

bool isPlain(std::string_view text) {
  return text.size() <= kMostPlain &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Bytes of the UTF-8 character at `at`; 1 for what is none.
std::size_t characterLength(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return std::min(length, text.size() - at);
}

/// One header word in Q encoding behind `before` characters of its line, folded before 75
/// characters, never within a character.
void encodeWord(std::string_view text, std::size_t before, std::string& out) {
  constexpr std::string_view kOpen = "=?UTF-8?Q?";
  std::size_t line = before + kOpen.size();
  out += kOpen;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = characterLength(text, at);
    std::string piece;
    for (const char c : text.substr(at, length)) {
      const auto byte = static_cast<unsigned char>(c);
      const bool isSafe = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= '0' && byte <= '9');
      if (isSafe) {
        piece += c;
      } else if (byte == ' ' || byte < 0x20) {
        piece += '_';
      } else {
        piece += '=';
        piece += kHex[byte >> 4];
        piece += kHex[byte & 15];
      }
    }
    if (line + piece.size() + 2 > kMostLine) {
      out.append("?=\r\n ").append(kOpen);
      line = kOpen.size() + 1;
    }
    out += piece;
    line += piece.size();
    at += length;
  }
  out += "?=";
}

void header(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append(": ");
  if (isPlain(value)) {
    out += value;
  } else {
    encodeWord(value, name.size() + 2, out);
  }
  out += "\r\n";
}

/// "Name <address>": the name is encoded or quoted where it must be, so that it stays one address.
void addressHeader(std::string_view name, std::string_view value, std::string& out) {
  const auto open = value.rfind('<');
  if (open == std::string_view::npos) return header(name, value, out);
  std::string_view display = value.substr(0, open);
  while (!display.empty() && display.back() == ' ') display.remove_suffix(1);
  const bool isQuoted = display.size() > 1 && display.front() == '"' && display.back() == '"' &&
                        display.find('"', 1) == display.size() - 1;
  const bool isSpecial =
      !isQuoted && display.find_first_of("()<>[]:;@\\,.\"") != std::string_view::npos;
  if (isPlain(value) && !isSpecial) return header(name, value, out);
  out.append(name).append(": ");
  encodeWord(display, name.size() + 2, out);
  out += ' ';
  for (const char c : value.substr(open)) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  out += "\r\n";
}

void quotedPrintable(std::string_view text, std::string& out) {
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\r') continue;
    if (byte == '\n') {
      out += "\r\n";
      line = 0;
      continue;
    }
    const bool isBeforeEnd = at + 1 == text.size() || text[at + 1] == '\n' || text[at + 1] == '\r';
    const bool isSafe = (byte > 0x20 && byte < 0x7f && byte != '=') ||
                        ((byte == ' ' || byte == '\t') && !isBeforeEnd);
    if (line + (isSafe ? 1 : 3) > kMostLine) {
      out += "=\r\n";
      line = 0;
    }
    if (isSafe) {
      out += text[at];
      ++line;
    } else {
      out += '=';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
      line += 3;
    }
  }
  out += "\r\n";
}

std::string dateText(TimeMs ms) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 48> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d +0000",
                    kDays[parts.tm_wday], parts.tm_mday, kMonths[parts.tm_mon],
                    parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string toMime(const Message& message) {
  std::string out;
  out.reserve(message.html.size() + message.text.size() + 2048);
  // Derived from the id: the same e-mail is the same bytes.
  std::string id(message.id);
  std::erase_if(id, [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-');
  });
  id.resize(std::min<std::size_t>(id.size(), 60));
  const std::string boundary = "part-" + id;
  addressHeader("From", message.from, out);
  addressHeader("To", message.to, out);
  header("Subject", message.subject, out);
  header("Date", dateText(message.dateMs), out);
  header("Message-ID", "<" + id + "@freshet.invalid>", out);
  out += "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" + boundary +
         "\"\r\n\r\n";
  for (const auto& [type, body] :
       {std::pair{"text/plain", message.text}, {"text/html", message.html}}) {
    if (body.empty()) continue;
    out += "--" + boundary + "\r\nContent-Type: " + type +
           "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    quotedPrintable(body, out);
  }
  out += "--" + boundary + "--\r\n";
  return out;
}

}  // namespace freshet::file
