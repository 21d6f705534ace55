// lockstep_memory.h: host memory for random traffic.
// Role     answers what the engine asks over AXI4: in order for each id, at any time, in any order among ids,
//          beats of several bursts mixed
// Shapes   memory has no content: what is read comes from the dice, and of what is written only indices and
//          completion entries are looked at
// Units    [cycles]
// Errors   none; answers are given only to what was asked, whatever that is
// Source   AMBA AXI4 A3.2, A5.3; docs/design/queue-engine.md, "Ports"
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "testbench/rtl/lockstep_phase.h"

namespace ringproof::nic {

// What can be kept back: the answers of a write id, or of a reader.
constexpr std::uint32_t kWriteIds = 5, kReaders = 3, kAnswerers = kWriteIds + kReaders;
constexpr std::uint32_t kPayloadWriteId = 0, kPayloadReadId = kAnswerers - 1;

class MemorySide {
 public:
  explicit MemorySide(Surroundings& around) : around_(around) {}
  void drive(EngineInputs& in);
  void observe(EngineInputs& in, const EngineOutputs& out);
  void forget();
  // Keeps these answers back, as a memory may do: of a write id, or behind those of a reader.
  void keep_back(std::uint32_t answerer, std::uint64_t cycles);
  bool owes_answers() const { return reads_owed_ + writes_owed_ != 0; }

 private:
  struct Read {
    std::uint8_t id, user;
    std::uint32_t beats, next;
    std::uint64_t due;
  };
  // A read that can be answered now.
  struct Choice {
    std::uint32_t reader;
    std::size_t place;
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
  void list_choices();
  Choice choose();
  void count_overtaking(const Choice& choice, bool refused);
  void fill(BeatData& beat, std::uint32_t reader, std::uint32_t queue);
  void fill_for_socket(BeatData& beat, bool tx, const RingShadow& ring);
  std::uint32_t buffer_length(bool tx);
  void written(const Address& address, const Data& data);
  void completed(std::uint32_t queue, const Data& data);
  void entry_written(bool tx, const Data& data);
  void index_written(bool tx, std::uint32_t queue, const Data& data);

  Surroundings& around_;
  std::array<std::deque<Read>, kReaders> reads_;  // in the order of asking
  std::vector<Choice> choices_;
  std::array<std::deque<std::uint64_t>, kWriteIds> answers_;  // when they are due
  // Answers that are kept back for long while others are given.
  std::array<std::uint64_t, kReaders> reads_kept_until_{};
  std::array<std::uint64_t, kWriteIds> answers_kept_until_{};
  std::deque<Address> addresses_;
  std::deque<Data> data_;
  std::array<std::uint64_t, kWriteIds> addresses_owed_{};  // writes whose address was taken, by id
  std::uint64_t reads_owed_ = 0, writes_owed_ = 0, beats_owed_ = 0;
  // The beat that is shown, or was last.
  Choice shown_{};
  std::uint8_t last_read_id_ = 0;
  std::optional<std::uint32_t> last_write_, last_reader_;  // whose address was taken last
  bool within_burst_ = false;
};

}  // namespace ringproof::nic
