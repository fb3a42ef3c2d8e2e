// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/cli/completion.h"
#include "app/cli/dlq.h"
#include "app/cli/fmt.h"
#include "app/cli/lint.h"
#include "app/cli/nodes.h"
#include "app/cli/profiles.h"
#include "app/cli/render.h"
#include "app/cli/replay.h"
#include "app/cli/run.h"
#include "app/cli/test.h"
#include "core/base/text.h"
#include "core/plugin/registry.h"

namespace freshet::cli {
namespace {

/// Adds --format with the words given, the first being the default.
void addFormat(CLI::App& command, Format& format, bool hasSarif) {
  std::map<std::string, Format> words{{"text", Format::Text}, {"json", Format::Json}};
  if (hasSarif) words.emplace("sarif", Format::Sarif);
  command.add_option("--format", format, hasSarif ? "text, json or sarif" : "text or json")
      ->transform(CLI::CheckedTransformer(words).description(""))
      ->type_name("FORMAT")
      ->default_str("text");
}

void addLint(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<LintArguments>();
  CLI::App* command = app.add_subcommand("lint", "Check projects; \"folder/...\" checks all below");
  command->add_option("paths", arguments->paths,
                      "Projects: folders or *.pipeline.json (default .)");
  command->add_option("--env", arguments->env,
                      "With this environment only (default: each of them)");
  command->add_flag("--strict", arguments->isStrict, "Warnings count as findings");
  command->add_flag("--codes", arguments->isListOfCodes, "Print what the codes mean");
  command->add_flag("--delivery", arguments->isDelivery,
                    "Print what a crash may do to what each wire carries");
  addFormat(*command, arguments->format, true);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return lint(*arguments, registry, shell);
    };
  });
}

void addFmt(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<FmtArguments>();
  CLI::App* command = app.add_subcommand("fmt", "Print or write the canonical form of projects");
  command->add_option("paths", arguments->paths,
                      "Projects: folders or *.pipeline.json (default .)");
  CLI::Option* check =
      command->add_flag("--check", arguments->isCheck, "Name the files that would change");
  command->add_flag("--write", arguments->isWrite, "Rewrite the files")->excludes(check);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return fmt(*arguments, registry.catalog(), shell);
    };
  });
}

void addNodes(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<NodesArguments>();
  CLI::App* command = app.add_subcommand("nodes", "List the types of steps, or show one");
  command->add_option("type", arguments->type, "A type, such as kafka.source");
  command
      ->add_option("--pages", arguments->pages, "Write one Markdown page a type into this folder")
      ->type_name("DIR");
  addFormat(*command, arguments->format, false);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return nodes(*arguments, registry, shell);
    };
  });
}

void addRender(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<RenderArguments>();
  auto isHtml = std::make_shared<bool>(false);
  auto isText = std::make_shared<bool>(false);
  auto isMessage = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("render", "Render one template for one person");
  command->add_option("template", arguments->file, "A .liquid file")->required();
  command->add_option("--person", arguments->person, "A persona: sections, or a profile alone")
      ->type_name("FILE");
  command->add_option("--data", arguments->data, "Sections (event, profile, basket ...) as JSON")
      ->type_name("FILE");
  command
      ->add_option("--partials", arguments->partials,
                   "Where partials are (default: templates/partials of the project)")
      ->type_name("DIR");
  CLI::Option* html = command->add_flag("--html", *isHtml, "Escape what comes from data");
  CLI::Option* text = command->add_flag("--text", *isText, "Plain text (default for *.txt.liquid)");
  CLI::Option* message = command->add_flag(
      "--eml", *isMessage, "The whole message, by the project's email step that uses the template");
  CLI::Option* analysis = command->add_flag("--analyse", arguments->isAnalysis,
                                            "What the template reads, as JSON, without rendering");
  CLI::Option* explained = command->add_flag("--explain", arguments->isExplained,
                                             "Which path gave which part of the output");
  text->excludes(html)->excludes(message);
  html->excludes(message);
  explained->excludes(message);
  analysis->excludes(html)->excludes(text)->excludes(message)->excludes(explained);
  command->add_option("--subject", arguments->subject, "Of the message")->needs(message);
  command->add_option("--from", arguments->from, "Of the message")->needs(message);
  command->add_option("--to", arguments->to, "Of the message")->needs(message);
  command->add_flag("--strict", arguments->isStrict, "What is missing is an error");
  addFormat(*command, arguments->format, false);
  command->callback([arguments, isHtml, isText, isMessage, &chosen] {
    const bool isPlain = *isText || (!*isHtml && arguments->file.ends_with(".txt.liquid"));
    if (isPlain) arguments->form = RenderForm::Text;
    if (*isMessage) arguments->form = RenderForm::Message;
    chosen = [arguments](const plugin::Registry&, const Shell& shell) {
      return render(*arguments, shell);
    };
  });
}

