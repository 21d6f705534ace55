// bench.h: the neighbours of a queue engine, in plain C++.
// Role     host memory behind AXI4, the MAC's two streams, the interrupt sink and the host's rings; drives
//          any engine through model/nic/queue_engine.h and through nothing else, and checks its bus rules
// Shapes   one memory window of kMemoryBytes around kMiddle; rings and buffers come from allocate()
// Units    time in clock cycles; probabilities in percent
// Threads  none
// Errors   a broken rule is told to the listener, with its cycle; a bench that stops at failures throws
//          Stopped at the end of that cycle, or so many cycles later
// Source   docs/design/queue-engine.md; INV-23, 24, 26, 27, 31
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "model/nic/queue_engine.h"

namespace ringproof::conform {

// In the middle of the memory the upper half of an address goes on by one.
constexpr std::uint64_t kMemoryBytes = 16u << 20;
constexpr std::uint64_t kMiddle = 0x9A5A'6B01'0000'0000;
constexpr std::uint64_t kMemoryBase = kMiddle - kMemoryBytes / 2;
constexpr std::uint32_t kQueuesMax = 64;
constexpr std::uint32_t kWaitCyclesMax = 2'000'000;  // longer than anything here has to wait
constexpr std::uint32_t kDeadCyclesMax = 20'000;     // no transfer for so long: nothing will come any more
constexpr std::uint32_t kSettledCycles = 512;        // no transfer for so long: whatever was to come has come
constexpr std::uint64_t kPeriodPs = 4000;            // 250 MHz

// The rising edge that ends a cycle, in the waveform.
constexpr std::uint64_t edge_ps(std::uint64_t cycle) { return (cycle + 2) * kPeriodPs; }

enum WriteId : std::uint8_t {
  kWritePayload,
  kWriteCompletion,
  kWriteRxIndex,
  kWriteTxIndex,
  kWriteTxCompletion,
  kWriteIds
};
// What a read is for, as its id says.
enum Reader : std::uint8_t {
  kReadRxDesc = nic::kReadRxDescriptor,
  kReadTxDesc = nic::kReadTxDescriptor,
  kReadPayload = nic::kReadTxPayload,
  kReaders,
};

using Bytes = std::vector<std::uint8_t>;

// When the neighbours raise their ready.
enum class Ready : std::uint8_t {
  kAsItComes,         // by stall_pct
  kAfterValid,        // not before valid is up
  kAddressAfterData,  // writes: an address is not taken before its data is offered
  kDataAfterAddress,  // writes: data is not taken before its address is
};

// Which of the reads that are due is answered next; those of one id come in order in any case.
enum class ReadOrder : std::uint8_t {
  kAsAsked,      // the oldest of each reader, in turn
  kAny,          // one drawn for each beat: bursts are mixed
  kNewestFirst,  // of a reader drawn for each beat
};

struct BenchOptions {
  std::uint64_t seed = 1;
  std::uint32_t read_latency = 75;   // address to first beat
  std::uint32_t write_latency = 75;  // last beat to response
  std::uint32_t latency_jitter = 0;  // added at random, 0 to this
  std::uint32_t stall_pct = 0;       // chance that a ready is low, or a memory answer held back, per cycle
  std::uint32_t gap_pct = 0;         // chance that the wire has no beat, per cycle
  std::uint32_t tx_stall_pct = 0;
  std::uint32_t irq_stall_pct = 0;
  bool skip_idle = false;     // do not step while the engine says idle and no input is valid
  bool check_payload = true;  // compare every payload byte when its completion arrives
  Ready ready = Ready::kAsItComes;
  ReadOrder read_order = ReadOrder::kAsAsked;
};

struct RxFrame {
  std::uint8_t queue = 0;
  Bytes bytes;
  std::uint32_t hash = 0;
  std::uint64_t timestamp_ns = 0;
  std::uint32_t meta = 0;
  // What the MAC says, where the engine has to find out the above for itself.
  std::optional<std::uint8_t> mac_queue{};
  std::optional<std::uint32_t> mac_hash{};
  bool steered = false;
  // Its queue by the setting that the next write to RSS_CONTROL puts in force: see expect_change().
  std::optional<std::uint8_t> queue_after{};
  std::uint64_t number = 0;  // in the order in which they were begun
};

struct TxFrame {
  std::uint8_t queue = 0;
  Bytes bytes;
  bool error = false;
  bool operator==(const TxFrame&) const = default;
};

struct Buffer {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  std::uint32_t cookie = 0;
  std::uint64_t entry = 0;  // of a zero-copy queue: what its RX or completion ring has to say
  bool valid = true;        // it lies in the UMEM
  // RX: memory refused a byte of its frame, or a beat of the ring in which its descriptor lies.
  bool refused = false, unreadable = false;
};

// A socket whose rings a zero-copy queue works on.
struct SocketShape {
  std::uint32_t comp_log2 = 3;   // of its RX or completion ring
  std::uint32_t start = 0;       // indices of the fill or TX ring
  std::uint32_t comp_start = 0;  // and of the other
  std::uint32_t chunks = 64;
  std::uint32_t chunk_bytes = 2048;
  std::uint32_t headroom = 64;
  std::uint32_t longest = 0xFFFF;  // TX: frame
};
struct Socket {
  SocketShape shape;
  std::uint64_t umem = 0;           // address
  std::uint64_t comp_addr = 0;      // word of the RX or completion ring
  std::uint32_t entries = 0;        // of that ring, in memory
  std::uint32_t seen = 0;           // its index in memory
  std::vector<std::uint32_t> upto;  // entries when so many descriptors were used up
  std::deque<Buffer> completing;    // TX: posted and not completed, oldest first
  std::uint32_t used = 0;           // descriptors completed, with or without an entry
  bool accidents = false;           // memory refuses accesses: any frame may have no entry
};

using Completion = nic::RxCompletionEntry;

// A rule that an engine broke.
struct Broken {
  std::uint64_t cycle = 0;
  std::string expected;
  std::string seen;
};

// The bench goes no further.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "the bench stopped at a broken rule"; }
};

