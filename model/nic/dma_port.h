// dma_port.h: host memory at the engine's AXI4 pins.
// Role     answers reads and writes after a latency, through the address check; pushes back. In order, unless
//          the configuration or a fault lets some overtake others; those of one id are in order in any case
// Shapes   bursts of up to 8 beats of 64 bytes; at most kBurstsMax of each direction at a time
// Units    [ps]; which cycles it is not ready in depends on (seed, cycle) only
// Errors   a refused access is answered with DECERR and told; refused reads bring zeros
// Source   AMBA AXI4; docs/design/queue-engine.md
#pragma once

#include <array>
#include <cstdint>

#include "model/base/fault.h"
#include "model/base/fifo.h"
#include "model/base/hash.h"
#include "model/base/host.h"
#include "model/base/random.h"
#include "model/base/tap.h"
#include "model/nic/host_memory.h"
#include "model/nic/nic_config.h"
#include "model/nic/queue_engine.h"
#include "model/nic/transaction_decoder.h"

namespace ringproof::nic {

class DmaPort {
 public:
  DmaPort(const NicConfig& config, std::uint32_t port, HostMemory& memory, const TapList& taps,
          std::uint64_t seed);

  void tell(TransactionDecoder& decoder) { decoder_ = &decoder; }

  // Before the first cycle: accesses may go wrong.
  void use(FaultPoints& faults) { faults_ = &faults; }

  void drive(std::uint64_t now_ps, std::uint64_t cycle, EngineInputs& in);
  void settle(std::uint64_t now_ps, const EngineInputs& in, const EngineOutputs& out);

  // When the next answer is due; the past while one is on the pins.
  std::uint64_t next_cause_ps() const;
  // The engine forgot what it asked for: nothing is answered, and no write that is under way comes to memory.
  void reset();
  bool empty() const { return reads_.empty() && writes_.empty() && answers_.empty(); }

 private:
  static constexpr std::size_t kBurstsMax = 32;
  struct ReadBurst {
    std::uint64_t due_ps;
    std::uint64_t address;
    std::uint32_t beats;
    std::uint32_t done_beats;
    std::uint8_t id;
    std::uint8_t requester;
    bool told;
    bool refused = false;        // by a fault
    std::uint64_t pause_ps = 0;  // between two beats of it
  };
  struct WriteBurst {
    std::uint64_t due_ps;  // kNever until the last beat came
    std::uint64_t address;
    std::uint8_t id;
    std::uint8_t requester;
    std::uint32_t beats;
    bool refused;  // by a fault
    bool torn;     // its first part is in memory already
    std::array<std::uint64_t, kMaxBurstBeats> strobes;
    std::array<BeatData, kMaxBurstBeats> data;

    const unsigned char* bytes() const { return reinterpret_cast<const unsigned char*>(data.data()); }
  };
  struct Extent {              // of a burst
    std::uint64_t offset = 0;  // from its address
    std::uint64_t bytes = 0;
  };
  struct Answer {
    std::uint64_t due_ps;
    std::uint8_t id;
    std::uint8_t response;
  };

  // When an access that is asked for now is answered, by itself.
  std::uint64_t due_alone(std::uint32_t base_ns, std::uint64_t now_ps);
  // The same, but not before the last one.
  std::uint64_t due_in_order(std::uint32_t base_ns, std::uint64_t now_ps, std::uint64_t* last_ps);
  // What the fault plan does to a burst whose answer would be due at its time.
  void disturb(ReadBurst& burst, std::uint64_t now_ps);
  void disturb(WriteBurst& burst, std::uint64_t now_ps);
  bool refused(std::uint64_t now_ps, std::uint32_t requester, bool payload, bool descriptor);
  bool revoked(std::uint64_t now_ps, std::uint32_t requester, bool payload);
  bool starved(std::uint64_t now_ps, std::size_t bursts);
  void push_back(std::uint64_t now_ps, std::uint64_t cycle, std::size_t writes, EngineInputs& in);
  // The burst that is answered next: those of one id in order, and of the ids the earliest.
  template <typename Bursts>
  std::size_t next_of(const Bursts& bursts, std::size_t count) const;
  template <typename Bursts>
  static std::size_t earliest_of(const Bursts& bursts, std::size_t count);
  std::size_t next_read() const { return read_begun_ ? read_ : next_of(reads_, reads_.size()); }
  void perform_writes(std::uint64_t now_ps);
  // Puts the first part of a burst into memory, and the rest off: true.
  bool tear(WriteBurst& burst, std::uint64_t now_ps);
  void drive_read(std::uint64_t now_ps, EngineInputs& in);
  void take_write_beat(std::uint64_t now_ps, const EngineOutputs& out);
  template <typename Visit>
  void for_each_run(const WriteBurst& burst, Visit visit) const;
  static Extent without_holes(const WriteBurst& burst);
  Extent with_holes(const WriteBurst& burst, bool* allowed) const;
  void write_runs(const WriteBurst& burst, std::uint64_t now_ps);
  static void write_run(const WriteBurst& burst, std::uint64_t offset, const DmaView& view,
                        std::uint64_t now_ps);
  static void tell_mailbox(const DmaView& view, std::uint64_t now_ps);
  bool perform(const WriteBurst& burst, std::uint64_t now_ps);

  const NicConfig& config_;
  const std::uint32_t port_;
  HostMemory& memory_;
  const TapList& taps_;
  TransactionDecoder* decoder_ = nullptr;
  const Hash64 stall_hash_;  // of the seed; what is not ready comes from it and the cycle
  RandomStream jitter_;
  FaultPoints* faults_ = &FaultPoints::none();
  bool moved_;  // bursts are not in the order of their times, or may not be: a fault changed one
  Fifo<ReadBurst> reads_;
  bool read_begun_ = false;  // a beat of reads_[read_] is on the pins, or was taken
  std::size_t read_ = 0;
  Fifo<WriteBurst> writes_;  // in order of their addresses; the first `filled_` have all their data
  std::size_t filled_ = 0;
  Fifo<Answer> answers_;
  std::uint64_t last_read_ps_ = 0;
  std::uint64_t last_write_ps_ = 0;
};

}  // namespace ringproof::nic