void addRun(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<RunArguments>();
  auto untilIdle = std::make_shared<std::string>();
  auto speed = std::make_shared<std::string>("1");
  auto limit = std::make_shared<std::int64_t>(-1);
  host::RunOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand("run", "Run a project in this process");
  command->add_option("project", arguments->project, "A folder or *.pipeline.json (default .)");
  command->add_flag("--dry-run", options.isDryRun, "The same, but nothing is sent or written");
  command->add_option("--env", options.env, "The overlay env/NAME.json")->type_name("NAME");
  command->add_option("--set", options.settings, "node.field=value, for this run only")
      ->type_name("SETTING")
      ->allow_extra_args(false);
  command->add_option("--limit", *limit, "Read this many events in all, over restarts")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--speed", *speed, "1, or max: as fast as the machine can, on a virtual clock")
      ->check(CLI::IsMember({"1", "max"}));
  command->add_option("--until-idle", *untilIdle, "End when nothing has come for so long (5s)")
      ->type_name("TIME")
      ->check([](const std::string& text) {
        return parseDuration(text) ? std::string()
                                   : "\"" + text + "\" is not a duration, such as 5s";
      });
  command->add_option("--metrics", arguments->metricsAddress, "Serve /metrics here")
      ->type_name("HOST:PORT");
  command->add_flag("--watch", arguments->isWatching, "Run what is saved while it runs, too");
  command->add_option("--state", options.stateFolder, "Keep state here")->type_name("DIR");
  command
      ->add_option("--slot", options.slot,
                   "Which worker of a group this is (0, 1 ...); each keeps its own --state")
      ->type_name("N")
      ->check([](const std::string& text) {
        const bool isGood = !text.empty() && text.size() <= 32 &&
                            text.find_first_not_of(
                                "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == std::string::npos;
        return isGood ? std::string() : "\"" + text + "\" is not a slot, such as 1 or blue-2";
      });
  command->add_flag("--fresh", options.isFresh, "Forget state, positions and counts first");
  command
      ->add_option("--record", options.recordFile,
                   "Keep every event and every answer of the outside, to replay it")
      ->type_name("FILE");
  command->add_flag("--backfill", options.isBackfill,
                    "All old events again, in a group and a state of their own: nothing is sent to "
                    "people");
  command->add_option("--seed", options.seed, "For what is random (default 1)");
  addFormat(*command, arguments->format, false);
  command->callback([=, &chosen] {
    if (*limit >= 0) arguments->options.limit = *limit;
    arguments->options.isMaxSpeed = *speed == "max";
    arguments->options.isWorker = true;
    if (!untilIdle->empty()) arguments->options.untilIdleMs = parseDuration(*untilIdle);
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return run(*arguments, registry, shell);
    };
  });
}

