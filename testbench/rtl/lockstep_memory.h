// lockstep_memory.h: host memory for random traffic.
// Role     answers what the engine asks over AXI4: in order for each id, at any time, in any order among ids
// Shapes   memory has no content: what is read comes from the dice, and of what is written only indices and
//          completion entries are looked at
// Units    [cycles]
// Errors   none; answers are given only to what was asked, whatever that is
// Source   AMBA AXI4 A3.2, A5.3; docs/design/queue-engine.md, "Ports"
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "testbench/rtl/lockstep_phase.h"

namespace ringproof::nic {

// Write ids come first, then read ids.
constexpr std::uint32_t kWriteIds = 4, kReadIds = 3, kIds = kWriteIds + kReadIds;
constexpr std::uint32_t kPayloadWriteId = 0;

class MemorySide {
 public:
  explicit MemorySide(Surroundings& around) : around_(around) {}
  void drive(EngineInputs& in);
  void observe(EngineInputs& in, const EngineOutputs& out);
  void forget();
  // Keeps the answers of one id back, as a memory may do: of a write id, or behind those of a read id.
  void keep_back(std::uint32_t id, std::uint64_t cycles);
  bool owes_answers() const { return reads_owed_ + writes_owed_ != 0; }

 private:
  struct Read {
    std::uint32_t beats, next;
    std::uint64_t due;
  };
  struct Address {
    std::uint8_t id, user;
  };
  // Of the last beat of a burst: what a write to memory can tell.
  struct Data {
    std::uint64_t strobes;
    BeatData words;
  };
  std::uint8_t answer_code(Event refused);
  void answer_write(EngineInputs& in);
  void answer_read(EngineInputs& in);
  void fill(BeatData& beat, std::uint32_t id);
  std::uint32_t buffer_length(bool tx);
  void written(const Address& address, const Data& data);
  void completed(std::uint32_t queue, const Data& data);
  void index_written(bool tx, std::uint32_t queue, const Data& data);

  Surroundings& around_;
  std::array<std::deque<Read>, 4> reads_;
  std::array<std::deque<std::uint64_t>, 4> answers_;  // when they are due
  // Ids whose answers are kept back for long while others are given.
  std::array<std::uint64_t, 4> reads_kept_until_{}, answers_kept_until_{};
  std::deque<Address> addresses_;
  std::deque<Data> data_;
  std::array<std::uint64_t, 4> addresses_owed_{};  // writes whose address was taken, by id
  std::uint64_t reads_owed_ = 0, writes_owed_ = 0, beats_owed_ = 0;
  std::uint32_t last_read_id_ = 0;
  bool within_burst_ = false;
};

}  // namespace ringproof::nic
