// conform_words.h: the words of `ringproof conform`.
// Role     words -> ConformOptions, or the help
// Errors   InputError
// Source   docs/command-line.md
#pragma once

#include <string>
#include <vector>

#include "sim/cli/command_line.h"

namespace ringproof {

CommandLine parse_conform(std::vector<std::string> words);

}  // namespace ringproof
