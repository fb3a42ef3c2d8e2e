// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/record/value.h"

namespace freshet::record {

/// Bytes that must be readable behind a document: what simdjson may read past its end.
inline constexpr std::size_t kJsonPadding = 64;

struct JsonWalk;

/// Reads JSON documents, one after another, into values that point into the document and the arena.
/// One per thread. Every value and the document's end are visited: what is malformed anywhere
/// fails, with the byte offset in the message (code "E-2001").
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  /// `document` must have kJsonPadding readable bytes behind it and outlive the value.
  Result<Value> read(std::string_view document, Arena& arena);

 private:
  std::unique_ptr<JsonWalk> m_walk;
};

/// For files and replies: copies `text` into the arena first.
Result<Value> parseJson(std::string_view text, Arena& arena);

/// Compact JSON. Floats in their shortest exact form; NaN, infinities and Opaque as null.
void writeJson(const Value& value, std::string& out);
void writeJsonString(std::string_view text, std::string& out);
std::string toJson(const Value& value);
/// Two spaces, one key a line, LF; empty containers as [] and {}.
std::string toPrettyJson(const Value& value);

}  // namespace freshet::record
