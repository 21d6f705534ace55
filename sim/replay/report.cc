#include "sim/replay/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/replay/input_error.h"
#include "sim/replay/whole_file.h"
#include "sim/run/end_in_words.h"

namespace ringproof {
namespace {

using Json = nlohmann::ordered_json;

// More would push the rest of the summary out of sight; stats.json has the counts.
constexpr std::size_t kMessagesMax = 5;

Json dropped_json(const RunResult& result) {
  Json dropped = Json::object();
  for (const auto& [reason, count] : result.dropped) dropped[reason] = count;
  return dropped;
}

Json invariants_json(const RunResult& result) {
  std::uint64_t checked = 0;
  std::uint64_t violations = 0;
  Json by_id = Json::object();
  for (const InvariantResult& invariant : result.invariants) {
    checked += invariant.checked;
    violations += invariant.violations;
    by_id[std::string(invariant.id)] = {
        {"title", invariant.title}, {"checked", invariant.checked}, {"violations", invariant.violations}};
  }
  return {{"checked", checked}, {"violations", violations}, {"by_id", by_id}};
}

// Those too that never struck.
Json faults_json(const RunResult& result) {
  Json faults = Json::object();
  for (const std::string& id : result.planned_faults) {
    const auto struck = result.faults.find(id);
    faults[id] = struck == result.faults.end() ? 0 : struck->second;
  }
  return faults;
}

Json queues_json(const RunResult& result) {
  Json queues = Json::array();
  for (const QueueResult& queue : result.queues) {
    queues.push_back({{"port", queue.port},
                      {"queue", queue.queue},
                      {"direction", queue.direction},
                      {"frames", queue.frames},
                      {"bytes", queue.bytes},
                      {"dropped", queue.dropped},
                      {"zero_copy", queue.zero_copy},
                      {"bad_offloads", queue.bad_offloads}});
  }
  return queues;
}

Json stats_json(const RunResult& result) {
  Json stats;
  stats["schema"] = "ringproof.stats/1";
  if (result.free_running) {
    stats["free_running"] = true;
    stats["engine"] = result.engine;
  } else {
    stats["engine"] = result.engine;
    stats["seed"] = result.seed;
    stats["result_hash"] = fmt::format("{:016x}", result.result_hash);
  }
  stats["frames"] = {{"wire_in", result.wire_in},       {"wire_out", result.wire_out},
                     {"to_sockets", result.to_sockets}, {"passed", result.passed},
                     {"forwarded", result.forwarded},   {"dropped", dropped_json(result)}};
  const StackResult& stack = result.stack;
  stats["host_stack"] = {{"seen", stack.seen},
                         {"passed", stack.passed},
                         {"forwarded", stack.forwarded},
                         {"to_sockets", stack.to_sockets},
                         {"dropped", stack.dropped},
                         {"received", stack.received},
                         {"lost", stack.lost}};
  if (!result.free_running) stats["invariants"] = invariants_json(result);
  if (!result.planned_faults.empty()) stats["faults"] = faults_json(result);
  stats["sim"] = {{"ns", result.sim_ns}, {"cycles", result.cycles}};
  stats["wall_s"] = std::round(result.wall_s * 1000) / 1000;
  stats["queues"] = queues_json(result);
  stats["latency_ns"] = {
      {"p50", result.latency_p50_ns}, {"p99", result.latency_p99_ns}, {"max", result.latency_max_ns}};
  stats["end"] = {{"reason", result.end_reason},
                  {"traffic_started", result.traffic_started},
                  {"application_ended", result.application_ended},
                  {"application_status", result.application_status}};
  for (const ProgramResult& program : result.programs) {
    stats["applications"].push_back(
        {{"name", program.name}, {"ended", program.ended}, {"status", program.status}});
  }
  stats["capture"] = {{"frames", result.capture_frames},
                      {"lost", result.capture_lost},
                      {"shortened", result.capture_shortened}};
  return stats;
}

std::string_view reason_in_words(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"mac_fifo_full", "the MAC's receive buffer had no room"},
      {"oversize", "longer than the port accepts"},
      {"no_descriptor", "the queue had no posted buffer"},
      {"dma_error", "the address check refused a DMA access"},
      {"truncated", "longer than the posted buffer"},
      {"rule", "a rule of the program said drop"},
      {"not_attached", "for a socket that is closed, inactive or on another queue"},
      {"socket_rx_full", "the socket's RX ring had no room"},
      {"socket_fill_empty", "the socket's FILL ring had no entry"},
      {"socket_bad_fill", "the socket's FILL entry was invalid"},
      {"paused", "the interface was paused"},
      {"runt", "nothing in it at all"},
      {"send_failed", "the device gave it back unsent"},
      {"link_down", "the link was down"},
      {"line_lost", "lost on the line, before the MAC"},
      {"bad_fcs", "its frame check sequence did not fit"},
      {"bad_completion", "the device told nonsense about it"},
      {"map_miss", "the program's map has no socket for the queue"},
      {"forward_full", "no room to send it out again"}};
  for (const auto& [name, words] : kWords) {
    if (name == reason) return words;
  }
  return "";
}

