// input_error.h: something the user gave cannot be used.
// Role     the one exception of the readers and writers of files; its text is the whole line to print
// Errors   the text is one line whatever it quotes: control characters are shown as '?'
// Source   docs/command-line.md
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ringproof {

// A file, place or value on one line, and not longer than a line should be.
std::string one_line(std::string_view text, std::size_t bytes_max = 400);

// " (did you mean X?)" with the word nearest to a misspelt one, or nothing when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

// Reads as "PLACE: expected THIS, got THAT".
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::string_view line) : std::runtime_error(one_line(line)) {}
};

}  // namespace ringproof
