// lockstep_phase.h: the dice of random traffic, and what they decide for a while.
// Role     weights are drawn anew for each phase of some thousand cycles, so that full load, starvation, jams
//          and silence all come; and what the parts of the neighbour have in common
// Units    [cycles], [bytes]; chances in percent
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

#include "model/nic/engine_layout.h"
#include "model/nic/queue_engine.h"
#include "testbench/rtl/lockstep_coverage.h"

namespace ringproof::nic {

constexpr std::uint32_t kLongFrameBytes = 1518;  // longer ones are counted
constexpr std::uint32_t kFrameBytesMax = 65535;
constexpr std::uint32_t kHomes = 8;  // that take turns from seed to seed

// The distributions of the standard library differ from one library to the next; these do not. Compilers
// differ in the order of arguments: no two throws in one call.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::uint64_t bits() { return random_(); }
  std::uint32_t word() { return static_cast<std::uint32_t>(random_() >> 16); }
  // REQUIRES: count > 0
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>((random_() >> 20) % count); }
  std::uint32_t from_to(std::uint32_t first, std::uint32_t last) { return first + below(last - first + 1); }
  bool chance(std::uint32_t pct) { return pct != 0 && (pct >= 100 || below(100) < pct); }
  // Whoever compares a number bit by bit looks at each of them.
  std::uint32_t one_bit() { return 1u << below(32); }
  template <std::size_t Size>
  std::uint32_t one_of(const std::uint32_t (&values)[Size]) {
    return values[below(Size)];
  }

 private:
  std::mt19937_64 random_;
};

// Where a handshake can be held up.
enum class Gate : std::uint32_t { kAw, kW, kB, kAr, kR, kWire, kLink, kIrq, kLiteB, kLiteR, kCount };

enum class FrameMix : std::uint32_t { kSmallest, kSmall, kTypical, kMedium, kEdges, kLong, kCount };

// Which of the reads that are due is answered; those of one id come in order in any case.
enum class ReadOrder : std::uint32_t { kAny, kAsAsked, kNewestFirst, kCount };

// What the neighbour is like for a while.
struct Phase {
  std::uint32_t cycles = 0;
  std::uint32_t rx_queues = 1, tx_queues = 1;  // in use, from first_queue on in steps
  std::uint32_t first_queue = 0, queue_step = 1;
  std::array<std::uint32_t, static_cast<std::size_t>(Gate::kCount)> stall_pct{};
  bool shuts = false;  // gates stay closed, and some answers away, for long now and then
  std::uint32_t read_latency_max = 0, write_latency_max = 0;
  ReadOrder read_order{};
  std::uint32_t mix_pct = 0;  // another burst goes on before this one is complete
  std::uint32_t error_pct = 0;
  FrameMix rx_frames{}, tx_frames{};
  std::uint32_t small_buffer_pct = 0;
  std::uint32_t frame_gap_max = 0;
  std::uint32_t polite_pct = 0;    // frames that go where a buffer is known to be
  std::uint32_t stranger_pct = 0;  // frames for queues that are not in use
  std::uint32_t write_gap_max = 0, read_gap_max = 0;
  std::uint32_t apart_pct = 0;  // address and data of a register write come apart
  std::uint32_t garbage_pct = 0, churn_pct = 0;
  std::uint32_t log2_min = 1, log2_max = 16;
  bool paced = false;               // queues wait for more before they publish or ask
  std::uint32_t zero_copy_pct = 0;  // queues that work on the rings of a socket
  std::uint32_t batch_max = 1;
  bool rss = false;      // the engine hashes
  bool eager = false;    // queues that are off are opened before anything else is done
  bool clears = false;   // causes are cleared all the time
  bool reviews = false;  // registers are read one after the other, without a pause
  bool jam = false;      // the answers of one write id, or to one reader, are kept back in the second half
  bool pauses = false;   // nothing new for some hundred cycles now and then
  bool resets = false;
};

// A hardware queue as far as its driver can know it.
struct RingShadow {
  bool enabled = false;   // as of the last write answered
  bool stopping = false;  // a write that disables it is taken and not answered
  std::uint32_t log2 = 1;
  std::uint32_t start = 0;   // START_INDEX
  std::uint32_t posted = 0;  // last doorbell
  std::uint32_t seen = 0;    // index in host memory
  std::uint32_t given = 0;   // RX: frames that the MAC has given and that were not dropped, since the start
  bool paced = false;        // COALESCE may hold back what is finished
  bool zero_copy = false;
  bool second_word = false;      // the next index write of a zero-copy queue is its second
  std::uint64_t umem_limit = 0;  // UMEM_LIMIT
  std::uint32_t sent = 0;        // TX: frames that the link has taken, since the start

  Level level() const { return level_of(posted - seen, 1u << log2); }
  // Of descriptors that no frame has used.
  Level unused() const { return level_of(posted - start - (given + sent), 1u << log2); }
};

// What the parts of the neighbour have in common.
struct Surroundings {
  // Seeds that follow each other have all queues at home; what few queues do often goes further with each.
  // REQUIRES: `queues_each_way` is a power of two, at most kLockstepQueues
  Surroundings(std::uint64_t seed, std::uint32_t queues_each_way)
      : dice(seed),
        queues(queues_each_way),
        home_step(std::max(queues_each_way / kHomes, 1u)),
        home(static_cast<std::uint32_t>(seed % home_step)) {}
  bool open(Gate gate);
  std::uint32_t queue_in_use(bool tx);
  // The same, but one that is off if the phase is eager and there is any.
  std::uint32_t queue_to_serve(bool tx);

  Dice dice;
  const std::uint32_t queues;     // of the engine, each way
  const std::uint32_t home_step;  // from one queue at home to the next
  const std::uint32_t home;
  Phase phase;
  std::uint64_t now = 0;
  std::uint64_t noise = 0;  // what payload shows while its valid is low
  bool pause = false;
  bool rss_on = false;                                           // as of the last write answered
  bool within_frame = false;                                     // the MAC has given a part of one
  std::uint64_t rx_under_way = 0;                                // received frames given and not completed
  std::array<std::array<RingShadow, kLockstepQueues>, 2> rings;  // by [tx]
  std::array<std::uint64_t, static_cast<std::size_t>(Gate::kCount)> shut_until{};
  LockstepCoverage coverage;
};

// The queues at home, every `home_step`-th from `home` on, are in use half of the time.
Phase draw_phase(Surroundings& around);
std::uint32_t random_frame_bytes(Dice& dice, FrameMix mix);
// Of a buffer, a ring or an index. Carries through all of an address are as rare as they are worth a look.
std::uint64_t random_address(Dice& dice);
void fill_random(Dice& dice, BeatData& beat);

}  // namespace ringproof::nic
