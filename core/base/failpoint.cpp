// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/failpoint.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <list>
#include <string>
#include <thread>

namespace freshet {
namespace {

struct Failpoint {
  std::string place;
  std::string action;
  int sleepMs = 0;
  int visit = 0;  ///< 0: each
  std::atomic<int> visits{0};
};

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view cut(std::string_view& text, char at) {
  const auto found = text.find(at);
  const std::string_view head = text.substr(0, found);
  text = found == std::string_view::npos ? std::string_view() : text.substr(found + 1);
  return head;
}

std::list<Failpoint> read() {
  std::list<Failpoint> points;
  const char* text = std::getenv("FRESHET_FAILPOINTS");
  for (std::string_view rest = text ? text : ""; !rest.empty();) {
    std::string_view entry = cut(rest, ',');
    Failpoint& point = points.emplace_back();
    point.place = cut(entry, ':');
    std::string_view action = cut(entry, '@');
    point.visit = number(entry);
    point.action = cut(action, '=');
    point.sleepMs = number(action);
  }
  return points;
}

std::list<Failpoint>& all() {
  static std::list<Failpoint> points = read();
  return points;
}

void act(const Failpoint& point) {
  if (point.action == "sleep")
    std::this_thread::sleep_for(std::chrono::milliseconds(point.sleepMs));
  if (point.action == "kill") ::kill(::getpid(), SIGKILL);
  if (point.action == "stop") ::kill(::getpid(), SIGSTOP);
  if (point.action == "abort") std::abort();
}

}  // namespace

const bool areFailpointsArmed = !all().empty();

void reachFailpoint(std::string_view place) {
  for (Failpoint& point : all()) {
    if (point.place != place) continue;
    const int visit = ++point.visits;
    if (point.visit == 0 || point.visit == visit) act(point);
  }
}

}  // namespace freshet
