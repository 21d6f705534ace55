// replay_words.h: the words of `ringproof replay`.
// Role     words -> ReplayOptions, or the help
// Errors   InputError
// Source   docs/command-line.md
#pragma once

#include <string>
#include <vector>

#include "sim/cli/command_line.h"

namespace ringproof {

CommandLine parse_replay(std::vector<std::string> words);

}  // namespace ringproof
