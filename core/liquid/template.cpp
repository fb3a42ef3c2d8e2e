// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/template.h"

#include <algorithm>

#include "core/liquid/machine.h"
#include "core/liquid/unit_compiler.h"

namespace freshet::liquid {

Template Template::parseForPreview(std::string_view source, std::string_view name,
                                   const TemplateEnvironment& env) {
  auto program = std::make_shared<Program>(env);
  auto diagnostics = std::make_shared<std::vector<Diagnostic>>();
  compileProgram(*program, source, name, *diagnostics);
  Template made;
  made.m_program = std::move(program);
  made.m_diagnostics = std::move(diagnostics);
  return made;
}

Result<Template> Template::parse(std::string_view source, std::string_view name,
                                 const TemplateEnvironment& env) {
  Template made = parseForPreview(source, name, env);
  const std::string& file = made.m_program->units.front().name;
  std::size_t others = 0;
  const Diagnostic* first = nullptr;
  for (const Diagnostic& diagnostic : made.diagnostics()) {
    if (diagnostic.severity != Severity::Error || diagnostic.file != file) continue;
    if (first) ++others;
    if (!first) first = &diagnostic;
  }
  if (!first) return made;
  std::string message = first->message;
  if (!first->hint.empty()) message += " (" + first->hint + ')';
  if (others > 0) message += ", and " + std::to_string(others) + " more";
  return Error{first->code, message, first->where()};
}

bool Template::hasErrors() const {
  return std::ranges::any_of(diagnostics(),
                             [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

const std::vector<std::string>& Template::globals() const {
  return m_program->globals;
}

Renderer::Renderer() : m_machine(std::make_unique<Machine>()) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

Status Renderer::render(const Template& source, std::span<const Value> globals, Arena& scratch,
                        std::string& out, const RenderOptions& options) {
  return m_machine->run(source.program(), globals, nullptr, scratch, out, options);
}

Status Renderer::render(const Template& source, const Value& data, Arena& scratch, std::string& out,
                        const RenderOptions& options) {
  m_machine->globals.clear();
  for (const std::string& name : source.globals()) {
    const Value* found = data.find(name);
    m_machine->globals.push_back(found ? *found : undefined());
  }
  return m_machine->run(source.program(), m_machine->globals, &data, scratch, out, options);
}

const std::vector<Diagnostic>& Renderer::problems() const {
  return m_machine->problems;
}
std::uint64_t Renderer::operations() const {
  return m_machine->operations;
}
std::uint64_t Renderer::allocatedBytes() const {
  return m_machine->allocated;
}

}  // namespace freshet::liquid
