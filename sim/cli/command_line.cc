#include "sim/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "sim/replay/input_error.h"

#ifndef RINGPROOF_VERSION
#define RINGPROOF_VERSION "unknown"
#endif

namespace ringproof {
namespace {

constexpr std::uint64_t kLongestPs = 1'000'000'000'000'000'000;  // a million seconds
constexpr std::uint32_t kLoopsMax = 1'000'000;
constexpr std::uint32_t kStallSecondsMax = 86'400;

constexpr const char* kTopFooter =
    "Command:\n"
    "  replay                    replays a capture through a NIC, a driver and a program\n\n"
    "`ringproof replay --help` tells the rest. The pages in docs/ go further.";

constexpr const char* kReplayFooter = R"(Pace:
  original    the gaps of the capture
  2x, 0.5x    the same, twice or half as fast
  100000pps   frames per second, evenly spaced; kpps and Mpps too: 1.5Mpps
  line-rate   as fast as the wire takes them

Times have a unit: ns, us, ms or s. Decimals are fine: 1.5ms.

Examples:
  ringproof replay traces/mixed.pcapng --app xskfwd --out out/demo -- 1 4
      the bundled capture through the echo program, a socket on each of 4 queues of interface 1
  ringproof replay my.pcap --app ./my.so --nic nic.json --pace 1.5Mpps --loop 100
      your program, your NIC, your capture a hundred times at a steady rate
  ringproof replay my.pcap --app ./my.so --max-time 2ms --wave run.fst
      the first two simulated milliseconds with a waveform of the queue engine

Exit status:
  0  the run ended and nothing was wrong
  1  the run found something wrong: an invariant was violated, the application failed, or the capture
     is cut off (what is whole was replayed)
  2  wrong use or input: an option, the capture, the NIC file, an application that cannot be loaded
  130, 143, 129  stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP)";

// Our own layout of the help: a usage line that says what the command wants, types without decoration.
class HelpFormatter final : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {
    column_width(28);
    label("Positionals", "Arguments");
  }
  std::string make_usage(const CLI::App*, std::string) const override { return usage_ + "\n"; }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_name().empty() ? "" : " " + option->get_type_name();
  }

 private:
  std::string usage_;
};

// A sentence about one option, to be printed behind "ringproof: ".
[[noreturn]] void refuse(std::string_view place, std::string_view expected, std::string_view got) {
  throw InputError(fmt::format("{}: expected {}, got {}", place, expected, got));
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", one_line(text, 60)); }

// A decimal number without sign or exponent as an integer of its last allowed decimal: ("1.5", 3) -> 1500.
// False when it is none, has more decimals that count, or does not fit.
bool parse_decimal(std::string_view text, int decimals, std::uint64_t& scaled) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string_view part = point == text.npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() || (point != text.npos && part.empty())) return false;
  while (!part.empty() && part.back() == '0') part.remove_suffix(1);
  if (part.size() > static_cast<std::size_t>(decimals)) return false;
  std::string digits(whole);
  digits += part;
  digits.append(static_cast<std::size_t>(decimals) - part.size(), '0');
  if (digits.find_first_not_of("0123456789") != std::string::npos) return false;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), scaled);
  return error == std::errc() && end == digits.data() + digits.size();
}

std::uint64_t parse_whole(const std::string& option, const std::string& text, std::uint64_t least,
                          std::uint64_t most) {
  std::uint64_t value = 0;
  if (!parse_decimal(text, 0, value) || text.find('.') != std::string::npos || value < least ||
      value > most) {
    refuse(option, fmt::format("a whole number from {} to {}", least, most), in_quotes(text));
  }
  return value;
}

// Cuts the longest of the suffixes off the text; returns its place in the list, or the list's size.
template <std::size_t N>
std::size_t cut_suffix(std::string_view& text, const std::string_view (&suffixes)[N]) {
  for (std::size_t i = 0; i < N; ++i) {
    if (text.ends_with(suffixes[i])) {
      text.remove_suffix(suffixes[i].size());
      return i;
    }
  }
  return N;
}

