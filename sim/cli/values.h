// values.h: the values of options, from words.
// Role     numbers, times, paces, lists of frames; one way to refuse what is none
// Units    in the names
// Errors   anything else -> InputError that reads "OPTION: expected THIS, got THAT"
// Source   docs/command-line.md
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/replay_options.h"

namespace ringproof {

// A sentence about one option, to be printed behind "ringproof: ".
[[noreturn]] void refuse(std::string_view place, std::string_view expected, std::string_view got);
std::string in_quotes(std::string_view text);

std::uint64_t parse_whole(const std::string& option, const std::string& text, std::uint64_t least,
                          std::uint64_t most);
// Of -j.
std::uint32_t parse_workers(const std::string& text);
// Simulated time, down to a picosecond.
std::uint64_t parse_time_ps(const std::string& option, const std::string& text);
// Wall time in whole seconds: "90s", "10m", "2h".
std::uint64_t parse_seconds(const std::string& option, const std::string& text);
// `text` as the option's pace and its value.
void parse_pace(const std::string& text, ReplayOptions& options);
// "1-5,9" -> 1, 2, 3, 4, 5, 9; sorted, each once.
std::vector<std::uint32_t> parse_frames(const std::string& option, const std::string& text);
// Of --engine. `clocked`: not the one without a clock.
EngineChoice parse_engine(const std::string& text, bool clocked);
// Refuses a waveform whose name does not tell its format.
void check_wave_name(const std::string& name);
// Refuses one that the engine does not write.
void check_wave_of(const EngineChoice& engine, const std::string& name);
// The place of the word in the list.
std::size_t parse_word(const std::string& option, const std::string& text,
                       const std::vector<std::string>& words);

}  // namespace ringproof
