// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/liquid/machine.h"
#include "core/liquid/unit_compiler.h"

namespace freshet::liquid {
namespace {

constexpr Limits limits;

// Gathers what a single expression reads and what is wrong with it.
class SettingObserver final : public ParseObserver {
 public:
  SettingObserver(Program& program, Unit& unit) : m_program(program), m_unit(unit) {}

  void onPath(const Path& path, std::string_view source) override {
    if (path.isDynamicRoot || path.root.kind() != Operand::Name) return;
    m_unit.reads.push_back(describeRead(m_program, path, source, m_unit.source));
  }
  void onFilter(std::string_view name, bool isFirst) override {
    if (isFirst && name == "default" && !m_unit.reads.empty()) m_unit.reads.back().isGuarded = true;
  }
  void onError(std::string_view at, std::string message, std::string hint, std::string_view code,
               Severity) override {
    if (error) return;
    if (!hint.empty()) message += " (" + hint + ')';
    const auto offset = static_cast<std::size_t>(at.data() - m_unit.source.data());
    const Place place = placeOf(m_unit.source, offset, at.size());
    error =
        Error{std::string(code), std::move(message),
              m_unit.name + ':' + std::to_string(place.line) + ':' + std::to_string(place.column)};
  }

  std::optional<Error> error;

 private:
  Program& m_program;
  Unit& m_unit;
};

std::shared_ptr<Program> programFor(std::string_view text, std::string_view name,
                                    const TemplateEnvironment& env) {
  auto program = std::make_shared<Program>(env);
  Unit& unit = program->units.emplace_back();
  unit.name = name;
  unit.source = text;
  return program;
}

// Every name an expression mentions is a global; cells and globals are then the same array.
void nameGlobals(Program& program) {
  for (std::uint32_t i = 0; i < program.names.size(); ++i) {
    program.globals.emplace_back(program.names[i]);
    program.globalNames.push_back(i);
  }
}

std::vector<VariablePath> pathsOf(const Program& program) {
  std::vector<VariablePath> paths;
  for (const Unit& unit : program.units) {
    for (const Read& read : unit.reads) {
      paths.push_back({std::string(program.names[read.name]), read.path, unit.name,
                       placeOf(unit.source, read.place, read.length), read.isGuarded});
    }
  }
  return paths;
}

}  // namespace

Result<Expression> Expression::parse(std::string_view text, const TemplateEnvironment& env,
                                     std::string_view name) {
  Expression made;
  const std::string_view trimmed = trimBoth(text);
  TokenStream stream(trimmed, false);
  Token token;
  const bool isOne =
      stream.next(token) && token.kind == Token::Kind::Output && token.raw.size() == trimmed.size();
  if (isOne) {
    auto program = programFor(text, name, env);
    Unit& unit = program->units.front();
    const std::size_t start = static_cast<std::size_t>(trimmed.data() - text.data()) + 2;
    std::string_view markup = std::string_view(unit.source).substr(start, trimmed.size() - 4);
    if (markup.starts_with('-')) markup.remove_prefix(1);
    if (markup.ends_with('-')) markup.remove_suffix(1);
    SettingObserver observer(*program, unit);
    ExpressionParser parser(*program, observer, markup);
    made.m_expression = parser.filtered();
    if (observer.error) return *observer.error;
    nameGlobals(*program);
    made.m_program = std::move(program);
    return made;
  }
  if (text.find("{{") == std::string_view::npos && text.find("{%") == std::string_view::npos) {
    auto program = programFor(text, name, env);
    FilteredOperand constant;
    constant.operand = program->textConstant(text);
    program->expressions.push_back(constant);
    made.m_program = std::move(program);
    made.m_isPlain = true;
    return made;
  }
  Result<Template> whole = Template::parse(text, name, env);
  if (!whole) return whole.error();
  for (const Diagnostic& diagnostic : whole->diagnostics()) {
    if (diagnostic.code == "E-4003")
      return Error{diagnostic.code, diagnostic.message, diagnostic.where()};
  }
  made.m_program =
      std::shared_ptr<const Program>(std::make_shared<Template>(*whole), &whole->program());
  made.m_isText = true;
  return made;
}

bool Expression::isConstant() const {
  return m_isPlain;
}
const std::vector<std::string>& Expression::globals() const {
  return m_program->globals;
}
std::vector<VariablePath> Expression::paths() const {
  return pathsOf(*m_program);
}

Value Expression::evaluate(std::span<const Value> globals, Arena& arena, std::string* error) const {
  if (m_isText) {
    static thread_local Renderer::Machine machine;
    std::string out;
    const Status status = machine.run(*m_program, globals, nullptr, arena, out, {});
    if (!status && error) *error = status.error().text();
    return status ? Value(arena.copy(out)) : Value();
  }
  static thread_local Buffer buffer;
  Scratch scratch(arena, limits, buffer);
  Evaluator evaluator(*m_program, globals.data(), scratch);
  if (globals.size() < m_program->names.size()) return Value();
  const Value value = plain(evaluator.expression(m_program->expressions[m_expression]));
  if (scratch.failed() && error) *error = scratch.message();
  if (isRange(value)) {
    const auto items = scratch.values(static_cast<std::size_t>(std::min<std::int64_t>(
        rangeOf(value).size(), static_cast<std::int64_t>(limits.rangeItems))));
    for (std::size_t i = 0; i < items.size(); ++i)
      items[i] = Value(rangeOf(value).first + static_cast<std::int64_t>(i));
    return Value(std::span<const Value>(items));
  }
  return value.isOpaque() ? Value() : value;
}

Result<Condition> Condition::parse(std::string_view text, const TemplateEnvironment& env,
                                   std::string_view name) {
  Condition made;
  auto program = programFor(text, name, env);
  Unit& unit = program->units.front();
  SettingObserver observer(*program, unit);
  ExpressionParser parser(*program, observer, unit.source);
  made.m_condition = parser.condition(true);
  if (observer.error) return *observer.error;
  nameGlobals(*program);
  made.m_program = std::move(program);
  return made;
}

const std::vector<std::string>& Condition::globals() const {
  return m_program->globals;
}
std::vector<VariablePath> Condition::paths() const {
  return pathsOf(*m_program);
}

bool Condition::evaluate(std::span<const Value> globals, Arena& arena, std::string* error) const {
  if (globals.size() < m_program->names.size()) return false;
  static thread_local Buffer buffer;
  Scratch scratch(arena, limits, buffer);
  Evaluator evaluator(*m_program, globals.data(), scratch);
  const bool isTrue = evaluator.condition(m_condition);
  if (!scratch.failed()) return isTrue;
  if (error) *error = scratch.message();
  return false;
}

}  // namespace freshet::liquid
