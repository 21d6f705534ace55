// run_words.h: the options that say what is run: program, NIC, traffic, limits, faults.
// Role     what `replay`, `run` and `explore` have in common
// Errors   see values.h
// Source   docs/command-line.md
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cli/command_parser.h"
#include "sim/cli/replay_options.h"

namespace ringproof {

class RunWords {
 public:
  void describe_program(CommandParser& parser);
  void describe_traffic(CommandParser& parser);
  void describe_limits(CommandParser& parser);

  // Checks and takes over whatever was given, but the capture and the program.
  void read(const CommandParser& parser, ReplayOptions& options) const;
  // `otherwise`: what could have been meant without one.
  void read_program(const CommandParser& parser, ReplayOptions& options,
                    const std::string& otherwise = {}) const;
  // What a scenario file says is not said again.
  void refuse_program(const CommandParser& parser) const;

 private:
  std::string app_, nic_, pace_, start_delay_, loop_, max_time_, stall_timeout_;
};

// Weak memory and faults.
class TroubleWords {
 public:
  // What holds without the options, in words: "sequential", "the file's".
  void describe(CommandParser& parser, const std::string& memory_otherwise,
                const std::string& faults_otherwise);
  // Checks and takes over what was given.
  void read(const CommandParser& parser, MemoryKind& memory, std::string& faults) const;

 private:
  std::string memory_, faults_;
};

// A seed is described by each command in its own words.
std::uint64_t parse_seed(const std::string& text);
std::uint32_t parse_stall_seconds(const std::string& text);

// Cuts what follows "--" off the words: it belongs to the application.
std::vector<std::string> cut_application_arguments(std::vector<std::string>& words);

constexpr const char* kPaceHelp = R"(Pace:
  original    the gaps of the capture
  2x, 0.5x    the same, twice or half as fast
  100000pps   frames per second, evenly spaced; kpps and Mpps too: 1.5Mpps
  line-rate   as fast as the wire takes them

Times have a unit: ns, us, ms or s. Decimals are fine: 1.5ms.)";

}  // namespace ringproof
