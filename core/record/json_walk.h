// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/record/json.h"

namespace freshet::record {

/// One compiled form of the JSON walk; see json_walk.cpp.
struct JsonWalk {
  virtual ~JsonWalk() = default;
  virtual Result<Value> read(std::string_view document, Arena& arena) = 0;
};

namespace generic {
std::unique_ptr<JsonWalk> makeWalk();
}
#ifdef FRESHET_JSON_AVX2
namespace avx2 {
std::unique_ptr<JsonWalk> makeWalk();
}
#endif

}  // namespace freshet::record
