#include "sim/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>

#include "sim/cli/command_parser.h"
#include "sim/cli/conform_words.h"
#include "sim/cli/explore_words.h"
#include "sim/cli/replay_words.h"
#include "sim/cli/scenario_words.h"
#include "sim/cli/values.h"
#include "sim/replay/input_error.h"

#ifndef RINGPROOF_VERSION
#define RINGPROOF_VERSION "unknown"
#endif

namespace ringproof {
namespace {

constexpr const char* kUsage =
    "Usage: ringproof replay CAPTURE --app NAME|PATH.so [options] [-- APP ARGS...]\n"
    "       ringproof run SCENARIO.json [options]\n"
    "       ringproof explore CAPTURE|SCENARIO.json [options] [-- APP ARGS...]\n"
    "       ringproof shrink FILE --out SMALLER.json [options]\n"
    "       ringproof replay-failure FILE [options]\n"
    "       ringproof conform --engine NAME|PATH.so [options]\n"
    "       ringproof --help | --version";

constexpr const char* kFooter =
    "Commands:\n"
    "  replay                    replays a capture through a NIC, a driver and a program\n"
    "  run                       runs the programs of a scenario file\n"
    "  explore                   runs either under many schedules, and keeps what breaks\n"
    "  shrink                    makes a failure smaller\n"
    "  replay-failure            brings a failure back\n"
    "  conform                   judges a queue engine, ours or yours\n\n"
    "`ringproof COMMAND --help` tells the rest. The pages in docs/ go further.";

constexpr struct {
  const char* name;
  CommandLine (*parse)(std::vector<std::string>);
} kCommands[] = {{"replay", parse_replay},
                 {"run", parse_run},
                 {"explore", parse_explore},
                 {"shrink", parse_shrink},
                 {"replay-failure", parse_replay_failure},
                 {"conform", parse_conform}};

// The line without a command that we know: a word about Ringproof itself, or a mistake.
CommandLine parse_top(const std::vector<std::string>& words) {
  CLI::App app;
  use_our_layout(app, kUsage);
  app.description(
      "Runs AF_XDP programs written for XDP for Windows against a simulated NIC with real RTL.\n");
  app.set_help_flag("-h,--help", "this help");
  app.set_version_flag("--version", "ringproof " RINGPROOF_VERSION, "the version");
  app.footer(kFooter);
  app.allow_extras();
  CommandLine line;
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForVersion&) {
    line.text = "ringproof " RINGPROOF_VERSION "\n";
    return line;
  } catch (const CLI::ParseError&) {  // --help; nothing else can go wrong without options
    line.text = help_of(app);
    return line;
  }
  if (words.empty()) {
    line.text = help_of(app);
    return line;
  }
  const std::string& word = words.front();
  if (!word.empty() && word[0] == '-') {
    refuse(one_line(word, 60), "a command first: ringproof replay CAPTURE --app NAME", "an option");
  }
  std::vector<std::string> names;
  for (const auto& command : kCommands) names.emplace_back(command.name);
  parse_word("command", word, names);
  return line;
}

// The command is split off by hand, so that a capture may be called `replay`.
CommandLine parse(const std::vector<std::string>& words) {
  for (const auto& command : kCommands) {
    if (!words.empty() && words.front() == command.name) {
      return command.parse({std::next(words.begin()), words.end()});
    }
  }
  return parse_top({words.begin(), std::find(words.begin(), words.end(), "--")});
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& words) {
  try {
    return parse(words);
  } catch (const InputError& error) {
    CommandLine line;
    line.status = kStatusUsage;
    line.text = fmt::format("ringproof: {}\n", error.what());
    return line;
  }
}

}  // namespace ringproof
