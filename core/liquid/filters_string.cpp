// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/liquid/lexer.h"
#include "core/liquid/number.h"
#include "core/liquid/standard.h"
#include "core/liquid/unicode.h"

namespace freshet::liquid {
namespace {

using Builder = Scratch::Builder;

Value cased(FilterCall& call, void (*append)(Buffer&, std::string_view)) {
  const std::string_view text = call.text();
  Builder builder(call.scratch);
  append(builder.raw(), text);
  return builder.done();
}

Value upcase(FilterCall& call) {
  return cased(call, appendUpper);
}
Value downcase(FilterCall& call) {
  return cased(call, appendLower);
}
Value capitalize(FilterCall& call) {
  return cased(call, appendCapitalized);
}
Value strip(FilterCall& call) {
  return Value(trimBoth(call.text()));
}
Value lstrip(FilterCall& call) {
  return Value(trimLeft(call.text()));
}
Value rstrip(FilterCall& call) {
  return Value(trimRight(call.text()));
}

Value append(FilterCall& call) {
  const std::string_view text = call.text();
  return call.scratch.joined(text, call.argText(0));
}

Value prepend(FilterCall& call) {
  const std::string_view text = call.text();
  return call.scratch.joined(call.argText(0), text);
}

// A replacement as Ruby's gsub takes it: \0 and \& are what was found, \` and \' what stands before
// and behind, \1 to \9 groups that a text has none of, and two backslashes are one.
bool appendReplacement(Builder& builder, std::string_view with, std::string_view text,
                       std::size_t at, std::size_t length) {
  for (std::size_t i = 0; i < with.size(); ++i) {
    const char next = with[i] == '\\' && i + 1 < with.size() ? with[i + 1] : '\0';
    std::string_view piece = with.substr(i, 1);
    if (next == '0' || next == '&') piece = text.substr(at, length);
    if (next == '`') piece = text.substr(0, at);
    if (next == '\'') piece = text.substr(at + length);
    if (next >= '1' && next <= '9') piece = {};
    const bool isEscape =
        next == '\\' || next == '&' || next == '`' || next == '\'' || (next >= '0' && next <= '9');
    if (isEscape) ++i;
    if (!builder.append(piece)) return false;
  }
  return true;
}

Value replaceAll(FilterCall& call, std::string_view what, std::string_view with) {
  const std::string_view text = call.text();
  const bool isPlain = with.find('\\') == std::string_view::npos;
  Builder builder(call.scratch);
  const auto put = [&](std::size_t at) {
    return isPlain ? builder.append(with) : appendReplacement(builder, with, text, at, what.size());
  };
  std::size_t from = 0;
  if (what.empty()) {
    // An empty pattern matches between all characters, and at both ends.
    for (; from < text.size();) {
      const std::size_t step = stepOf(text, from);
      if (!put(from) || !builder.append(text.substr(from, step))) return Value();
      from += step;
    }
    put(text.size());
    return builder.done();
  }
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, from)) {
    if (!builder.append(text.substr(from, at - from)) || !put(at)) return Value();
    from = at + what.size();
  }
  if (from == 0) return Value(text);
  builder.append(text.substr(from));
  return builder.done();
}

Value spliced(FilterCall& call, std::size_t at, std::size_t length, std::string_view with,
              bool isExpanded) {
  const std::string_view text = call.text();
  if (at == std::string_view::npos) return Value(text);
  Builder builder(call.scratch);
  builder.append(text.substr(0, at));
  if (isExpanded) {
    appendReplacement(builder, with, text, at, length);
  } else {
    builder.append(with);
  }
  builder.append(text.substr(at + length));
  return builder.done();
}

Value replace(FilterCall& call) {
  return replaceAll(call, call.argText(0), call.argText(1));
}
Value remove(FilterCall& call) {
  return replaceAll(call, call.argText(0), {});
}

Value replaceFirst(FilterCall& call) {
  const std::string_view what = call.argText(0);
  const std::string_view with = call.argText(1);
  return spliced(call, call.text().find(what), what.size(), with, true);
}

Value replaceLast(FilterCall& call) {
  const std::string_view what = call.argText(0);
  const std::string_view with = call.argText(1);
  return spliced(call, call.text().rfind(what), what.size(), with, false);
}

