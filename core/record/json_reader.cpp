// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/json_walk.h"

namespace freshet::record {
namespace {

std::unique_ptr<JsonWalk> makeFastestWalk() {
#ifdef FRESHET_JSON_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("pclmul")) {
    return avx2::makeWalk();
  }
#endif
  return generic::makeWalk();
}

}  // namespace

JsonReader::JsonReader() : m_walk(makeFastestWalk()) {}
JsonReader::~JsonReader() = default;

Result<Value> JsonReader::read(std::string_view document, Arena& arena) {
  return m_walk->read(document, arena);
}

Result<Value> parseJson(std::string_view text, Arena& arena) {
  JsonReader reader;
  return reader.read(arena.copy(text, kJsonPadding), arena);
}

}  // namespace freshet::record