std::uint64_t parse_time_ps(const std::string& option, const std::string& text) {
  static constexpr std::string_view kUnits[] = {"ns", "us", "\u00b5s", "ms", "s"};
  static constexpr int kDecimals[] = {3, 6, 6, 9, 12};  // of the unit, down to a picosecond
  constexpr const char* kExpected = "a time with a unit (ns, us, ms or s), such as 1.5ms";
  std::string_view number = text;
  const std::size_t unit = cut_suffix(number, kUnits);
  if (unit == std::size(kUnits)) {
    std::uint64_t ignored = 0;
    const bool bare = parse_decimal(text, 12, ignored);
    refuse(option, kExpected, bare ? in_quotes(text) + " without a unit" : in_quotes(text));
  }
  std::uint64_t time_ps = 0;
  if (!parse_decimal(number, kDecimals[unit], time_ps)) refuse(option, kExpected, in_quotes(text));
  if (time_ps > kLongestPs) refuse(option, "a time of at most 1000000s", in_quotes(text));
  return time_ps;
}

void parse_pace(const std::string& text, ReplayOptions& options) {
  constexpr const char* kExpected =
      "original, line-rate, a factor such as 0.5x, or a rate such as 100000pps or 1.5Mpps";
  static constexpr std::string_view kRates[] = {"kpps", "Mpps", "Gpps", "pps"};
  static constexpr int kRateDecimals[] = {6, 9, 12, 3};
  std::string_view number = text;
  std::uint64_t scaled = 0;
  if (text == "original") {
    options.pace = PaceKind::kOriginal;
  } else if (text == "line-rate") {
    options.pace = PaceKind::kLineRate;
  } else if (const std::size_t rate = cut_suffix(number, kRates); rate < std::size(kRates)) {
    if (!parse_decimal(number, kRateDecimals[rate], scaled)) refuse("--pace", kExpected, in_quotes(text));
    if (scaled == 0 || scaled > 1'000'000'000'000) {
      refuse("--pace", "a rate from 0.001pps to 1000000000pps", in_quotes(text));
    }
    options.pace = PaceKind::kFramesPerSecond;
    options.pace_value = static_cast<double>(scaled) / 1e3;
  } else if (text.ends_with('x')) {
    number.remove_suffix(1);
    if (!parse_decimal(number, 6, scaled)) refuse("--pace", kExpected, in_quotes(text));
    if (scaled == 0 || scaled > 1'000'000'000'000) {
      refuse("--pace", "a factor from 0.000001x to 1000000x", in_quotes(text));
    }
    options.pace = PaceKind::kFactor;
    options.pace_value = static_cast<double>(scaled) / 1e6;
  } else {
    refuse("--pace", kExpected, in_quotes(text));
  }
}

// What CLI11 collects; every value is checked by us, so that every refusal reads alike.
class Parser {
 public:
  explicit Parser(const std::vector<std::string>& words) {
    // What follows "--" belongs to the application and is none of CLI11's business.
    const auto separator = std::find(words.begin(), words.end(), "--");
    words_.assign(words.begin(), separator);
    if (separator != words.end()) app_arguments_.assign(separator + 1, words.end());
    describe();
  }

  CommandLine parse() {
    CommandLine line;
    // The command is split off by hand, so that a capture may be called `replay`.
    const bool is_replay = !words_.empty() && words_.front() == "replay";
    CLI::App& app = is_replay ? replay_ : top_;
    std::vector<std::string> reversed(words_.rbegin(), words_.rend());
    if (is_replay) reversed.pop_back();
    try {
      app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
      line.text = help_of(app);
      return line;
    } catch (const CLI::CallForVersion&) {
      line.text = "ringproof " RINGPROOF_VERSION "\n";
      return line;
    } catch (const CLI::ParseError& error) {
      throw InputError(in_our_words(error));
    }
    if (words_.empty()) {
      line.text = help_of(top_);
      return line;
    }
    if (!is_replay) refuse_other_command();
    refuse_options_as_values();
    refuse_unknown();
    line.run_replay = true;
    line.replay = options();
    return line;
  }

