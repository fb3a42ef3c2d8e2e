// SPDX-License-Identifier: GPL-3.0-or-later
// simdjson's first stage finds every token's place, checks UTF-8, control characters and quotes,
// for the best instructions of the machine; one walk over these places then makes the values. Twice
// as fast as its on-demand walk where every value is wanted.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "core/record/json.h"
#include "core/record/json_fault.h"
#include "core/record/json_number.h"
#include "core/record/json_string.h"

namespace freshet::record {
namespace {

// Deeper documents are refused: the walk is recursive.
constexpr int kDeepest = 128;

constexpr std::array<bool, 256> makeEnds() {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\t', '\n', '\r', ',', ':', ']', '}', '[', '{'}) {
    ends[static_cast<unsigned char>(c)] = true;
  }
  return ends;
}
constexpr std::array<bool, 256> kEnds = makeEnds();

Error refusal(std::string_view what, std::ptrdiff_t at) {
  std::string message = "This is not JSON: ";
  message += what;
  if (at >= 0) message += " (byte " + std::to_string(at) + ")";
  return {"E-2001", message, {}, Retry::Never};
}

Error refusalOf(simdjson::error_code error, std::string_view document) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return refusal("a byte is not UTF-8", findBadUtf8(document));
    case simdjson::UNESCAPED_CHARS:
      return refusal("a text has a control character", findBadText(document));
    case simdjson::UNCLOSED_STRING:
      return refusal("a text is not closed", findBadText(document));
    case simdjson::EMPTY:
      return refusal("it is empty", -1);
    default:
      return refusal(simdjson::error_message(error), -1);
  }
}

}  // namespace

struct JsonWalk {
  Result<Value> read(std::string_view document, Arena& memory) {
    if (const auto error = index(document)) return refusalOf(error, document);
    m_begin = document.data();
    m_end = m_begin + document.size();
    m_arena = &memory;
    m_next = m_stage->structural_indexes.get();
    m_last = m_next + m_stage->n_structural_indexes;
    m_member = m_members.get();
    m_item = m_items.get();
    // Then the quote that closes a text is the last one before the next token.
    m_hasEscapes = std::memchr(m_begin, '\\', document.size()) != nullptr;
    Value root;
    const char first = m_begin[*m_next];
    const bool isRead = first == '{' || first == '[' ? value(root, 0) : scalarDocument(root);
    if (!isRead) return refusal(m_problem, m_at - m_begin);
    if (m_next != m_last) return refusal("something follows the document", *m_next);
    return root;
  }