class Bench {
 public:
  using Listener = std::function<void(const Broken&)>;

  // One hardware queue as the host sees it.
  struct Ring {
    bool tx = false;
    std::uint8_t queue = 0;
    std::uint32_t size = 0;
    std::uint32_t start = 0;
    std::uint32_t posted = 0;     // free-running
    std::uint32_t seen = 0;       // last published index in memory, checked at each write
    std::uint32_t published = 0;  // the same, but for writes that memory refused
    std::uint32_t entries = 0;    // completion entries in memory, free-running
    std::uint64_t desc_base = 0, comp_base = 0, index_addr = 0;
    std::deque<Buffer> buffers;    // posted, and not completed (RX) or published (TX), oldest first
    std::deque<RxFrame> accepted;  // RX: taken by the engine and not completed
    std::vector<Completion> completions;
    std::uint32_t entries_refused = 0;     // RX: completion entries that memory did not take
    std::vector<std::uint64_t> beats_due;  // TX: bus beats of all descriptors up to each, since start
    std::uint64_t beats_read = 0;          // TX: payload beats that the engine has been given
    std::vector<std::uint32_t> requests;   // TX: cookies of all descriptors, since start
    std::uint32_t sent = 0;                // TX: frames that the link has taken, since start
    bool enabled = false;                  // the enable is answered, and no disable is offered
    std::uint64_t enabled_at = 0;          // the cycle of that answer
    std::uint32_t told = 0;                // RX: latest doorbell that is answered
    std::uint32_t kept = 0;                // RX: frames decided and not discarded, since the enable
    std::uint32_t errors = 0;              // what ERRORS has to say, over all lives of the queue
    std::vector<std::uint32_t> armed;      // all values that IRQ_ARM was written with
    std::size_t asked = 0;                 // interrupt requests
    std::optional<Socket> socket;          // of a zero-copy queue
  };

  Bench(std::unique_ptr<nic::QueueEngine> engine, const BenchOptions& options, Listener listener);
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // --- failures ---
  // From now on the first failure ends the bench: after `go_on` more cycles Stopped is thrown.
  void stop_at_failure(std::uint64_t go_on) { go_on_ = go_on; }
  // Rules that the engine checks of itself are rules as well.
  void watch_assertions();
  void fail(std::string expected, std::string seen);
  // A rule of whoever uses the bench, outside of a cycle.
  void require(bool ok, const std::string& expected, const std::string& seen);
  bool failed() const { return failures_ != 0; }

  // --- memory of the host ---
  std::uint64_t allocate(std::uint64_t bytes, std::uint64_t align = 64, std::uint64_t offset = 0);
  // What is allocated from now on begins so many bytes before kMiddle, or behind that.
  void allocate_before_middle(std::uint64_t bytes) { next_ = kMemoryBytes / 2 - bytes; }
  std::uint8_t* at(std::uint64_t address) {
    if (address - kMemoryBase >= kMemoryBytes)
      throw std::out_of_range("an address outside the bench's memory");
    return memory_.get() + (address - kMemoryBase);
  }
  template <class T>
  T load(std::uint64_t address) {
    T value;
    std::memcpy(&value, at(address), sizeof value);
    return value;
  }
  template <class T>
  void store(std::uint64_t address, const T& value) {
    std::memcpy(at(address), &value, sizeof value);
  }

