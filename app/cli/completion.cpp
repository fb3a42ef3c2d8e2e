// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/completion.h"

#include <CLI/CLI.hpp>

namespace freshet::cli {
namespace {

struct Flag {
  std::string name;  ///< without dashes
  bool isShort = false;
  bool takesValue = false;
  std::string help;
};

struct Described {
  std::string name;
  std::string help;
  std::vector<Flag> flags;
};

/// Single quotes end a quoted word in all three shells.
std::string quotable(const std::string& text, std::string_view alsoDropped = {}) {
  std::string out;
  for (const char c : text) {
    if (c != '\'' && alsoDropped.find(c) == std::string_view::npos) out += c;
  }
  return out;
}

std::vector<Described> commandsOf(const CLI::App& app) {
  std::vector<Described> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    Described made{command->get_name(), command->get_description(), {}};
    for (const CLI::App* owner : {command, &app}) {
      for (const CLI::Option* option : owner->get_options()) {
        const bool takesValue = option->get_items_expected_max() > 0;
        for (const std::string& name : option->get_lnames()) {
          made.flags.push_back({name, false, takesValue, option->get_description()});
        }
        for (const std::string& name : option->get_snames()) {
          made.flags.push_back({name, true, takesValue, option->get_description()});
        }
      }
    }
    commands.push_back(std::move(made));
  }
  return commands;
}

std::string dashed(const Flag& flag) {
  return (flag.isShort ? "-" : "--") + flag.name;
}

std::string bash(const std::vector<Described>& commands) {
  std::string names;
  std::string cases;
  for (const Described& command : commands) {
    names += (names.empty() ? "" : " ") + command.name;
    cases += "    " + command.name + ") words='";
    for (const Flag& flag : command.flags) cases += dashed(flag) + ' ';
    cases += "' ;;\n";
  }
  return "_freshet() {\n"
         "  local words='' current=${COMP_WORDS[COMP_CWORD]}\n"
         "  case ${COMP_WORDS[1]} in\n" +
         cases +
         "  esac\n"
         "  [ \"$COMP_CWORD\" -gt 1 ] || words='" +
         names +
         "'\n"
         "  COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ] || [ \"${current#-}\" != \"$current\" ]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  fi\n"
         "}\n"
         "complete -o default -F _freshet freshet\n";
}

std::string zsh(const std::vector<Described>& commands) {
  std::string names;
  std::string cases;
  for (const Described& command : commands) {
    names += "    '" + command.name + ':' + quotable(command.help) + "'\n";
    cases += "    " + command.name + ")\n      _arguments \\\n";
    for (const Flag& flag : command.flags) {
      cases += "        '" + dashed(flag) + '[' + quotable(flag.help, "[]:") + ']' +
               (flag.takesValue ? ":value:_files" : "") + "' \\\n";
    }
    cases += "        '*:file:_files'\n      ;;\n";
  }
  return "#compdef freshet\n_freshet() {\n  local -a commands\n  commands=(\n" + names +
         "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
         "  case $words[2] in\n" +
         cases + "  esac\n}\ncompdef _freshet freshet\n";
}

std::string fish(const std::vector<Described>& commands) {
  std::string out;
  for (const Described& command : commands) {
    out += "complete -c freshet -n __fish_use_subcommand -f -a " + command.name + " -d '" +
           quotable(command.help) + "'\n";
    for (const Flag& flag : command.flags) {
      out += "complete -c freshet -n '__fish_seen_subcommand_from " + command.name + "' " +
             (flag.isShort ? "-s " : "-l ") + flag.name + (flag.takesValue ? " -r" : "") + " -d '" +
             quotable(flag.help) + "'\n";
    }
  }
  return out;
}

}  // namespace

std::string completionScript(const CLI::App& app, std::string_view shell) {
  const auto commands = commandsOf(app);
  if (shell == "zsh") return zsh(commands);
  return shell == "fish" ? fish(commands) : bash(commands);
}

}  // namespace freshet::cli