 private:
  CLI::Option* option(const std::string& flags, std::string& target, const std::string& type,
                      const std::string& group, const std::string& description) {
    known_.push_back(flags);
    return replay_.add_option(flags, target, description)
        ->type_name(type)
        ->group(group)
        ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  }

  void describe() {
    top_.formatter(std::make_shared<HelpFormatter>(
        "Usage: ringproof replay CAPTURE --app NAME|PATH.so [options] [-- APP ARGS...]\n"
        "       ringproof --help | --version"));
    top_.description(
        "Runs AF_XDP programs written for XDP for Windows against a simulated NIC with real RTL.\n");
    top_.set_help_flag("-h,--help", "this help");
    top_.set_version_flag("--version", "ringproof " RINGPROOF_VERSION, "the version");
    top_.footer(kTopFooter);
    top_.allow_extras();

    replay_.formatter(std::make_shared<HelpFormatter>(
        "Usage: ringproof replay CAPTURE --app NAME|PATH.so [options] [-- APP ARGS...]"));
    replay_.description(
        "Replays a capture: its frames arrive at the first port of a simulated NIC, a program receives and\n"
        "sends frames through AF_XDP sockets, and a summary says where every frame went.\n");
    replay_.set_help_flag("-h,--help", "this help");
    replay_.footer(kReplayFooter);
    replay_.allow_extras();
    replay_.add_option("CAPTURE", capture_, "pcap or pcapng file with Ethernet frames")->type_name("");
    option("--app", app_, "NAME|PATH.so", "What to run",
           "the program: one that comes with Ringproof (xskfwd) or a shared\nobject of yours; its arguments "
           "follow -- and are 1 without any");
    option("--nic", nic_, "FILE.json", "What to run",
           "the NIC's ports (default: one of 25 Gb/s with 4 receive and\n4 transmit queues, 250 MHz)");
    option("--engine", engine_, "rtl", "What to run", "the queue engine (default: rtl, the only one so far)");
    option("--pace", pace_, "PACE", "Traffic", "how fast the frames come, see below (default: original)");
    option("--start-delay", start_delay_, "TIME", "Traffic",
           "from the first attached program to the first frame\n(default: 1us)");
    option("--loop", loop_, "N", "Traffic", "send the capture N times (default: 1)");
    option("--seed", seed_, "N", "The run",
           "seed of everything that is drawn at random (default: 1); the\nsame seed and inputs give the same "
           "run");
    known_.push_back("--twice");
    replay_
        .add_flag(
            "--twice", twice_,
            "run twice, the first time silently, and compare: the\nsecond run reports INV-48, determinism")
        ->group("The run");
    option("--max-time", max_time_, "TIME", "The run",
           "end the run at this simulated time (default: 10s after the\nlast frame)");
    option("--stall-timeout", stall_timeout_, "SECONDS", "The run",
           "stop a program that calls nothing for so long, in wall time\n(default: 10; 0: never)");
    option("--out", out_, "DIR", "Results", "write stats.json and tx.pcapng there (default: write nothing)");
    option(
        "--wave", wave_, "FILE", "Results",
        "waveform of the first port's queue engine; FILE ends in\n.fst or .vcd (default: none; it is slow)");
  }