  // --- registers ---
  static std::uint16_t address_of(bool tx, std::uint32_t queue, std::uint32_t offset) {
    return static_cast<std::uint16_t>((tx ? nic::tx_block(queue) : nic::rx_block(queue)) + offset);
  }
  void write32(std::uint16_t address, std::uint32_t value);
  // Queued; taken when the engine gets there.
  void post_write32(std::uint16_t address, std::uint32_t value) { lite_writes_.push_back({address, value}); }
  void post_reg(const Ring& ring, std::uint32_t offset, std::uint32_t value) {
    post_write32(address_of(ring.tx, ring.queue, offset), value);
  }
  // With these strobes, and the parts so many cycles late; returns the response.
  struct WriteHow {
    std::uint8_t strobes = 0xF;
    std::uint32_t address_delay = 0, data_delay = 0, response_delay = 0;
  };
  void post_write32_as(std::uint16_t address, std::uint32_t value, const WriteHow& how) {
    lite_writes_.push_back({address, value, how});
  }
  std::uint8_t write32_as(std::uint16_t address, std::uint32_t value, const WriteHow& how);
  std::uint32_t read32(std::uint16_t address, std::uint32_t response_delay = 0);
  // A read that nobody waits for; one at a time.
  void begin_read(std::uint16_t address, std::uint32_t response_delay = 0);
  bool read_answered() const { return !lite_reading_; }
  std::uint32_t answer() const { return lite_rdata_; }
  // Address and data of all queued writes are.
  bool writes_taken() const {
    return lite_writes_.empty() || (lite_writes_.size() == 1 && lite_writes_[0].taken);
  }
  std::uint32_t reg(const Ring& ring, std::uint32_t offset) {
    return read32(address_of(ring.tx, ring.queue, offset));
  }
  void set_reg(const Ring& ring, std::uint32_t offset, std::uint32_t value) {
    write32(address_of(ring.tx, ring.queue, offset), value);
  }

  // --- rings ---
  Ring& open(bool tx, std::uint8_t queue, std::uint32_t log2, std::uint32_t start = 0);
  Ring& open_rx(std::uint8_t queue, std::uint32_t log2, std::uint32_t start = 0) {
    return open(false, queue, log2, start);
  }
  Ring& open_tx(std::uint8_t queue, std::uint32_t log2, std::uint32_t start = 0) {
    return open(true, queue, log2, start);
  }
  // A zero-copy queue; its chunks lie at kMemoryBase + something, not aligned.
  Ring& open_for_socket(bool tx, std::uint8_t queue, std::uint32_t log2, const SocketShape& shape);
  // Writes a place in the UMEM into the fill ring, or with offset and length into the TX ring, good or not.
  void post_place(Ring& ring, std::uint64_t place, std::uint32_t offset = 0, std::uint32_t length = 0);
  // Into a chunk that is free, in turn.
  void post_chunk(Ring& ring);
  TxFrame post_from_chunk(Ring& ring, const Bytes& bytes, std::uint32_t offset = 0);
  // A queue that was disabled gets a new life in the same memory; returns when it has begun.
  void restart(Ring& ring, std::uint32_t start);
  Ring& ring(bool tx, std::uint32_t queue) { return rings_[(tx ? kQueuesMax : 0) + queue % kQueuesMax]; }
  // Writes a descriptor; the engine learns of it from ring_doorbell().
  void post(Ring& ring, std::uint64_t address, std::uint32_t length, std::uint32_t cookie = 0);
  void ring_doorbell(const Ring& ring);
  // Posts a buffer with a fill pattern around it, so a byte too many is seen.
  void post_buffer(Ring& ring, std::uint32_t length, std::uint32_t offset = 0);
  TxFrame post_frame(Ring& ring, const Bytes& bytes, std::uint32_t offset = 0);
  Bytes random_bytes(std::size_t count);
  RxFrame frame_for(std::uint8_t queue, std::size_t bytes);
  void wire_sends(RxFrame frame) { wire_.push_back(std::move(frame)); }
  // RSS_CONTROL will be written. Frames from now on that name a queue_after, and have no buffer, have the
  // other queue until the write is offered, that one once it is answered, and in between the one before the
  // other.
  void expect_change() { change_ = {}; }
  // Goes on the wire after the next ring_doorbell(), which takes some cycles.
  void wire_sends_later(RxFrame frame) { later_.push_back(std::move(frame)); }
  void arm(const Ring& ring, std::uint32_t seen) { set_reg(ring, nic::kIrqArm, seen); }