std::uint64_t dropped_by(const RunResult& result, const std::string& reason) {
  const auto found = result.dropped.find(reason);
  return found == result.dropped.end() ? 0 : found->second;
}

std::uint64_t sum_dropped(const RunResult& result) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : result.dropped) sum += count;
  return sum;
}

// The summary is made of sections: a word in the margin, then lines.
class Summary {
 public:
  explicit Summary(const RunResult& result) : result_(result) {}

  std::string text() {
    text_ = "\n";  // apart from what the application printed
    run();
    capture();
    frames();
    queues();
    latency();
    faults();
    invariants();
    hints();
    return text_;
  }

 private:
  void line(std::string_view margin, std::string_view words) {
    std::string whole = fmt::format("{:<12}{}", margin, words);
    whole.erase(whole.find_last_not_of(' ') + 1);
    text_ += whole + "\n";
  }

  // In as many lines as they take.
  void list(std::string_view margin, const std::vector<std::string>& words) {
    constexpr std::size_t kColumns = 88;  // behind the margin
    std::string text;
    for (const std::string& word : words) {
      if (!text.empty() && text.size() + word.size() + 3 > kColumns) {
        line(std::exchange(margin, ""), std::exchange(text, "") + ",");
      }
      text += (text.empty() ? "" : ", ") + word;
    }
    line(margin, text);
  }

  void run() {
    line("ended", fmt::format("{}; {} simulated, {:.2f} s of wall time",
                              result_.end_reason.empty() ? "no reason given" : result_.end_reason,
                              time_in_words(result_.sim_ns), result_.wall_s));
    const std::string repeatable =
        result_.free_running ? "free-running: no two runs are equal"
                             : fmt::format("seed {}; result hash {:016x}", result_.seed, result_.result_hash);
    line("", fmt::format("{} clock cycles, {} of them worked through; {}", with_separators(result_.cycles),
                         with_separators(result_.cycles_worked), repeatable));
    if (!result_.programs.empty()) {
      programs();
    } else if (result_.application_ended) {
      line("", fmt::format("the application returned {}", result_.application_status));
    }
  }

  void programs() {
    for (const ProgramResult& program : result_.programs) {
      line("", program.ended ? fmt::format("{} returned {}", program.name, program.status)
                             : fmt::format("{} was running", program.name));
    }
  }

  void capture() {
    std::string words = with_separators(result_.capture_frames) + " frames";
    if (result_.capture_lost > 0) {
      words += fmt::format(", {} lost where the file is cut off", with_separators(result_.capture_lost));
    }
    if (result_.capture_shortened > 0) {
      words +=
          fmt::format(", {} shortened when they were captured", with_separators(result_.capture_shortened));
    }
    line("capture", words);
  }

  void count(std::string_view margin, std::string_view what, std::uint64_t number,
             std::string_view why = "") {
    const bool share = number > 0 && result_.wire_in > 0 && what.starts_with(' ');
    const std::string percent = share ? fmt::format("{:.1f} %", 100.0 * static_cast<double>(number) /
                                                                    static_cast<double>(result_.wire_in))
                                      : std::string();
    line(margin, fmt::format("{:>13}  {:>8}  {:<22}{}", with_separators(number), percent, what, why));
  }

