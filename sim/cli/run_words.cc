#include "sim/cli/run_words.h"

#include <algorithm>
#include <iterator>

#include "sim/cli/values.h"
#include "sim/replay/run_limits.h"

namespace ringproof {

void RunWords::describe_program(CommandParser& parser) {
  parser.option("--app", app_, "NAME|PATH.so", "What to run",
                "the program: one that comes with Ringproof (xskfwd) or a shared\nobject of yours; its "
                "arguments follow -- and are 1 without any");
  parser.option("--nic", nic_, "FILE.json", "What to run",
                "the NIC's ports (default: one of 25 Gb/s with 4 receive and\n4 transmit queues, 250 MHz)");
}

void RunWords::describe_traffic(CommandParser& parser) {
  parser.option("--pace", pace_, "PACE", "Traffic",
                "how fast the frames come, see below (default: original)");
  parser.option("--start-delay", start_delay_, "TIME", "Traffic",
                "from the first attached program to the first frame\n(default: 1us)");
  parser.option("--loop", loop_, "N", "Traffic", "send the capture N times (default: 1)");
}

void RunWords::describe_limits(CommandParser& parser) {
  parser.option("--max-time", max_time_, "TIME", "The run",
                "end the run at this simulated time (default: 10s after the\nlast frame)");
  parser.option("--stall-timeout", stall_timeout_, "SECONDS", "The run",
                "stop a program that calls nothing for so long, in wall time\n(default: 10; 0: never)");
}

void RunWords::read_program(const CommandParser& parser, ReplayOptions& options,
                            const std::string& otherwise) const {
  parser.require_text("--app", app_, "the application to run, a name or a path" + otherwise);
  options.app = app_;
}

void RunWords::refuse_program(const CommandParser& parser) const {
  if (parser.given("--app"))
    refuse("--app", "none with a scenario file, which names its own", in_quotes(app_));
  if (parser.given("--nic")) refuse("--nic", "none with a scenario file, which has its own", in_quotes(nic_));
}

void RunWords::read(const CommandParser& parser, ReplayOptions& options) const {
  if (parser.given("--nic")) parser.require_text("--nic", nic_, "a NIC file");
  options.nic_path = nic_;
  if (parser.given("--pace")) parse_pace(pace_, options);
  if (parser.given("--start-delay")) options.start_delay_ps = parse_time_ps("--start-delay", start_delay_);
  if (parser.given("--max-time")) {
    options.max_time_ps = parse_time_ps("--max-time", max_time_);
    if (options.max_time_ps == 0) refuse("--max-time", "a time longer than 0", in_quotes(max_time_));
  }
  if (parser.given("--loop")) {
    options.loops = static_cast<std::uint32_t>(parse_whole("--loop", loop_, 1, kLoopsMax));
  }
  if (parser.given("--stall-timeout")) {
    options.stall_seconds = parse_stall_seconds(stall_timeout_);
  }
}

void TroubleWords::describe(CommandParser& parser, const std::string& memory_otherwise,
                            const std::string& faults_otherwise) {
  parser.option("--memory", memory_, "MODEL", "What to run",
                "how late a store may be seen by others: sequential, tso or\nrelease-acquire (default: " +
                    memory_otherwise + ")");
  parser.option("--faults", faults_, "FILE|swarm", "What to run",
                "a fault plan, or faults that each seed draws (default: " + faults_otherwise + ")");
}

void TroubleWords::read(const CommandParser& parser, MemoryKind& memory, std::string& faults) const {
  if (parser.given("--memory")) {
    memory =
        static_cast<MemoryKind>(parse_word("--memory", memory_, {kMemoryNames.begin(), kMemoryNames.end()}));
  }
  if (parser.given("--faults")) parser.require_text("--faults", faults_, "a fault plan or swarm");
  faults = faults_;
}

std::uint64_t parse_seed(const std::string& text) {
  return parse_whole("--seed", text, 0, ~std::uint64_t{0});
}

std::uint32_t parse_stall_seconds(const std::string& text) {
  return static_cast<std::uint32_t>(parse_whole("--stall-timeout", text, 0, kStallSecondsMax));
}

std::vector<std::string> cut_application_arguments(std::vector<std::string>& words) {
  const auto separator = std::find(words.begin(), words.end(), "--");
  std::vector<std::string> arguments;
  if (separator != words.end()) arguments.assign(std::next(separator), words.end());
  words.erase(separator, words.end());
  return arguments.empty() ? std::vector<std::string>{"1"} : arguments;
}

}  // namespace ringproof