Value truncate(FilterCall& call) {
  if (call.input.isNil()) return Value();
  const std::string_view text = call.text();
  const auto length =
      call.args.empty() ? std::optional<std::int64_t>(50) : strictInteger(call.arg(0));
  if (!length) return call.fail("invalid integer");
  const std::string_view end = call.args.size() > 1 ? call.argText(1) : "...";
  if (static_cast<std::int64_t>(text.size()) <= *length) return Value(text);
  const auto kept = static_cast<std::size_t>(
      std::max<std::int64_t>(0, *length - static_cast<std::int64_t>(lengthOf(end))));
  const auto head = static_cast<std::size_t>(std::max<std::int64_t>(0, *length)) + 1;
  if (head <= text.size() && isAscii(text.substr(0, head)))
    return call.scratch.joined(text.substr(0, kept), end);
  if (static_cast<std::int64_t>(lengthOf(text)) <= *length) return Value(text);
  return call.scratch.joined(text.substr(0, offsetOf(text, kept)), end);
}

Value truncatewords(FilterCall& call) {
  if (call.input.isNil()) return Value();
  const std::string_view text = call.text();
  const auto asked =
      call.args.empty() ? std::optional<std::int64_t>(15) : strictInteger(call.arg(0));
  if (!asked) return call.fail("invalid integer");
  const std::int64_t most = std::max<std::int64_t>(1, *asked);
  const std::string_view end = call.args.size() > 1 ? call.argText(1) : "...";
  Builder builder(call.scratch);
  std::int64_t words = 0;
  for (std::size_t at = 0;;) {
    // White space behind the last word counts as one more, as Ruby's split has it.
    const bool isBetween = words > 0 && at < text.size();
    while (at < text.size() && (isSpace(text[at]) || text[at] == '\0')) ++at;
    if (words == most && (isBetween || at < text.size())) break;
    if (at >= text.size()) return Value(text);
    const std::size_t start = at;
    while (at < text.size() && !isSpace(text[at]) && text[at] != '\0') ++at;
    if (words++ > 0) builder.append(' ');
    if (!builder.append(text.substr(start, at - start))) return Value();
  }
  builder.append(end);
  return builder.done();
}

Value slice(FilterCall& call) {
  const auto offset = strictInteger(call.arg(0));
  if (!offset) return call.fail("invalid integer");
  std::optional<std::int64_t> length = 1;
  if (call.arg(1).truthy()) length = strictInteger(call.arg(1));
  if (!length) return call.fail("invalid integer");
  const bool isArray = call.input.isArray();
  const std::string_view text = isArray ? std::string_view() : call.text();
  const auto size = static_cast<std::int64_t>(isArray ? call.input.size() : lengthOf(text));
  const std::int64_t start = *offset < 0 ? *offset + size : *offset;
  const bool isOutside = start < 0 || start > size || *length < 0;
  const std::int64_t count = isOutside ? 0 : std::min(*length, size - start);
  if (isArray) {
    if (count == 0) return Value(std::span<const Value>());
    return Value(call.input.asArray().subspan(static_cast<std::size_t>(start),
                                              static_cast<std::size_t>(count)));
  }
  if (count == 0) return Value(std::string_view());
  const std::size_t from = offsetOf(text, static_cast<std::size_t>(start));
  const std::size_t bytes = offsetOf(text.substr(from), static_cast<std::size_t>(count));
  return Value(text.substr(from, bytes));
}

// Ruby's String#split: a single space means runs of white space; empty parts at the end go.
Value split(FilterCall& call) {
  const std::string_view text = call.text();
  const std::string_view pattern = call.argText(0);
  if (text.empty()) return Value(std::span<const Value>());
  std::size_t count = 0;
  std::span<Value> parts;
  const auto visit = [&](auto&& take) {
    if (pattern == " ") {
      for (std::size_t at = 0; at < text.size();) {
        while (at < text.size() && (isSpace(text[at]) || text[at] == '\0')) ++at;
        const std::size_t start = at;
        while (at < text.size() && !isSpace(text[at]) && text[at] != '\0') ++at;
        if (at > start) take(text.substr(start, at - start));
      }
    } else if (pattern.empty()) {
      for (std::size_t at = 0; at < text.size(); at += stepOf(text, at))
        take(text.substr(at, stepOf(text, at)));
    } else {
      std::size_t from = 0;
      for (std::size_t at = text.find(pattern); at != std::string_view::npos;
           at = text.find(pattern, from)) {
        take(text.substr(from, at - from));
        from = at + pattern.size();
      }
      take(text.substr(from));
    }
  };
  visit([&](std::string_view) { ++count; });
  parts = call.scratch.values(count);
  if (parts.size() != count) return Value();
  std::size_t next = 0;
  visit([&](std::string_view part) { parts[next++] = Value(part); });
  while (count > 0 && parts[count - 1].size() == 0) --count;
  return Value(std::span<const Value>(parts.data(), count));
}

