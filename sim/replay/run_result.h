// run_result.h: what a run came to; the summary and stats.json are made from it.
// Role     plain values, filled by the simulation, read by the reports
// Units    in the names; frames balance: wire_in = to_sockets + passed + forwarded + sum of dropped
// Source   docs/stats-json.md
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ringproof {

struct InvariantResult {
  std::string_view id;  // literals, both
  std::string_view title;
  std::uint64_t checked = 0;
  std::uint64_t violations = 0;
};

struct QueueResult {
  std::string port;
  std::uint32_t queue = 0;
  std::string direction;  // "rx" or "tx"
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t dropped = 0;
  std::uint64_t zero_copy = 0;  // frames that the device took from, or put into, rings of a socket by itself
  std::uint64_t bad_offloads = 0;  // checksum requests that did not fit their frame
};

// Frames of the host's own stack that programs looked at: seen = passed + forwarded + to_sockets + dropped.
struct StackResult {
  std::uint64_t seen = 0;
  std::uint64_t passed = 0;     // on to the port
  std::uint64_t forwarded = 0;  // back to the stack
  std::uint64_t to_sockets = 0;
  std::uint64_t dropped = 0;
  std::uint64_t received = 0;  // by the stack and not from the wire: forwarded, or injected by sockets
  std::uint64_t lost = 0;      // the same, while the port was paused
};

// One of several programs of a run.
struct ProgramResult {
  std::string name;
  bool ended = false;
  int status = 0;  // of main or exit; 0 when it was stopped
};

struct RunResult {
  bool free_running = false;  // threads of the host: no hash, and no monitors
  std::string engine;         // the queue engine, as --engine takes it
  std::string own_engine{};   // the name of one that is not ours
  std::uint64_t seed = 0;
  std::uint64_t result_hash = 0;

  std::uint64_t wire_in = 0;
  std::uint64_t wire_out = 0;
  std::uint64_t to_sockets = 0;
  std::uint64_t passed = 0;
  std::uint64_t forwarded = 0;
  std::map<std::string, std::uint64_t> dropped;  // by reason, only those that occurred

  StackResult stack;

  std::map<std::string, std::uint64_t> faults;  // by id, how often they struck; only those that did
  std::set<std::string> planned_faults;         // the ids that the plan names

  std::vector<InvariantResult> invariants;
  std::vector<std::string> violation_messages;  // the first few, one line each

  std::uint64_t sim_ns = 0;
  std::uint64_t cycles = 0;
  std::uint64_t cycles_worked = 0;
  std::vector<QueueResult> queues;

  // From a frame's last bit at the MAC to its publication in an RX ring.
  std::uint64_t latency_p50_ns = 0;
  std::uint64_t latency_p99_ns = 0;
  std::uint64_t latency_max_ns = 0;

  std::string end_reason;            // "quiet", "application returned", "max-time"
  std::vector<std::string> waiting;  // what each thread of a program that had not ended waited for; in words
  int application_status = 0;  // of main or exit; 0 when it was stopped; of several: the first that is not 0
  bool application_ended = false;       // of several: all of them
  std::vector<ProgramResult> programs;  // of several
  bool traffic_started = false;
  std::uint64_t capture_frames = 0;     // whole frames in the capture
  std::uint64_t capture_lost = 0;       // cut off at the end of the file
  std::uint64_t capture_shortened = 0;  // by the snap length
  double wall_s = 0;
};

}  // namespace ringproof
