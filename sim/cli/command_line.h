// command_line.h: reads the command line.
// Role     words -> what to do; checks form only, no file is looked at
// Errors   a wrong line is answered with one line of text and status 2
// Source   docs/command-line.md
#pragma once

#include <string>
#include <vector>

#include "sim/cli/replay_options.h"
#include "sim/conform/conform.h"
#include "sim/explore/explore_options.h"

namespace ringproof {

// Exit statuses of the command.
constexpr int kStatusFine = 0;
constexpr int kStatusFound = 1;  // the run found something wrong
constexpr int kStatusUsage = 2;  // wrong use or input

enum class Command { kPrint, kReplay, kRun, kExplore, kShrink, kReplayFailure, kConform };

struct CommandLine {
  Command command = Command::kPrint;  // print `text` and end with `status`, or what the options below say
  ReplayOptions replay;
  ExploreOptions explore;  // of run, too
  ShrinkOptions shrink;
  ReplayFailureOptions replay_failure;
  conform::ConformOptions conform;
  int status = kStatusFine;
  std::string text;  // help and version: for stdout; an error, status 2: one line for stderr
};

// `words` are those after the program's name.
CommandLine parse_command_line(const std::vector<std::string>& words);

}  // namespace ringproof