  // What takes nothing at all for now.
  struct Blocked {
    bool ar = false, aw = false, w = false, tx = false, irq = false;
  };
  void block(const Blocked& blocked) { blocked_ = blocked; }

  // --- faults ---
  std::function<bool(std::uint8_t id, std::uint64_t address)> fail_write;
  std::function<bool(std::uint8_t reader, std::uint64_t address)> fail_read;       // whole bursts
  std::function<bool(std::uint8_t reader, std::uint64_t address)> fail_read_beat;  // single beats

  // --- time ---
  void cycle();
  void run(std::uint64_t cycles) {
    for (std::uint64_t i = 0; i < cycles; ++i) cycle();
  }
  void wait(const std::function<bool()>& done);
  // Nothing is under way in the engine or around it.
  bool drained() const;
  void run_until_drained() {
    wait([&] { return drained(); });
  }
  // rst_ni is low for so many edges; the neighbours forget what was under way, as the engine must.
  void reset(std::uint32_t cycles);

  std::uint64_t now() const { return now_; }
  std::uint64_t skipped() const { return skipped_; }
  const nic::EngineOutputs& out() const { return out_; }
  const std::vector<TxFrame>& sent() const { return sent_; }
  const std::vector<std::uint8_t>& irqs() const { return irqs_; }
  const std::vector<std::string>& trace() const { return trace_; }
  void keep_trace() { tracing_ = true; }
  std::uint64_t drops() const { return drops_; }
  // The same of a queue, over all its lives.
  std::uint32_t drops_of(std::uint32_t queue) const { return drops_of_[queue % kQueuesMax]; }
  std::uint64_t index_writes() const { return index_writes_; }
  // Beats with two completion entries.
  std::uint64_t pairs() const { return pairs_; }
  nic::QueueEngine& engine() { return *engine_; }
  std::mt19937_64& random() { return random_; }
  bool chance(std::uint32_t pct) { return pct != 0 && random_() % 100 < pct; }
  std::size_t wire_backlog() const { return wire_.size(); }
  std::uint64_t frames_outstanding_max() const { return reads_most_; }
  BenchOptions& options() { return options_; }

 private:
  struct WriteBurst {
    std::uint8_t id = 0, user = 0;
    std::uint64_t address = 0;
    std::uint32_t beats = 0;
    std::vector<std::pair<nic::BeatData, std::uint64_t>> data;
    std::uint64_t due = 0;
    bool error = false;
  };
  struct ReadBurst {
    std::uint8_t id = 0, user = 0;
    std::uint64_t address = 0;
    std::uint32_t beats = 0, next = 0;
    std::uint64_t due = 0;
    bool error = false;
    std::uint8_t reader() const { return nic::read_for(id); }
  };
  // A read that can be answered now: the place among those of its reader.
  struct ReadChoice {
    std::uint8_t reader = 0;
    std::size_t place = 0;
  };
  struct Undecided {
    std::uint64_t number = 0;
    std::uint8_t queue = 0;
    std::optional<std::uint8_t> queue_after{};  // if that is possible
    bool after = false;                         // and the only one
    std::uint64_t offered_at = 0;               // the cycle of its first beat
    std::uint32_t told = 0;                     // doorbell of its queue that was answered by then
  };
  struct Change {
    bool offered = false;   // the write is on the pins
    bool answered = false;  // the engine has done it
    bool seen = false;      // a frame has its new queue
  };
  struct LiteWrite {
    std::uint16_t address = 0;
    std::uint32_t value = 0;
    WriteHow how{};
    bool taken = false;  // address and data
  };
  struct Free {
    void operator()(void* memory) const;
  };

  void fail_at(std::uint64_t cycle, std::string expected, std::string seen);
  void expect(bool ok, const char* expected, const char* seen) {
    if (!ok) fail(expected, seen);
  }
  template <class... Parts>
  void note(const Parts&... parts) {
    if (!tracing_) return;
    std::ostringstream line;
    line << now_;
    ((line << ' ' << parts), ...);
    trace_.push_back(line.str());
  }
  std::size_t responses_pending() const;
  std::size_t reads_pending() const;
  std::uint64_t latency(std::uint32_t base);
  bool any_input_valid() const;
  bool any_output_valid() const;

  void drive();
  void drive_registers();
  void drive_ready();
  void drive_write_response(bool hold, std::uint64_t turn);
  void list_reads(std::uint64_t turn);
  void drive_read_data(bool hold, std::uint64_t turn);
  void drive_wire(bool gap);

