// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

namespace freshet::http {

/// What follows from the end of a request. Pause: nothing goes to this host until a request is
/// accepted; the event keeps its place. Refused: the event is a dead letter.
enum class Verdict { Taken, Again, Pause, Refused };

/// How a request ended.
struct Answer {
  int status = 0;  ///< 0: there was none
  CURLcode transport = CURLE_OK;
  std::string_view blocked;  ///< why the address may not be reached; empty: it may
  double retryAfterS = 0;    ///< as the receiver asks
};

struct Ruling {
  Verdict verdict = Verdict::Again;
  std::string_view code;   ///< of the failure or the trouble; static
  std::string_view words;  ///< what the answer means; static
};

/// The one place that says what each answer leads to. Pure.
Ruling rulingOn(const Answer& answer);
/// "answered 503, which …"; for messages.
std::string wordsFor(const Answer& answer, const Ruling& ruling);

}  // namespace freshet::http
