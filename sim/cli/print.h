// print.h: words for standard output.
// Role     what a command prints while it works; fmt::print() would end it where the words cannot be written
// Errors   none here: what could not be written is told when the command ends, sim/cli/standard_output.h
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace ringproof {

template <typename... Values>
void print_out(fmt::format_string<Values...> words, Values&&... values) {
  const std::string text = fmt::format(words, std::forward<Values>(values)...);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace ringproof
