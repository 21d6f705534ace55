// scenario_words.h: the words of `ringproof run`.
// Role     words -> options of a run of a scenario file, or the help
// Errors   InputError
// Source   docs/command-line.md
#pragma once

#include <string>
#include <vector>

#include "sim/cli/command_line.h"

namespace ringproof {

CommandLine parse_run(std::vector<std::string> words);

}  // namespace ringproof
