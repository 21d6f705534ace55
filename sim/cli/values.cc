#include "sim/cli/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "sim/replay/input_error.h"
#include "sim/replay/run_limits.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kLongestSeconds = 1'000'000;
constexpr std::uint64_t kWorkersMax = 256;
// As many as a capture of the greatest size can have.
constexpr std::uint64_t kFramesMax = 100'000'000;
constexpr std::uint64_t kFramesListed = 10'000'000;

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

bool parse_integer(std::string_view text, std::uint64_t& value) {
  return text.find('.') == text.npos && parse_decimal(text, 0, value);
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

}  // namespace

void refuse(std::string_view place, std::string_view expected, std::string_view got) {
  throw InputError(fmt::format("{}: expected {}, got {}", place, expected, got));
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", one_line(text, 60)); }

std::uint64_t parse_whole(const std::string& option, const std::string& text, std::uint64_t least,
                          std::uint64_t most) {
  std::uint64_t value = 0;
  if (!parse_integer(text, value) || value < least || value > most) {
    refuse(option, fmt::format("a whole number from {} to {}", least, most), in_quotes(text));
  }
  return value;
}

std::uint32_t parse_workers(const std::string& text) {
  return static_cast<std::uint32_t>(parse_whole("-j", text, 1, kWorkersMax));
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

std::uint64_t parse_seconds(const std::string& option, const std::string& text) {
  static constexpr std::string_view kUnits[] = {"s", "m", "h"};
  static constexpr std::uint64_t kSeconds[] = {1, 60, 3600};
  constexpr const char* kExpected = "a wall time with a unit (s, m or h), such as 10m";
  std::string_view number = text;
  const std::size_t unit = cut_suffix(number, kUnits);
  std::uint64_t count = 0;
  if (unit == std::size(kUnits)) {
    refuse(option, kExpected, in_quotes(text) + (parse_integer(text, count) ? " without a unit" : ""));
  }
  if (!parse_integer(number, count)) refuse(option, kExpected, in_quotes(text));
  if (count == 0 || count > kLongestSeconds / kSeconds[unit]) {
    refuse(option, "a wall time from 1s to 277h", in_quotes(text));
  }
  return count * kSeconds[unit];
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

std::vector<std::uint32_t> parse_frames(const std::string& option, const std::string& text) {
  std::vector<std::uint32_t> frames;
  const std::string_view all = text;
  for (std::size_t begin = 0; begin <= all.size();) {
    const std::string_view part = all.substr(begin, all.find(',', begin) - begin);
    begin += part.size() + 1;
    const std::size_t dash = part.find('-');
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    const bool good = parse_integer(part.substr(0, dash), first) &&
                      parse_integer(dash == part.npos ? part : part.substr(dash + 1), last);
    if (!good || first == 0 || last < first || last > kFramesMax) {
      refuse(option, "numbers and ranges from 1, such as 1-5,9", in_quotes(text));
    }
    if (frames.size() + (last - first) >= kFramesListed) {
      refuse(option, fmt::format("at most {} frames", kFramesListed), in_quotes(text));
    }
    for (; first <= last; ++first) frames.push_back(static_cast<std::uint32_t>(first));
  }
  std::sort(frames.begin(), frames.end());
  frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
  return frames;
}

EngineChoice parse_engine(const std::string& text, bool clocked) {
  try {
    return EngineChoice::find(text, clocked);
  } catch (const NoSuchEngine& error) {
    refuse("--engine", error.expected(), error.got() + did_you_mean(text, EngineChoice::names(clocked)));
  }
}

void check_wave_of(const EngineChoice& engine, const std::string& name) {
  const std::vector<std::string> endings = engine.wave_endings();
  if (endings.empty()) {
    refuse("--wave", "an engine that writes a waveform, such as rtl", "the engine " + engine.name());
  }
  const bool known = std::any_of(endings.begin(), endings.end(),
                                 [&](const std::string& ending) { return name.ends_with(ending); });
  if (!known) {
    refuse("--wave", fmt::format("a file name that ends in {} for the engine {}", endings[0], engine.name()),
           in_quotes(name));
  }
}

void check_wave_name(const std::string& name) {
  if (!((name.ends_with(".fst") || name.ends_with(".vcd")) && name.size() > 4)) {
    refuse("--wave", "a file name that ends in .fst or .vcd", in_quotes(name));
  }
}

std::size_t parse_word(const std::string& option, const std::string& text,
                       const std::vector<std::string>& words) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    list += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  refuse(option, list, in_quotes(text) + did_you_mean(text, words));
}

}  // namespace ringproof