  // CLI11's own checks: too few or too many values, and what they are called is the option's name.
  std::string in_our_words(const CLI::ParseError& error) const {
    const std::string text = error.what();
    const std::string name = text.substr(0, text.find(':'));
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
      // A message about several values is the only one that counts them.
      const auto times = std::count(words_.begin(), words_.end(), name) +
                         std::count_if(words_.begin(), words_.end(), [&name](const std::string& word) {
                           return word.compare(0, name.size() + 1, name + "=") == 0;
                         });
      return times > 1 ? fmt::format("{}: expected once, got it {} times", name, times)
                       : fmt::format("{}: expected a value, got none", name);
    }
    return fmt::format("command line: expected options of `ringproof replay --help`, got: {}", text);
  }

  // CLI11 leaves two empty lines between groups.
  static std::string help_of(const CLI::App& app) {
    std::string text = app.help();
    for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;) text.erase(at, 1);
    return text;
  }

  [[noreturn]] void refuse_other_command() const {
    const std::string& word = words_.front();
    if (word[0] == '-') {
      refuse(one_line(word, 60), "a command first: ringproof replay CAPTURE --app NAME", "an option");
    }
    refuse("command", "replay", in_quotes(word) + did_you_mean(word, {"replay"}));
  }

  void refuse_unknown() const {
    const std::vector<std::string> extras = replay_.remaining();
    if (extras.empty()) return;
    const std::string& word = extras.front();
    if (word[0] == '-') {
      const std::string name = word.substr(0, word.find('='));
      refuse(one_line(name, 60), "an option of `ringproof replay --help`",
             "an unknown one" + did_you_mean(name, known_));
    }
    refuse("replay", "one CAPTURE, and arguments of the application after --", in_quotes(word) + " as well");
  }

  // A value that begins like an option is a forgotten value.
  void refuse_options_as_values() const {
    const std::pair<const char*, const std::string*> values[] = {
        {"CAPTURE", &capture_}, {"--app", &app_}, {"--nic", &nic_}, {"--out", &out_}, {"--wave", &wave_}};
    for (const auto& [name, value] : values) {
      if (value->compare(0, 2, "--") == 0) refuse(name, "a value", "the option " + one_line(*value, 60));
    }
  }

  bool given(const char* name) const { return replay_.get_option(name)->count() > 0; }

  void require_text(const char* name, const std::string& value, const char* expected) const {
    if (value.empty()) refuse(name, expected, given(name) ? "an empty one" : "none");
  }

  ReplayOptions options() const {
    refuse_options_as_values();
    require_text("CAPTURE", capture_, "a pcap or pcapng file (see ringproof replay --help)");
    require_text("--app", app_, "the application to run, a name or a path");
    ReplayOptions result;
    result.capture_path = capture_;
    result.app = app_;
    result.app_arguments = app_arguments_.empty() ? std::vector<std::string>{"1"} : app_arguments_;
    if (given("--nic")) require_text("--nic", nic_, "a NIC file");
    result.nic_path = nic_;
    if (given("--pace")) parse_pace(pace_, result);
    if (given("--start-delay")) result.start_delay_ps = parse_time_ps("--start-delay", start_delay_);
    if (given("--max-time")) {
      result.max_time_ps = parse_time_ps("--max-time", max_time_);
      if (result.max_time_ps == 0) refuse("--max-time", "a time longer than 0", in_quotes(max_time_));
    }
    if (given("--loop")) {
      result.loops = static_cast<std::uint32_t>(parse_whole("--loop", loop_, 1, kLoopsMax));
    }
    if (given("--seed")) result.seed = parse_whole("--seed", seed_, 0, ~std::uint64_t{0});
    if (given("--engine") && engine_ != "rtl") {
      refuse("--engine", "rtl, the only engine so far", in_quotes(engine_));
    }
    if (given("--wave") && !((wave_.ends_with(".fst") || wave_.ends_with(".vcd")) && wave_.size() > 4)) {
      refuse("--wave", "a file name that ends in .fst or .vcd", in_quotes(wave_));
    }
    result.wave_path = wave_;
    result.twice = twice_;
    if (given("--out")) require_text("--out", out_, "a directory");
    result.out_dir = out_;
    if (given("--stall-timeout")) {
      result.stall_seconds =
          static_cast<std::uint32_t>(parse_whole("--stall-timeout", stall_timeout_, 0, kStallSecondsMax));
    }
    return result;
  }

  CLI::App top_;
  CLI::App replay_;
  std::vector<std::string> words_;
  std::vector<std::string> app_arguments_;
  std::vector<std::string> known_ = {"--help"};
  bool twice_ = false;
  std::string capture_, app_, nic_, engine_, pace_, start_delay_, loop_, seed_, max_time_, stall_timeout_,
      out_, wave_;
};

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& words) {
  try {
    return Parser(words).parse();
  } catch (const InputError& error) {
    CommandLine line;
    line.status = kStatusUsage;
    line.text = fmt::format("ringproof: {}\n", error.what());
    return line;
  }
}

}  // namespace ringproof
