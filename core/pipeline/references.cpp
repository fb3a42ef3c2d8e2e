// SPDX-License-Identifier: GPL-3.0-or-later
#include <cctype>
#include <cstdlib>

#include "core/pipeline/project.h"

namespace freshet::pipeline {
namespace {

using record::Member;
using record::Value;

/// A reference at the beginning of a text: ${kind:NAME} or ${kind:NAME:-default}.
struct Reference {
  std::string_view kind;
  std::string_view name;
  std::optional<std::string_view> fallback;
  std::size_t length = 0;
};

std::optional<Reference> referenceAt(std::string_view text) {
  Reference found;
  for (const std::string_view kind : {"env", "secret"}) {
    if (text.substr(2).starts_with(kind) && text.substr(2 + kind.size()).starts_with(':')) {
      found.kind = kind;
    }
  }
  const std::size_t close = text.find('}');
  if (found.kind.empty() || close == std::string_view::npos) return std::nullopt;
  const std::size_t start = found.kind.size() + 3;
  const std::string_view inside = text.substr(start, close - start);
  std::size_t end = 0;
  while (end < inside.size() &&
         (std::isalnum(static_cast<unsigned char>(inside[end])) || inside[end] == '_')) {
    ++end;
  }
  found.name = inside.substr(0, end);
  if (inside.substr(end).starts_with(":-")) {
    found.fallback = inside.substr(end + 2);
  } else if (end != inside.size()) {
    return std::nullopt;
  }
  found.length = close + 1;
  return found.name.empty() ? std::nullopt : std::optional(found);
}

class Resolver {
 public:
  Resolver(const Lookup& lookup, Arena& arena) : m_lookup(lookup), m_arena(arena) {}

  Value resolve(const Value& value, const std::string& path) {
    if (value.isString()) return Value(text(value.asString(), path));
    if (value.isArray()) {
      const auto items = m_arena.array<Value>(value.size());
      for (std::size_t i = 0; i < items.size(); ++i) {
        items[i] = resolve(value.asArray()[i], path + '/' + std::to_string(i));
      }
      return Value(std::span<const Value>(items));
    }
    if (value.isObject()) {
      const auto members = m_arena.array<Member>(value.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        const Member& from = value.asObject()[i];
        members[i] = {from.key, resolve(from.value, path + '/' + std::string(from.key))};
      }
      return Value(std::span<const Member>(members));
    }
    return value;
  }
  const Status& status() const { return m_status; }

 private:
  std::string_view text(std::string_view from, const std::string& path) {
    std::size_t at = from.find("${");
    if (at == std::string_view::npos) return from;
    std::string out(from.substr(0, at));
    while (at < from.size()) {
      const auto reference =
          from.substr(at).starts_with("${") ? referenceAt(from.substr(at)) : std::nullopt;
      if (!reference) {
        out += from[at++];
        continue;
      }
      out += lookUp(*reference, path);
      at += reference->length;
    }
    return m_arena.copy(out);
  }

  std::string_view lookUp(const Reference& reference, const std::string& path) {
    const char* found = m_lookup(reference.kind, reference.name);
    // As in a shell, ":-" stands in for an empty value too.
    if (found && (*found || !reference.fallback)) return m_arena.copy(found);
    if (reference.fallback) return *reference.fallback;
    if (m_status) {
      const bool isSecret = reference.kind == "secret";
      const std::string name(reference.name);
      m_status = Error{"E-1010",
                       isSecret ? "the secret " + name + " is not set; set FRESHET_SECRET_" + name
                                : "the environment variable " + name + " is not set; set it, or " +
                                      "write ${env:" + name + ":-default}",
                       path.empty() ? path : path.substr(1)};
    }
    return {};
  }

  const Lookup& m_lookup;
  Arena& m_arena;
  Status m_status;
};

}  // namespace

Result<record::OwnedValue> resolveReferences(const Value& settings, const Lookup& lookup) {
  Arena arena(512);
  Resolver resolver(lookup, arena);
  const Value resolved = resolver.resolve(settings, "");
  if (!resolver.status()) return resolver.status().error();
  return record::OwnedValue(resolved);
}

const char* lookUpInEnvironment(std::string_view kind, std::string_view name) {
  const std::string variable = (kind == "secret" ? "FRESHET_SECRET_" : "") + std::string(name);
  return std::getenv(variable.c_str());
}

}  // namespace freshet::pipeline