  void observe();
  void observe_writes();
  void observe_reads();
  void observe_wire();
  void observe_fate();
  std::uint8_t queue_due(const Undecided& frame);
  void check_drop(const Undecided& frame);
  void mark_refused(const WriteBurst& burst);
  void mark_unreadable(const ReadBurst& burst, std::uint64_t address);
  void observe_link();
  void observe_irq();
  void observe_registers();
  void observe_command(const LiteWrite& write, bool answered);

  void begin_ring(Ring& opened, std::uint32_t log2, std::uint64_t desc_bytes, std::uint64_t comp_bytes);
  void set_wide(const Ring& ring, std::uint32_t low_offset, std::uint64_t value);

  // bench_zero_copy.cc
  void check_entry(const WriteBurst& burst);
  void entry_used_up(Ring& of, bool there);
  void check_socket_index(Ring& of);

  // bench_rules.cc
  void check_held(bool valid_in);
  void check_burst(std::uint64_t address, std::uint32_t beats);
  void check_size(std::uint8_t size, std::uint8_t burst);
  void check_window(const ReadBurst& burst);
  void check_payload_write(const WriteBurst& burst);
  void apply(const WriteBurst& burst);
  void refuse(const WriteBurst& burst);
  void check_tag();
  void check_all_read(const WriteBurst& burst);
  Ring& rx_ring(const WriteBurst& burst);
  void check_completions(const WriteBurst& burst);
  void check_completion(Ring& ring);
  void check_payload(const Buffer& buffer, const RxFrame& frame, std::size_t bytes);
  void check_index(const WriteBurst& burst);
  void check_irq();

  BenchOptions options_;
  Listener listener_;
  std::mt19937_64 random_;
  std::unique_ptr<std::uint8_t, Free> memory_;
  std::uint64_t next_ = 64;
  std::unique_ptr<nic::QueueEngine> engine_;
  nic::EngineInputs in_, before_in_;
  nic::EngineOutputs out_, before_;
  bool quiet_before_ = false;
  std::uint64_t now_ = 0, skipped_ = 0, drops_ = 0, index_writes_ = 0, pairs_ = 0, reads_most_ = 0;
  std::uint64_t still_ = 0;  // cycles since anything was offered
  std::uint64_t dead_ = 0;   // cycles since anything was taken
  std::uint64_t failures_ = 0, failed_at_ = 0;
  std::optional<std::uint64_t> go_on_;
  std::string assertion_;
  bool descriptors_readable_ = true;
  bool refused_ = false;  // some access, by intent

  std::vector<Ring> rings_{2 * kQueuesMax};
  std::deque<RxFrame> wire_;
  std::vector<RxFrame> later_;
  std::size_t wire_sent_ = 0;
  std::deque<Undecided> undecided_;  // frames that the engine took whole
  Change change_;
  bool wire_after_ = false;            // the frame on the wire began when the change was answered
  std::uint64_t wire_offered_at_ = 0;  // when its first beat was offered, and what doorbell was answered then
  std::uint32_t wire_told_ = 0;
  std::array<std::uint32_t, kQueuesMax> drops_of_{};
  Blocked blocked_;
  std::uint64_t frames_begun_ = 0;
  TxFrame sending_;
  std::vector<TxFrame> sent_;
  std::vector<std::uint8_t> irqs_;
  bool tracing_ = false;
  std::vector<std::string> trace_;

  std::deque<WriteBurst> bursts_;
  std::deque<std::pair<nic::BeatData, std::uint64_t>> data_;
  std::deque<bool> data_last_;
  std::array<std::deque<WriteBurst>, kWriteIds> responses_;
  std::array<std::deque<ReadBurst>, kReaders> reads_;  // in the order of asking
  std::vector<ReadChoice> choices_;
  ReadChoice shown_;  // whose beat is on the pins
  std::uint64_t addresses_offered_ = 0, addresses_taken_ = 0;
  std::uint64_t data_offered_ = 0, data_taken_ = 0;  // bursts, from their first beat and to their last

  std::deque<LiteWrite> lite_writes_;
  bool lite_busy_ = false, lite_aw_ = false, lite_w_ = false, lite_reading_ = false, lite_read_sent_ = false;
  std::uint32_t lite_cycles_ = 0;  // since the write was begun
  std::uint32_t lite_held_ = 0;    // cycles for which its response has been waiting
  std::uint32_t lite_read_held_ = 0, lite_read_delay_ = 0;
  std::uint8_t lite_bresp_ = 0;
  std::uint16_t lite_read_ = 0;
  std::uint32_t lite_rdata_ = 0;
};

}  // namespace ringproof::conform
