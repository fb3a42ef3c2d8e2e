// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/runtime/replay.h"

namespace freshet::runtime {

/// How what one pipeline made of a recording differs from what another made of it.
struct OutcomeDiff {
  struct Field {
    std::string path;           ///< "email/subject"
    std::string before, after;  ///< JSON; empty: not there
  };
  struct Example {
    std::string what;           ///< key and time, or what a dead letter says
    std::vector<Field> fields;  ///< of one that changed; else empty
    char sign = '~';            ///< '-' only before, '+' only after, '~' changed
  };
  struct Part {
    std::string name;  ///< a sink, "emails", "dead letters", "profiles"
    std::uint64_t before = 0, after = 0;
    std::uint64_t removed = 0, added = 0, changed = 0;
    std::vector<Example> examples;
    bool isSame() const { return removed + added + changed == 0; }
  };
  struct Route {
    std::string edge;
    std::uint64_t before = 0, after = 0;
  };
  std::vector<Part> parts;    ///< those that differ, and all sinks
  std::vector<Route> routes;  ///< those that differ
  std::uint64_t same = 0;     ///< records and letters that are the same

  bool isSame() const;
};

/// `most` examples a part.
OutcomeDiff compare(const Replayed& before, const Replayed& after, std::size_t most);

}  // namespace freshet::runtime
