// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/answer.h"

#include <climits>

namespace freshet::http {
namespace {

enum class Kind { Blocked, Status, Transport };

struct Row {
  Kind kind;
  int first;
  int last;
  Ruling ruling;
};

// The first row that fits counts.
constexpr Row kAnswers[] = {
    {Kind::Blocked, 0, 0, {Verdict::Refused, "E-3420", "blocked_address"}},
    {Kind::Status, 200, 299, {Verdict::Taken, "", ""}},
    {Kind::Status, 300, 399, {Verdict::Refused, "E-3422", "a redirect, which is not followed"}},
    {Kind::Status, 401, 401, {Verdict::Pause, "E-3431", "it does not accept the credentials"}},
    {Kind::Status, 403, 403, {Verdict::Pause, "E-3431", "it does not accept the credentials"}},
    {Kind::Status, 408, 408, {Verdict::Again, "E-3430", "it waited too long for the request"}},
    {Kind::Status, 425, 425, {Verdict::Again, "E-3430", "it is too early for it"}},
    {Kind::Status, 429, 429, {Verdict::Again, "E-3430", "it gets too many requests"}},
    {Kind::Status, 400, 499, {Verdict::Refused, "E-3421", "it refuses the request"}},
    {Kind::Status, 100, 999, {Verdict::Again, "E-3430", "it has trouble of its own"}},
    {Kind::Transport,
     CURLE_UNSUPPORTED_PROTOCOL,
     CURLE_UNSUPPORTED_PROTOCOL,
     {Verdict::Refused, "E-3411", "only http and https are spoken"}},
    {Kind::Transport,
     CURLE_URL_MALFORMAT,
     CURLE_URL_MALFORMAT,
     {Verdict::Refused, "E-3411", "this is no address"}},
    {Kind::Transport, INT_MIN, INT_MAX, {Verdict::Again, "E-3430", "it does not answer"}},
};

}  // namespace

Ruling rulingOn(const Answer& answer) {
  const Kind kind = !answer.blocked.empty()        ? Kind::Blocked
                    : answer.transport != CURLE_OK ? Kind::Transport
                                                   : Kind::Status;
  const int number = kind == Kind::Status      ? answer.status
                     : kind == Kind::Transport ? static_cast<int>(answer.transport)
                                               : 0;
  for (const Row& row : kAnswers) {
    if (row.kind == kind && row.first <= number && number <= row.last) return row.ruling;
  }
  return {Verdict::Again, "E-3430", "it does not speak HTTP"};
}

std::string wordsFor(const Answer& answer, const Ruling& ruling) {
  if (!answer.blocked.empty()) {
    return std::string(ruling.words) + ": " + std::string(answer.blocked);
  }
  if (answer.transport != CURLE_OK) return curl_easy_strerror(answer.transport);
  return "answers " + std::to_string(answer.status) + ": " + std::string(ruling.words);
}

}  // namespace freshet::http