Value stripNewlines(FilterCall& call) {
  const std::string_view text = call.text();
  Builder builder(call.scratch);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n'))
      continue;
    if (!builder.append(text[i])) break;
  }
  return builder.done();
}

Value newlineToBr(FilterCall& call) {
  const std::string_view text = call.text();
  Builder builder(call.scratch);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool isPair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (isPair) ++i;
    if (!(text[i] == '\n' ? builder.append("<br />\n") : builder.append(text[i]))) break;
  }
  return builder.done();
}

// The end of the script, comment or style that begins at `at`, which goes with its content.
std::size_t blockEnd(std::string_view text, std::size_t at) {
  static constexpr std::pair<std::string_view, std::string_view> blocks[] = {
      {"<script", "</script>"}, {"<!--", "-->"}, {"<style", "</style>"}};
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  if (next != 's' && next != '!') return std::string_view::npos;
  for (const auto& [opening, closing] : blocks) {
    if (!text.substr(at).starts_with(opening)) continue;
    const std::size_t end = text.find(closing, at + opening.size());
    return end == std::string_view::npos ? end : end + closing.size();
  }
  return std::string_view::npos;
}

// Two passes, as the first may leave a tag behind that was none before.
std::string_view withoutBlocks(FilterCall& call, std::string_view text) {
  std::size_t kept = 0;
  Scratch::Builder builder(call.scratch);
  for (std::size_t at = text.find('<'); at != std::string_view::npos;) {
    if (!call.scratch.spend(1)) return {};
    const std::size_t end = blockEnd(text, at);
    if (end != std::string_view::npos) {
      builder.append(text.substr(kept, at - kept));
      kept = end;
    }
    at = text.find('<', end == std::string_view::npos ? at + 1 : end);
  }
  if (kept == 0) return text;
  builder.append(text.substr(kept));
  const Value made = builder.done();
  return made.isString() ? made.asString() : std::string_view();
}

Value stripHtml(FilterCall& call) {
  const std::string_view text = withoutBlocks(call, call.text());
  std::size_t kept = 0;
  Scratch::Builder builder(call.scratch);
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', kept)) {
    const std::size_t end = text.find('>', at + 1);
    if (end == std::string_view::npos) break;
    builder.append(text.substr(kept, at - kept));
    kept = end + 1;
  }
  if (kept == 0) return Value(text);
  builder.append(text.substr(kept));
  return builder.done();
}

Value size(FilterCall& call) {
  const Value& value = call.input;
  if (value.isString()) return Value(static_cast<std::int64_t>(lengthOf(value.asString())));
  if (value.isArray() || value.isObject()) return Value(std::int64_t{value.size()});
  if (isRange(value)) return Value(rangeOf(value).size());
  // Ruby's Integer#size: the bytes of a machine word.
  return Value(std::int64_t{value.isInt() ? 8 : 0});
}

Value defaultTo(FilterCall& call) {
  const bool isFalseAllowed = call.arg(1).get("allow_false").truthy();
  const bool isMissing = isFalseAllowed ? call.input.isNil() : !call.input.truthy();
  if (!isMissing && !isEmpty(call.input)) return call.input;
  return call.args.empty() ? Value(std::string_view()) : call.arg(0);
}

Value raw(FilterCall& call) {
  return call.input;
}

}  // namespace

void addStringFilters(TemplateEnvironment& environment) {
  const auto add = [&](const char* name, FilterFunction function, std::uint8_t least,
                       std::uint8_t most) {
    environment.addFilter({name, function, least, most});
  };
  add("append", append, 1, 1);
  add("capitalize", capitalize, 0, 0);
  add("downcase", downcase, 0, 0);
  add("lstrip", lstrip, 0, 0);
  add("newline_to_br", newlineToBr, 0, 0);
  add("prepend", prepend, 1, 1);
  add("remove", remove, 1, 1);
  add("remove_first", replaceFirst, 1, 1);
  add("remove_last", replaceLast, 1, 1);
  add("replace", replace, 1, 2);
  add("replace_first", replaceFirst, 1, 2);
  add("replace_last", replaceLast, 2, 2);
  add("rstrip", rstrip, 0, 0);
  add("size", size, 0, 0);
  add("slice", slice, 1, 2);
  add("split", split, 1, 1);
  add("strip", strip, 0, 0);
  add("strip_html", stripHtml, 0, 0);
  add("strip_newlines", stripNewlines, 0, 0);
  add("truncate", truncate, 0, 2);
  add("truncatewords", truncatewords, 0, 2);
  add("upcase", upcase, 0, 0);
  environment.addFilter({"default", defaultTo, 0, 2});
  environment.addFilter({"raw", raw, 0, 0, true});
}

}  // namespace freshet::liquid