void addReplay(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ReplayArguments>();
  auto speed = std::make_shared<std::string>("max");
  CLI::App* command = app.add_subcommand(
      "replay", "Put a recording through a pipeline again; nothing is sent or written");
  command->add_option("recording", arguments->recording, "What run --record has written")
      ->required();
  command->add_option("project", arguments->project,
                      "Another pipeline: shows what would differ (default: the recorded one)");
  command->add_option("--env", arguments->env, "The overlay env/NAME.json of that project")
      ->type_name("NAME");
  command->add_option("--set", arguments->settings, "node.field=value, for this replay only")
      ->type_name("SETTING")
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "Write the whole outcome, in a fixed order")
      ->type_name("FILE");
  command
      ->add_option("--speed", *speed, "max (default), or how many times as fast as it was: 1, 10")
      ->check([](const std::string& text) {
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        return text == "max" || (*end == '\0' && number > 0)
                   ? std::string()
                   : "\"" + text + "\" is not a speed, such as 10 or max";
      });
  command->add_option("--batch", arguments->how.batch, "Events a batch (default: as recorded)")
      ->type_name("N");
  command->add_option("--examples", arguments->most, "Differences to show of each (default 5)")
      ->type_name("N");
  addFormat(*command, arguments->format, false);
  command->callback([arguments, speed, &chosen] {
    if (*speed != "max") arguments->how.speed = std::strtod(speed->c_str(), nullptr);
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return replay(*arguments, registry, shell);
    };
  });
}

void addTest(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<TestArguments>();
  CLI::App* command = app.add_subcommand("test", "Run the tests of projects (tests/*.test.json)");
  command->add_option("paths", arguments->paths, "Projects, or single *.test.json (default .)");
  command->add_option("--filter", arguments->filter, "Only those with this in their name")
      ->type_name("TEXT");
  command->add_flag("--update", arguments->isUpdating,
                    "What comes is what is expected from now on");
  command->add_option("--junit", arguments->junit, "Write the results as JUnit XML")
      ->type_name("FILE");
  addFormat(*command, arguments->format, false);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return test(*arguments, registry, shell);
    };
  });
}

/// What get, put and import share.
CLI::App* addProfilesCommand(CLI::App& profilesCommand, const char* name, const char* help,
                             ProfilesArguments::What what, Command& chosen,
                             const std::shared_ptr<ProfilesArguments>& arguments) {
  CLI::App* command = profilesCommand.add_subcommand(name, help);
  command->add_option("project", arguments->project, "A folder or *.pipeline.json")->required();
  command->add_option("--env", arguments->env, "The overlay env/NAME.json")->type_name("NAME");
  command
      ->add_option("--connection", arguments->connection,
                   "Which one (default: the only one that serves profiles)")
      ->type_name("NAME");
  command->add_option("--state", arguments->state, "Where embedded profiles are, as in run")
      ->type_name("DIR");
  command->callback([arguments, what, &chosen] {
    arguments->what = what;
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return profiles(*arguments, registry, shell);
    };
  });
  return command;
}

void addProfiles(CLI::App& app, Command& chosen) {
  using What = ProfilesArguments::What;
  auto arguments = std::make_shared<ProfilesArguments>();
  CLI::App* command = app.add_subcommand("profiles", "Read and write the profiles of a project");
  command->require_subcommand(1);
  addProfilesCommand(*command, "get", "Print profiles", What::Get, chosen, arguments)
      ->add_option("keys", arguments->keys, "Whose")
      ->required();
  CLI::App* put =
      addProfilesCommand(*command, "put", "Write one profile", What::Put, chosen, arguments);
  put->add_option("key", arguments->key, "Whose")->required();
  put->add_option("json", arguments->json, "The profile as JSON, or - for standard input")
      ->required();
  addProfilesCommand(*command, "import", "Write profiles from a file", What::Import, chosen,
                     arguments)
      ->add_option("file", arguments->file, "A profile a line, each with an \"id\"")
      ->required();
}

/// What list, show, retry and drop share.
CLI::App* addDlqCommand(CLI::App& dlqCommand, const char* name, const char* help,
                        DlqArguments::What what, Command& chosen,
                        const std::shared_ptr<DlqArguments>& arguments) {
  CLI::App* command = dlqCommand.add_subcommand(name, help);
  command->add_option("--project", arguments->project, "A folder or *.pipeline.json (default .)")
      ->type_name("PROJECT");
  command->add_option("--env", arguments->env, "The overlay env/NAME.json")->type_name("NAME");
  command->add_option("--state", arguments->state, "Where the state is, as in run")
      ->type_name("DIR");
  command->callback([arguments, what, &chosen] {
    arguments->what = what;
    if (what == DlqArguments::What::Drop)
      arguments->request.what = runtime::LetterRequest::What::Drop;
    chosen = [arguments](const plugin::Registry& registry, const Shell& shell) {
      return dlq(*arguments, registry, shell);
    };
  });
  return command;
}

