// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each instruction set; json_reader.cpp picks one at run time, because simdjson's
// on-demand walk is chosen at compile time and its fallback is three times slower.
#include "core/record/json_walk.h"

#include <simdjson.h>

#include <cstring>
#include <vector>

namespace freshet::record {
namespace FRESHET_JSON_ARCH {
namespace {

using simdjson::error_code;
namespace ondemand = simdjson::ondemand;

// Deeper documents are refused: the walk below is recursive.
constexpr int kDeepest = 128;

Error failure(error_code error, std::string_view document, const char* at) {
  std::string message = "This is not JSON: ";
  message += simdjson::error_message(error);
  if (at >= document.data() && at <= document.data() + document.size()) {
    message += " (byte " + std::to_string(at - document.data()) + ")";
  }
  return {"E-2001", message, {}, Retry::Never};
}

struct Walk final : JsonWalk {
  ondemand::parser parser;
  std::vector<Value> items;
  std::vector<Member> members;

  error_code text(ondemand::value& from, Arena& arena, Value& to) {
    const std::string_view raw = from.raw_json_token();
    const auto close = raw.find_last_of('"');
    const std::string_view inside = raw.substr(1, close - 1);
    std::string_view unescaped;
    if (const auto error = from.get_string().get(unescaped)) return error;
    // Without escapes the text is already in the document, which lives as long as the value.
    const bool isPlain = inside.size() == unescaped.size();
    to = Value(isPlain ? inside : arena.copy(unescaped));
    return simdjson::SUCCESS;
  }

  error_code number(ondemand::value& from, Value& to) {
    ondemand::number number;
    const auto error = from.get_number().get(number);
    if (error == simdjson::NUMBER_ERROR) {
      // Integers beyond 64 bits are read as doubles, as JavaScript does.
      double wide = 0;
      if (const auto failed = from.get_double().get(wide)) return failed;
      to = Value(wide);
      return simdjson::SUCCESS;
    }
    if (error) return error;
    if (number.is_int64()) {
      to = Value(static_cast<std::int64_t>(number.get_int64()));
    } else {
      to = Value(number.as_double());
    }
    return simdjson::SUCCESS;
  }

  error_code walk(ondemand::value from, Arena& arena, Value& to, int depth) {
    if (depth > kDeepest) return simdjson::DEPTH_ERROR;
    ondemand::json_type type;
    if (const auto error = from.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::string:
        return text(from, arena, to);
      case ondemand::json_type::number:
        return number(from, to);
      case ondemand::json_type::boolean: {
        bool value = false;
        const auto error = from.get_bool().get(value);
        to = Value(value);
        return error;
      }
      case ondemand::json_type::null: {
        // 3.0's is_null() takes any token that begins with n.
        const std::string_view raw = from.raw_json_token();
        if (!raw.starts_with("null") ||
            (raw.size() > 4 && raw.find_first_not_of(" \t\r\n", 4) != std::string_view::npos)) {
          return simdjson::N_ATOM_ERROR;
        }
        to = Value();
        return from.is_null() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
      }
      case ondemand::json_type::array: {
        ondemand::array array;
        if (const auto error = from.get_array().get(array)) return error;
        const std::size_t first = items.size();
        for (auto element : array) {
          ondemand::value value;
          if (const auto error = element.get(value)) return error;
          Value item;
          if (const auto error = walk(value, arena, item, depth + 1)) return error;
          items.push_back(item);
        }
        const auto kept = arena.array<Value>(items.size() - first);
        std::copy(items.begin() + static_cast<std::ptrdiff_t>(first), items.end(), kept.begin());
        items.resize(first);
        to = Value(std::span<const Value>(kept));
        return simdjson::SUCCESS;
      }
      case ondemand::json_type::object: {
        ondemand::object object;
        if (const auto error = from.get_object().get(object)) return error;
        const std::size_t first = members.size();
        for (auto&& entry : object) {
          ondemand::field field;
          if (const auto error = std::move(entry).get(field)) return error;
          std::string_view key;
          const char* rawKey = field.key().raw();
          const void* quote = nullptr;
          std::size_t length = 0;
          // The key without escapes ends at the first quote.
          for (const char* c = rawKey;; ++c, ++length) {
            if (*c == '"') break;
            if (*c == '\\') {
              quote = c;
              break;
            }
          }
          if (quote) {
            if (const auto error = field.unescaped_key().get(key)) return error;
            key = arena.copy(key);
          } else {
            key = {rawKey, length};
          }
          Member member{key, Value()};
          if (const auto error = walk(field.value(), arena, member.value, depth + 1)) return error;
          members.push_back(member);
        }
        const auto kept = arena.array<Member>(members.size() - first);
        std::copy(members.begin() + static_cast<std::ptrdiff_t>(first), members.end(),
                  kept.begin());
        members.resize(first);
        to = Value(std::span<const Member>(kept));
        return simdjson::SUCCESS;
      }
    }
    return simdjson::TAPE_ERROR;
  }

  error_code scalarDocument(ondemand::document& document, Arena& arena, Value& to) {
    ondemand::json_type type;
    if (const auto error = document.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::string: {
        std::string_view text;
        const auto error = document.get_string().get(text);
        if (!error) to = Value(arena.copy(text));
        return error;
      }
      case ondemand::json_type::number: {
        std::int64_t whole = 0;
        if (!document.get_int64().get(whole)) {
          to = Value(whole);
          return simdjson::SUCCESS;
        }
        double number = 0;
        const auto error = document.get_double().get(number);
        to = Value(number);
        return error;
      }
      case ondemand::json_type::boolean: {
        bool value = false;
        const auto error = document.get_bool().get(value);
        to = Value(value);
        return error;
      }
      default:
        to = Value();
        return document.is_null() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }

  Result<Value> read(std::string_view document, Arena& arena) override {
    static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
    items.clear();
    members.clear();
    ondemand::document parsed;
    auto error = parser.iterate(document, document.size() + kJsonPadding).get(parsed);
    if (error) return failure(error, document, nullptr);
    Value value;
    bool isScalar = false;
    error = parsed.is_scalar().get(isScalar);
    if (!error && isScalar) {
      error = scalarDocument(parsed, arena, value);
    } else if (!error) {
      ondemand::value root;
      error = parsed.get_value().get(root);
      if (!error) error = walk(root, arena, value, 0);
    }
    // At the end there is no current location.
    const char* at = nullptr;
    const auto located = parsed.current_location().get(at);
    if (!error && !isScalar && located != simdjson::OUT_OF_BOUNDS)
      error = simdjson::TRAILING_CONTENT;
    if (error) return failure(error, document, located ? nullptr : at);
    return value;
  }
};

}  // namespace

std::unique_ptr<JsonWalk> makeWalk() {
  return std::make_unique<Walk>();
}

}  // namespace FRESHET_JSON_ARCH
}  // namespace freshet::record
