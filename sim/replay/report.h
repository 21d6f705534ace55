// report.h: what a run came to, for programs and for people.
// Role     stats.json and the summary on the terminal, both made from RunResult alone
// Errors   a file that cannot be written -> InputError; stats.json appears whole or not at all
// Source   docs/stats-json.md
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "sim/replay/run_result.h"

namespace ringproof {

void write_stats_json(const RunResult& result, const std::string& path);
void print_summary(const RunResult& result, std::FILE* file);

// 1234567 -> "1,234,567".
std::string with_separators(std::uint64_t number);
// Ids of invariants in their order, runs of three and more shortened: "INV-03, INV-05 to INV-07".
std::string ids_in_words(const std::vector<std::string>& ids);
// A simulated time in the unit that suits it: "850 ns", "12.345 us", "1.500 s".
std::string time_in_words(std::uint64_t time_ns);

}  // namespace ringproof