 private:
  simdjson::error_code index(std::string_view document) {
    static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
    if (document.size() > UINT32_MAX) return simdjson::CAPACITY;
    if (!m_stage || document.size() > m_stage->capacity()) {
      const std::size_t capacity = std::max<std::size_t>(document.size() * 2, 4096);
      if (!m_stage) {
        const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, kDeepest, m_stage);
        if (error) return error;
      } else if (const auto error = m_stage->set_capacity(capacity)) {
        return error;
      }
    }
    if (const auto error = m_stage->stage1(reinterpret_cast<const std::uint8_t*>(document.data()),
                                           document.size(), simdjson::stage1_mode::regular)) {
      return error;
    }
    // A value has a token, a member two more: neither stack can overflow.
    if (m_stage->n_structural_indexes > m_room) {
      m_room = m_stage->n_structural_indexes * 2;
      m_members = std::make_unique<Member[]>(m_room);
      m_items = std::make_unique<Value[]>(m_room);
    }
    return simdjson::SUCCESS;
  }

  [[gnu::cold, gnu::noinline]] bool fail(const char* problem, const char* at) {
    m_problem = problem;
    m_at = std::min(at, m_end);
    return false;
  }

  /// The next token, its first character; a place behind the document is no token.
  const char* token() { return m_next < m_last ? m_begin + *m_next++ : m_end; }
  bool isToken(const char* at, char wanted) const { return at != m_end && *at == wanted; }

  bool text(const char* at, std::string_view& to) {
    const char* close = (m_next < m_last ? m_begin + *m_next : m_end) - 1;
    while (*close != '"') --close;
    if (close == at) return fail("a text is not closed", at);
    to = {at + 1, static_cast<std::size_t>(close - at - 1)};
    if (m_hasEscapes && std::memchr(to.data(), '\\', to.size()) &&
        !unescapeJson(to, *m_arena, to)) {
      return fail("a text has an escape that means nothing", at);
    }
    return true;
  }

  bool number(const char* at, Value& to) {
    const char* end = at;
    if (const char* problem = readJsonNumber(end, to)) return fail(problem, at);
    return ends(end) || fail("a number goes on with something else", at);
  }

  bool literal(const char* at, std::string_view word, Value meaning, Value& to) {
    if (std::memcmp(at, word.data(), word.size()) != 0 || !ends(at + word.size())) {
      return fail("a word is none of true, false and null", at);
    }
    to = meaning;
    return true;
  }

  bool ends(const char* at) const {
    return at < m_end ? kEnds[static_cast<unsigned char>(*at)] : at == m_end;
  }

  bool value(Value& to, int depth) {
    const char* const at = token();
    if (at == m_end) return fail("a value is missing", at);
    switch (*at) {
      case '"': {
        std::string_view content;
        if (!text(at, content)) return false;
        to = Value(content);
        return true;
      }
      case '{':
        return object(to, depth);
      case '[':
        return array(to, depth);
      case 't':
        return literal(at, "true", Value(true), to);
      case 'f':
        return literal(at, "false", Value(false), to);
      case 'n':
        return literal(at, "null", Value(), to);
      default:
        return number(at, to);
    }
  }

  bool object(Value& to, int depth) {
    if (depth == kDeepest) return fail("it is nested too deep", m_begin + m_next[-1]);
    Member* const first = m_member;
    if (m_next < m_last && m_begin[*m_next] == '}') {
      ++m_next;
      to = Value(std::span<const Member>());
      return true;
    }
    while (true) {
      const char* const at = token();
      if (!isToken(at, '"')) return fail("a name in double quotes is missing", at);
      Member* const member = m_member++;
      if (!text(at, member->key)) return false;
      if (const char* const colon = token(); !isToken(colon, ':')) {
        return fail("a colon is missing", colon);
      }
      if (!value(member->value, depth + 1)) return false;
      const char* const next = token();
      if (isToken(next, ',')) continue;
      if (!isToken(next, '}')) return fail("a comma or a closing brace is missing", next);
      break;
    }
    to = Value(kept(first, m_member));
    m_member = first;
    return true;
  }

  bool array(Value& to, int depth) {
    if (depth == kDeepest) return fail("it is nested too deep", m_begin + m_next[-1]);
    Value* const first = m_item;
    if (m_next < m_last && m_begin[*m_next] == ']') {
      ++m_next;
      to = Value(std::span<const Value>());
      return true;
    }
    while (true) {
      if (!value(*m_item++, depth + 1)) return false;
      const char* const next = token();
      if (isToken(next, ',')) continue;
      if (!isToken(next, ']')) return fail("a comma or a closing bracket is missing", next);
      break;
    }
    to = Value(kept(first, m_item));
    m_item = first;
    return true;
  }

  template <class T>
  std::span<const T> kept(const T* first, const T* end) {
    const auto count = static_cast<std::size_t>(end - first);
    T* const to = static_cast<T*>(m_arena->allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_copy(first, end, to);
    return {to, count};
  }

  /// A document that is one text, number or word: nothing behind it may be taken for a part of it.
  bool scalarDocument(Value& to) {
    const std::string_view alone =
        m_arena->copy({m_begin, static_cast<std::size_t>(m_end - m_begin)}, kJsonPadding);
    m_begin = alone.data();
    m_end = m_begin + alone.size();
    return value(to, 0);
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> m_stage;
  std::unique_ptr<Member[]> m_members;  ///< of the objects that are open
  std::unique_ptr<Value[]> m_items;     ///< of the arrays that are open
  std::size_t m_room = 0;

  const char* m_begin = nullptr;
  const char* m_end = nullptr;
  const std::uint32_t* m_next = nullptr;
  const std::uint32_t* m_last = nullptr;
  Member* m_member = nullptr;
  Value* m_item = nullptr;
  Arena* m_arena = nullptr;
  bool m_hasEscapes = false;
  const char* m_problem = nullptr;
  const char* m_at = nullptr;
};

JsonReader::JsonReader() : m_walk(std::make_unique<JsonWalk>()) {}
JsonReader::~JsonReader() = default;

Result<Value> JsonReader::read(std::string_view document, Arena& arena) {
  return m_walk->read(document, arena);
}

Result<Value> parseJson(std::string_view text, Arena& arena) {
  JsonReader reader;
  return reader.read(arena.copy(text, kJsonPadding), arena);
}

}  // namespace freshet::record