void addDlq(CLI::App& app, Command& chosen) {
  using What = DlqArguments::What;
  auto arguments = std::make_shared<DlqArguments>();
  runtime::LetterRequest& request = arguments->request;
  CLI::App* command = app.add_subcommand("dlq", "Dead letters: see, retry or drop them");
  command->require_subcommand(1);
  CLI::App* list = addDlqCommand(*command, "list", "List them", What::List, chosen, arguments);
  CLI::App* show = addDlqCommand(*command, "show", "Show one whole", What::Show, chosen, arguments);
  CLI::App* retry = addDlqCommand(
      *command, "retry", "Send them through the pipeline again, from the step where they failed",
      What::Retry, chosen, arguments);
  CLI::App* drop = addDlqCommand(*command, "drop", "Delete them", What::Drop, chosen, arguments);
  for (CLI::App* each : {list, retry, drop}) {
    each->add_option("--node", request.filter.node, "Those of this step")->type_name("STEP");
    each->add_option("--code", request.filter.code, "Those with this reason")->type_name("CODE");
  }
  for (CLI::App* each : {show, retry, drop}) {
    CLI::Option* ids = each->add_option("ids", request.filter.ids, "Numbers, as list shows them");
    if (each == show) ids->required();
  }
  for (CLI::App* each : {retry, drop}) each->add_flag("--all", arguments->isAll, "All of them");
  list->add_option("--limit", arguments->most, "The newest so many (default 100)")->type_name("N");
  retry->add_flag("--arm", request.isArmed,
                  "Let them reach people: without it, emails are withheld");
  retry->add_flag("--from-source", request.isWhole,
                  "Through every step again, also those that had done their part");
  retry->add_option("--set", arguments->settings, "node.field=value, for this time only")
      ->type_name("SETTING")
      ->allow_extra_args(false);
  addFormat(*list, arguments->format, false);
  addFormat(*show, arguments->format, false);
}

void addCompletion(CLI::App& app, Command& chosen) {
  auto shellName = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print a completion script for a shell");
  command->add_option("shell", *shellName, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shellName, &app, &chosen] {
    // The description is gone once the command runs, so the script is made here.
    chosen = [script = completionScript(app, *shellName)](const plugin::Registry&,
                                                          const Shell& shell) {
      shell.print(script);
      return kOk;
    };
  });
}

std::string versionLine() {
  return "freshet " FRESHET_VERSION " (" + std::string(plugin::buildHash()) + ')';
}

void addVersion(CLI::App& app, Command& chosen) {
  auto isJson = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->add_flag("--json", *isJson, "As JSON");
  command->callback([isJson, &chosen] {
    chosen = [isJson](const plugin::Registry&, const Shell& shell) {
      const std::string json = "{\"version\":\"" FRESHET_VERSION "\",\"buildHash\":\"" +
                               std::string(plugin::buildHash()) + "\"}";
      shell.print((*isJson ? json : versionLine()) + '\n');
      return kOk;
    };
  });
}

}  // namespace

Options readOptions(int count, const char* const* arguments) {
  Options options;
  options.shell = Shell::ofProcess();
  CLI::App app("Freshet: pipelines that personalise in real time, from the shell", "freshet");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", versionLine);
  app.add_flag("-q,--quiet", options.shell.isQuiet, "Say nothing but results and errors");
  app.add_flag("-v,--verbose", options.shell.isVerbose, "Say more");
  addLint(app, options.command);
  addFmt(app, options.command);
  addNodes(app, options.command);
  addRender(app, options.command);
  addRun(app, options.command);
  addReplay(app, options.command);
  addTest(app, options.command);
  addProfiles(app, options.command);
  addDlq(app, options.command);
  addCompletion(app, options.command);
  addVersion(app, options.command);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    options.command = nullptr;
    options.exitCode = app.exit(error, std::cout, std::cerr) == 0 ? kOk : kUsage;
  }
  return options;
}

}  // namespace freshet::cli
