// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/liquid/diagnostic.h"
#include "core/liquid/environment.h"
#include "core/liquid/renderer.h"

namespace freshet::liquid {

struct Program;

/// A compiled template with its partials: immutable, cheap to copy, rendered by any number of
/// threads at once (each with its own Renderer). The environment must outlive it.
class Template {
 public:
  /// The template, or its first error as "file:line:col" and text.
  static Result<Template> parse(std::string_view source, std::string_view name,
                                const TemplateEnvironment& env);
  /// Always a template (what is wrong is left out of it), with everything found while reading.
  static Template parseForPreview(std::string_view source, std::string_view name,
                                  const TemplateEnvironment& env);

  /// Errors and warnings (unknown filters, partials that are missing), in reading order.
  const std::vector<Diagnostic>& diagnostics() const { return *m_diagnostics; }
  bool hasErrors() const;
  /// The root names it reads from outside, in the order `Renderer::render` takes their values.
  const std::vector<std::string>& globals() const;
  const Program& program() const { return *m_program; }

 private:
  Template() = default;
  std::shared_ptr<const Program> m_program;
  std::shared_ptr<const std::vector<Diagnostic>> m_diagnostics;
};

/// A variable an expression or a template reads: its root name and the path below it
/// ("event", "event.properties.total"; "[]" where the key is computed).
struct VariablePath {
  std::string root;
  std::string path;
  std::string file;
  Place place;
  /// A `default` or a condition on the same path stands before it.
  bool isGuarded = false;
};

/// A setting: one `{{ … }}` keeps its value's type, mixed text becomes a string, text without
/// braces is a constant. Immutable; evaluated by any number of threads at once.
class Expression {
 public:
  static Result<Expression> parse(std::string_view text, const TemplateEnvironment& env,
                                  std::string_view name = "expression");
  bool isConstant() const;
  const std::vector<std::string>& globals() const;
  std::vector<VariablePath> paths() const;
  /// One value a global. What it returns lives in `scratch`, the globals or this expression;
  /// an error gives nil and, when asked for, its text.
  Value evaluate(std::span<const Value> globals, Arena& scratch,
                 std::string* error = nullptr) const;

 private:
  Expression() = default;
  std::shared_ptr<const Program> m_program;
  std::uint32_t m_expression = 0;
  bool m_isText = false;
  bool m_isPlain = false;
};

/// A condition of a setting: comparisons joined by `and` and `or` as in templates, with
/// parentheses and `not` besides. Immutable; evaluated by any number of threads at once.
class Condition {
 public:
  static Result<Condition> parse(std::string_view text, const TemplateEnvironment& env,
                                 std::string_view name = "condition");
  const std::vector<std::string>& globals() const;
  std::vector<VariablePath> paths() const;
  /// False when something cannot be compared; `error` then says what.
  bool evaluate(std::span<const Value> globals, Arena& scratch, std::string* error = nullptr) const;

 private:
  Condition() = default;
  std::shared_ptr<const Program> m_program;
  std::uint32_t m_condition = 0;
};

}  // namespace freshet::liquid
