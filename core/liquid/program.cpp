// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/program.h"

#include "core/liquid/number.h"

namespace freshet::liquid {

std::uint32_t Names::intern(std::string_view name) {
  const auto found = m_index.find(name);
  if (found != m_index.end()) return found->second;
  const auto index = static_cast<std::uint32_t>(m_names.size());
  m_index.emplace(m_names.emplace_back(name), index);
  return index;
}

std::uint32_t Names::find(std::string_view name) const {
  const auto found = m_index.find(name);
  return found == m_index.end() ? UINT32_MAX : found->second;
}

Program::Program(const TemplateEnvironment& env) : environment(env) {
  constants.emplace_back();
}

Operand Program::constant(const Value& value) {
  if (value.isNil()) return {};
  constants.push_back(value);
  return {Operand::Constant, constants.size() - 1};
}

Operand Program::range(Operand first, Operand last) {
  if (first.kind() != Operand::Constant || last.kind() != Operand::Constant) {
    ranges.push_back({first, last});
    return {Operand::Range, ranges.size() - 1};
  }
  const auto whole = [&](Operand operand) {
    const Value& value = constants[operand.index()];
    if (value.isString()) return leadingInteger(value.asString());
    return value.isNumber() ? rounded(toNumber(value), 0, Rounding::Truncate).value().asInt() : 0;
  };
  liquid::Range* made = literals.make<liquid::Range>();
  *made = {whole(first), whole(last)};
  return constant(special(Special::Range, made));
}

std::string pathText(const Program& program, const Path& path) {
  std::string text;
  if (!path.isDynamicRoot && path.root.kind() == Operand::Name)
    text = program.names[path.root.index()];
  for (std::size_t i = 0; i < path.count; ++i) {
    const Segment& segment = program.segments[path.first + i];
    if (segment.isDynamic) {
      text += "[]";
    } else {
      text += '.';
      text += segment.key;
    }
  }
  return text;
}

Read describeRead(const Program& program, const Path& path, std::string_view at,
                  std::string_view source) {
  Read read;
  read.name = path.root.index();
  read.path = pathText(program, path);
  read.place = static_cast<std::uint32_t>(at.data() - source.data());
  read.length = static_cast<std::uint32_t>(at.size());
  return read;
}

}  // namespace freshet::liquid