  void frames() {
    text_ += "\n";
    count("frames in", "from the wire", result_.wire_in);
    count("", "  to sockets", result_.to_sockets);
    count("", "  passed", result_.passed, "no rule took them: to the host's own stack");
    if (result_.forwarded > 0) count("", "  forwarded", result_.forwarded, "sent back by a rule");
    count("", "  dropped", sum_dropped(result_));
    for (const auto& [reason, number] : result_.dropped) {
      count("", "    " + reason, number, reason_in_words(reason));
    }
    count("frames out", "to the wire", result_.wire_out);
    const std::uint64_t ends = result_.to_sockets + result_.passed + result_.forwarded + sum_dropped(result_);
    host_stack();
    if (ends != result_.wire_in) {
      line("", fmt::format("the books do not balance: {} came in, {} are accounted for ({})",
                           with_separators(result_.wire_in), with_separators(ends),
                           bug_in_words(result_.own_engine)));
    }
  }

  void host_stack() {
    const StackResult& stack = result_.stack;
    if (stack.seen + stack.received + stack.lost == 0) return;
    line("host stack", fmt::format("{} of its frames met a program: {} passed to the port, {} to sockets, {} "
                                   "sent back, {} dropped",
                                   with_separators(stack.seen), with_separators(stack.passed),
                                   with_separators(stack.to_sockets), with_separators(stack.forwarded),
                                   with_separators(stack.dropped)));
    line("", fmt::format("{} received that were not on the wire{}", with_separators(stack.received),
                         stack.lost == 0 ? std::string()
                                         : fmt::format(", {} lost while the port was paused",
                                                       with_separators(stack.lost))));
  }

  void queues() {
    if (result_.queues.empty()) return;
    std::size_t width = 4;
    for (const QueueResult& queue : result_.queues) width = std::max(width, queue.port.size());
    text_ += "\n";
    line("queues", fmt::format("{:<{}}  {:>5}  {:>13}  {:>17}  {:>11}", "port", width, "queue", "frames",
                               "bytes", "dropped"));
    for (const QueueResult& queue : result_.queues) {
      line("", fmt::format("{:<{}}  {:>5}  {:>13}  {:>17}  {:>11}", queue.port, width,
                           fmt::format("{} {}", queue.direction, queue.queue), with_separators(queue.frames),
                           with_separators(queue.bytes), with_separators(queue.dropped)));
    }
  }

  void latency() {
    text_ += "\n";
    if (result_.to_sockets == 0) {
      line("latency", "none measured: no frame reached a socket");
      return;
    }
    line("latency", fmt::format("p50 {}, p99 {}, max {}  (from the wire into an RX ring)",
                                time_in_words(result_.latency_p50_ns), time_in_words(result_.latency_p99_ns),
                                time_in_words(result_.latency_max_ns)));
  }

  void faults() {
    if (result_.planned_faults.empty()) return;
    std::vector<std::string> words;
    for (const auto& [id, times] : result_.faults)
      words.push_back(fmt::format("{} {} times", id, with_separators(times)));
    for (const std::string& id : result_.planned_faults) {
      if (!result_.faults.contains(id)) words.push_back(id + " never");
    }
    list("faults", words);
  }

  void invariants() {
    if (result_.free_running) {
      line("invariants", "not watched in free-running mode; a run of simulated threads watches all of them");
      return;
    }
    std::uint64_t checked = 0;
    std::uint64_t violations = 0;
    std::vector<std::string> idle;
    std::string broken;
    for (const InvariantResult& invariant : result_.invariants) {
      checked += invariant.checked;
      violations += invariant.violations;
      if (invariant.checked == 0) idle.emplace_back(invariant.id);
      if (invariant.violations > 0) {
        broken += fmt::format("{}{} {} times", broken.empty() ? "" : ", ", invariant.id,
                              with_separators(invariant.violations));
      }
    }
    line("invariants",
         fmt::format("{} watched, {} checks, {}", result_.invariants.size(), with_separators(checked),
                     violations == 0 ? std::string("no violation")
                                     : with_separators(violations) + " VIOLATIONS: " + broken));
    const std::size_t shown = std::min(kMessagesMax, result_.violation_messages.size());
    for (std::size_t i = 0; i < shown; ++i) line("", one_line(result_.violation_messages[i], 1000));
    if (!idle.empty()) line("", "never put to the test in this run: " + ids_in_words(idle));
  }

