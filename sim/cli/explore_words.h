// explore_words.h: the words of `ringproof explore`, `shrink` and `replay-failure`.
// Role     words -> options of exploration, or the help
// Errors   InputError
// Source   docs/command-line.md
#pragma once

#include <string>
#include <vector>

#include "sim/cli/command_line.h"

namespace ringproof {

CommandLine parse_explore(std::vector<std::string> words);
CommandLine parse_shrink(std::vector<std::string> words);
CommandLine parse_replay_failure(std::vector<std::string> words);

}  // namespace ringproof