  void hint(const std::string& words) {
    line(hinted_ ? "" : "note", words);
    hinted_ = true;
  }

  void hints() {
    if (!result_.traffic_started) {
      hint(
          "no program was attached, so no traffic was sent: traffic begins when the application attaches "
          "one");
    } else if (result_.wire_in < result_.capture_frames) {
      hint(fmt::format("the run ended before the traffic did: {} of {} frames were sent",
                       with_separators(result_.wire_in), with_separators(result_.capture_frames)));
    }
    const bool all_sent = result_.traffic_started && result_.wire_in >= result_.capture_frames;
    if (result_.free_running && result_.end_reason == "max-time" && !all_sent) {
      hint(
          "max_time is wall time here, and begins before the programs are loaded; give the scenario a longer "
          "one");
    }
    if (result_.end_reason == "max-steps") {
      hint("the program went round without an end, so the run was ended: see docs/faults.md, Tolerance");
    }
    if (result_.wire_in > 0 && result_.to_sockets == 0) {
      hint(
          "no frame reached a socket: do the program's rules match this capture, and does every queue have "
          "one?");
    }
    if (dropped_by(result_, "socket_rx_full") > 0) {
      hint("the application took frames out of RX more slowly than they came; a larger ring or --pace helps");
    }
    if (dropped_by(result_, "socket_fill_empty") > 0) {
      hint(
          "the application gave back buffers more slowly than they were used; a longer FILL or --pace helps");
    }
    if (dropped_by(result_, "mac_fifo_full") > 0 || dropped_by(result_, "no_descriptor") > 0) {
      hint("the NIC was faster than the host; more queues, larger rings in --nic or a slower --pace help");
    }
    if (dropped_by(result_, "oversize") > 0)
      hint("the capture has frames beyond the port's mtu; see --nic, mtu");
    if (result_.capture_shortened > 0) {
      hint("shortened frames were sent as short as the capture has them");
    }
  }

  const RunResult& result_;
  std::string text_;
  bool hinted_ = false;
};

}  // namespace

void write_stats_json(const RunResult& result, const std::string& path) {
  // Names come from files and may be anything; what is not UTF-8 is replaced.
  const std::string text = stats_json(result).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  write_whole_file(path, text);
}

void print_summary(const RunResult& result, std::FILE* file) {
  const std::string text = Summary(result).text();
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

std::string ids_in_words(const std::vector<std::string>& ids) {
  constexpr std::size_t kPrefixBytes = 4;  // "INV-"
  const auto number = [&ids](std::size_t i) { return std::stoul(ids[i].substr(kPrefixBytes)); };
  std::string text;
  for (std::size_t first = 0; first < ids.size();) {
    std::size_t last = first;
    while (last + 1 < ids.size() && number(last + 1) == number(last) + 1) ++last;
    if (last == first + 1) last = first;  // two are shorter as they are
    text += (text.empty() ? "" : ", ") + ids[first] + (last > first ? " to " + ids[last] : "");
    first = last + 1;
  }
  return text;
}

std::string with_separators(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string time_in_words(std::uint64_t time_ns) {
  // Integer arithmetic: a rounded double could read differently elsewhere.
  const auto scaled = [time_ns](std::uint64_t unit_ns, const char* unit) {
    return fmt::format("{}.{:03} {}", with_separators(time_ns / unit_ns), time_ns % unit_ns * 1000 / unit_ns,
                       unit);
  };
  if (time_ns < 1000) return fmt::format("{} ns", time_ns);
  if (time_ns < 1'000'000) return scaled(1000, "us");
  if (time_ns < 1'000'000'000) return scaled(1'000'000, "ms");
  return scaled(1'000'000'000, "s");
}

}  // namespace ringproof
