// engine_bench.h: the neighbours of a queue engine, in plain C++.
// Role     host memory behind AXI4, the MAC's two streams, the interrupt sink and the host's rings; drives
// any
//          engine through model/nic/queue_engine.h and through nothing else, and checks its bus rules
// Shapes   one memory window of kMemoryBytes at kMemoryBase; rings and buffers come from allocate()
// Units    time in clock cycles; probabilities in percent
// Threads  none
// Errors   a broken rule is a GoogleTest failure that names the cycle; at most kFailuresShown are printed
// Source   docs/design/queue-engine.md; INV-23, 24, 26, 27, 31
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

constexpr std::uint64_t kMemoryBase = 0x0000'5A00'0000'0000;
constexpr std::uint64_t kMemoryBytes = 16u << 20;
constexpr std::uint32_t kWaitCyclesMax = 2'000'000;  // longer than any test has to wait
constexpr int kFailuresShown = 10;

enum WriteId : std::uint8_t { kWritePayload, kWriteCompletion, kWriteRxIndex, kWriteTxIndex, kWriteIds };
enum ReadId : std::uint8_t { kReadRxDesc, kReadTxDesc, kReadPayload, kReadIds };

using Bytes = std::vector<std::uint8_t>;

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
};

struct RxFrame {
  std::uint8_t queue = 0;
  Bytes bytes;
  std::uint32_t hash = 0;
  std::uint64_t timestamp_ns = 0;
  std::uint32_t meta = 0;
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
};

using Completion = RxCompletionEntry;

class EngineBench {
 public:
  // One hardware queue as the host sees it.
  struct Ring {
    bool tx = false;
    std::uint8_t queue = 0;
    std::uint32_t size = 0;
    std::uint32_t start = 0;
    std::uint32_t posted = 0;   // free-running
    std::uint32_t seen = 0;     // last published index in memory, checked at each write
    std::uint32_t entries = 0;  // completion entries in memory, free-running
    std::uint64_t desc_base = 0, comp_base = 0, index_addr = 0;
    std::deque<Buffer> buffers;    // RX: posted and not completed, oldest first
    std::deque<RxFrame> accepted;  // RX: taken by the engine and not completed
    std::vector<Completion> completions;
    std::vector<std::uint64_t> beats_due;  // TX: bus beats of all descriptors up to each, since start
    std::uint64_t beats_read = 0;          // TX: payload beats that the engine has been given
    std::vector<std::uint32_t> requests;   // TX: cookies of all descriptors, since start
    std::uint32_t sent = 0;                // TX: frames that the link has taken, since start
  };

  explicit EngineBench(const BenchOptions& options, std::uint64_t x_seed = 1, const std::string& wave = "")
      : options_(options),
        random_(options.seed),
        memory_(kMemoryBytes),
        engine_(make_rtl_engine(wave, x_seed)) {
    in_.rst_n = false;
    EngineOutputs out;
    engine_->step(in_, out);
    in_.rst_n = true;
  }

  // --- memory of the host ---
  std::uint64_t allocate(std::uint64_t bytes, std::uint64_t align = 64, std::uint64_t offset = 0) {
    next_ = (next_ + align - 1) / align * align + offset;
    const std::uint64_t address = kMemoryBase + next_;
    next_ += bytes;
    EXPECT_LE(next_, kMemoryBytes) << "the bench has too little memory";
    return address;
  }
  std::uint8_t* at(std::uint64_t address) { return &memory_.at(address - kMemoryBase); }
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
    return static_cast<std::uint16_t>((tx ? tx_block(queue) : rx_block(queue)) + offset);
  }
  void write32(std::uint16_t address, std::uint32_t value) {
    lite_writes_.push_back({address, value});
    wait([&] { return lite_writes_.empty() && !lite_busy_; });
  }
  // Queued; taken when the engine gets there.
  void post_write32(std::uint16_t address, std::uint32_t value) { lite_writes_.push_back({address, value}); }
  std::uint32_t read32(std::uint16_t address) {
    lite_read_ = address;
    lite_reading_ = lite_read_sent_ = true;
    wait([&] { return !lite_reading_; });
    return lite_rdata_;
  }
  std::uint32_t reg(const Ring& ring, std::uint32_t offset) {
    return read32(address_of(ring.tx, ring.queue, offset));
  }
  void set_reg(const Ring& ring, std::uint32_t offset, std::uint32_t value) {
    write32(address_of(ring.tx, ring.queue, offset), value);
  }

  // --- rings ---
  Ring& open(bool tx, std::uint8_t queue, std::uint32_t log2, std::uint32_t start = 0) {
    Ring& ring = rings_[{tx, queue}];
    ring = Ring{};
    ring.tx = tx;
    ring.queue = queue;
    ring.size = 1u << log2;
    ring.start = ring.posted = ring.seen = ring.entries = start;
    ring.desc_base = allocate(std::uint64_t{16} << log2);
    ring.comp_base = allocate(std::uint64_t{32} << log2);
    ring.index_addr = allocate(4, 64, 4u * (queue % 16));
    store(ring.index_addr, start);
    set_reg(ring, kRingLog2, log2);
    set_reg(ring, kDescBaseLow, static_cast<std::uint32_t>(ring.desc_base));
    set_reg(ring, kDescBaseHigh, static_cast<std::uint32_t>(ring.desc_base >> 32));
    set_reg(ring, kCompBaseLow, static_cast<std::uint32_t>(ring.comp_base));
    set_reg(ring, kCompBaseHigh, static_cast<std::uint32_t>(ring.comp_base >> 32));
    set_reg(ring, kIndexAddrLow, static_cast<std::uint32_t>(ring.index_addr));
    set_reg(ring, kIndexAddrHigh, static_cast<std::uint32_t>(ring.index_addr >> 32));
    set_reg(ring, kStartIndex, start);
    set_reg(ring, kControl, 1);
    return ring;
  }
  Ring& open_rx(std::uint8_t queue, std::uint32_t log2, std::uint32_t start = 0) {
    return open(false, queue, log2, start);
  }
  Ring& open_tx(std::uint8_t queue, std::uint32_t log2, std::uint32_t start = 0) {
    return open(true, queue, log2, start);
  }
  // Writes a descriptor; the engine learns of it from ring_doorbell().
  void post(Ring& ring, std::uint64_t address, std::uint32_t length, std::uint32_t cookie = 0) {
    const std::uint64_t slot = ring.desc_base + 16 * (ring.posted & (ring.size - 1));
    store(slot, address);
    store(slot + 8, length);
    store(slot + 12, cookie);
    ++ring.posted;
    if (!ring.tx) ring.buffers.push_back({address, length, cookie});
    if (ring.tx) ring.requests.push_back(cookie);
    const bool readable = ring.tx && length != 0 && length <= 0xFFFF;
    const std::uint64_t beats = readable ? (address + length + 63) / 64 - address / 64 : 0;
    ring.beats_due.push_back((ring.beats_due.empty() ? 0 : ring.beats_due.back()) + beats);
  }
  void ring_doorbell(const Ring& ring) {
    set_reg(ring, kDoorbell, ring.posted);
    for (auto& frame : later_) wire_.push_back(std::move(frame));
    later_.clear();
  }
  // Posts a buffer with a fill pattern around it, so a byte too many is seen.
  void post_buffer(Ring& ring, std::uint32_t length, std::uint32_t offset = 0) {
    const std::uint64_t around = allocate(length + 128, 64, 0);
    std::memset(at(around), 0xEE, length + 128);
    post(ring, around + 32 + offset % 64, length, 0xC0000000u + ring.posted);
  }
  TxFrame post_frame(Ring& ring, const Bytes& bytes, std::uint32_t offset = 0) {
    const std::uint64_t address = allocate(bytes.size() + 64, 64, 0) + offset % 64;
    if (!bytes.empty()) std::memcpy(at(address), bytes.data(), bytes.size());
    post(ring, address, static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(random_()));
    return {ring.queue, bytes, false};
  }
  Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    return bytes;
  }
  RxFrame frame_for(std::uint8_t queue, std::size_t bytes) {
    RxFrame frame{queue, random_bytes(bytes), static_cast<std::uint32_t>(random_()), random_()};
    frame.meta = static_cast<std::uint32_t>(random_());
    return frame;
  }
  void wire_sends(RxFrame frame) { wire_.push_back(std::move(frame)); }
  // Goes on the wire after the next ring_doorbell(), which takes some cycles.
  void wire_sends_later(RxFrame frame) { later_.push_back(std::move(frame)); }
  void arm(const Ring& ring, std::uint32_t seen) { set_reg(ring, kIrqArm, seen); }

  // --- faults ---
  std::function<bool(std::uint8_t id, std::uint64_t address)> fail_write;
  std::function<bool(std::uint8_t id, std::uint64_t address)> fail_read;

  // --- time ---
  void cycle() {
    drive();
    const bool valid_in = in_.axil_awvalid || in_.axil_wvalid || in_.axil_arvalid || in_.axi_bvalid ||
                          in_.axi_rvalid || in_.rx_tvalid;
    if (options_.skip_idle && quiet_before_ && !valid_in) {
      ++skipped_;
    } else {
      engine_->step(in_, out_);
      check_held(valid_in);
      observe();
      quiet_before_ = out_.idle && !valid_in;
      before_in_ = in_;
      before_ = out_;
    }
    ++now_;
  }
  void run(std::uint64_t cycles) {
    for (std::uint64_t i = 0; i < cycles; ++i) cycle();
  }
  void wait(const std::function<bool()>& done) {
    for (std::uint32_t i = 0; !done(); ++i) {
      if (i == kWaitCyclesMax) {
        fail("nothing happened for too long");
        throw std::runtime_error("the bench gave up waiting");
      }
      cycle();
    }
  }
  // Nothing is under way in the engine or around it.
  bool drained() const {
    return quiet_before_ && wire_.empty() && lite_writes_.empty() && !lite_busy_ && !lite_reading_ &&
           bursts_.empty() && responses_pending() == 0 && reads_pending() == 0;
  }
  void run_until_drained() {
    wait([&] { return drained(); });
  }

  std::uint64_t now() const { return now_; }
  std::uint64_t skipped() const { return skipped_; }
  const EngineOutputs& out() const { return out_; }
  const std::vector<TxFrame>& sent() const { return sent_; }
  const std::vector<std::uint8_t>& irqs() const { return irqs_; }
  const std::vector<std::string>& trace() const { return trace_; }
  void keep_trace() { tracing_ = true; }
  std::uint64_t drops() const { return drops_; }
  std::uint64_t index_writes() const { return index_writes_; }
  // Beats with two completion entries.
  std::uint64_t pairs() const { return pairs_; }
  QueueEngine& engine() { return *engine_; }
  std::mt19937_64& random() { return random_; }
  bool chance(std::uint32_t pct) { return pct != 0 && random_() % 100 < pct; }
  std::size_t wire_backlog() const { return wire_.size(); }
  std::uint64_t frames_outstanding_max() const { return reads_most_; }

 private:
  struct WriteBurst {
    std::uint8_t id = 0, user = 0;
    std::uint64_t address = 0;
    std::uint32_t beats = 0;
    std::vector<std::pair<BeatData, std::uint64_t>> data;
    std::uint64_t due = 0;
    bool error = false;
  };
  struct ReadBurst {
    std::uint8_t id = 0, user = 0;
    std::uint64_t address = 0;
    std::uint32_t beats = 0, next = 0;
    std::uint64_t due = 0;
    bool error = false;
  };

  void fail(const std::string& what) {
    if (++failures_ <= kFailuresShown) ADD_FAILURE() << "cycle " << now_ << ": " << what;
  }
  void expect(bool ok, const char* what) {
    if (!ok) fail(what);
  }
  template <class... Parts>
  void note(const Parts&... parts) {
    if (!tracing_) return;
    std::ostringstream line;
    line << now_;
    ((line << ' ' << parts), ...);
    trace_.push_back(line.str());
  }
  std::size_t responses_pending() const {
    std::size_t sum = 0;
    for (const auto& queue : responses_) sum += queue.size();
    return sum;
  }
  std::size_t reads_pending() const {
    std::size_t sum = 0;
    for (const auto& queue : reads_) sum += queue.size();
    return sum;
  }
  std::uint64_t latency(std::uint32_t base) {
    return now_ + base + (options_.latency_jitter ? random_() % (options_.latency_jitter + 1) : 0);
  }

  void drive() {
    // Every random choice is made in every cycle, so that skipping does not shift the sequence.
    in_.axi_awready = !chance(options_.stall_pct);
    in_.axi_wready = !chance(options_.stall_pct);
    in_.axi_arready = !chance(options_.stall_pct);
    in_.tx_tready = !chance(options_.tx_stall_pct);
    in_.irq_ready = !chance(options_.irq_stall_pct);
    const bool hold_b = chance(options_.stall_pct), hold_r = chance(options_.stall_pct);
    const bool gap = chance(options_.gap_pct);
    const std::uint64_t turn = random_();

    if (!lite_busy_ && !lite_writes_.empty()) lite_busy_ = lite_aw_ = true;
    in_.axil_awvalid = in_.axil_wvalid = lite_aw_;
    if (lite_aw_) {
      in_.axil_awaddr = lite_writes_.front().first;
      in_.axil_wdata = lite_writes_.front().second;
    }
    in_.axil_arvalid = lite_read_sent_;
    in_.axil_araddr = lite_read_;

    // A response once shown stays until it is taken.
    if (!in_.axi_bvalid && !hold_b) {
      for (std::uint32_t i = 0; i < kWriteIds && !in_.axi_bvalid; ++i) {
        const auto id = static_cast<std::uint8_t>((turn + i) % kWriteIds);
        if (responses_[id].empty() || responses_[id].front().due > now_) continue;
        in_.axi_bvalid = true;
        in_.axi_bid = id;
        in_.axi_bresp = responses_[id].front().error ? 2 : 0;
        apply(responses_[id].front());
      }
    }
    if (!in_.axi_rvalid && !hold_r) {
      for (std::uint32_t i = 0; i < kReadIds && !in_.axi_rvalid; ++i) {
        const auto id = static_cast<std::uint8_t>((turn / 7 + i) % kReadIds);
        if (reads_[id].empty() || reads_[id].front().due > now_) continue;
        const ReadBurst& burst = reads_[id].front();
        in_.axi_rvalid = true;
        in_.axi_rid = id;
        in_.axi_rresp = burst.error ? 2 : 0;
        in_.axi_rlast = burst.next + 1 == burst.beats;
        std::memcpy(in_.axi_rdata.data(), at(burst.address + 64u * burst.next), 64);
      }
    }

    if (!in_.rx_tvalid && !gap && !wire_.empty()) {
      const RxFrame& frame = wire_.front();
      const std::size_t left = frame.bytes.size() - wire_sent_;
      const std::size_t count = std::min<std::size_t>(left, 64);
      in_.rx_tvalid = true;
      in_.rx_tlast = left <= 64;
      in_.rx_tdest = frame.queue;
      in_.rx_length = static_cast<std::uint16_t>(frame.bytes.size());
      in_.rx_hash = frame.hash;
      in_.rx_timestamp_ns = frame.timestamp_ns;
      in_.rx_meta = frame.meta;
      in_.rx_tkeep = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
      in_.rx_tdata.fill(0xDEADBEEF);
      std::memcpy(in_.rx_tdata.data(), frame.bytes.data() + wire_sent_, count);
    }
  }

  // INV-31, and idle_o: what was quiet stays as it was.
  void check_held(bool valid_in) {
    const EngineOutputs& b = before_;
    if (b.axi_awvalid && !before_in_.axi_awready) {
      expect(out_.axi_awvalid && out_.axi_awaddr == b.axi_awaddr && out_.axi_awlen == b.axi_awlen &&
                 out_.axi_awid == b.axi_awid && out_.axi_awuser == b.axi_awuser,
             "AW moved while waiting");
    }
    if (b.axi_wvalid && !before_in_.axi_wready) {
      expect(out_.axi_wvalid && out_.axi_wstrb == b.axi_wstrb && out_.axi_wlast == b.axi_wlast &&
                 out_.axi_wdata == b.axi_wdata,
             "W moved while waiting");
    }
    if (b.axi_arvalid && !before_in_.axi_arready) {
      expect(out_.axi_arvalid && out_.axi_araddr == b.axi_araddr && out_.axi_arlen == b.axi_arlen &&
                 out_.axi_arid == b.axi_arid && out_.axi_aruser == b.axi_aruser,
             "AR moved while waiting");
    }
    if (b.tx_tvalid && !before_in_.tx_tready) {
      expect(out_.tx_tvalid && out_.tx_tkeep == b.tx_tkeep && out_.tx_tlast == b.tx_tlast &&
                 out_.tx_tid == b.tx_tid && out_.tx_error == b.tx_error && out_.tx_request == b.tx_request &&
                 out_.tx_index == b.tx_index && out_.tx_tdata == b.tx_tdata,
             "the TX stream moved while waiting");
    }
    if (b.irq_valid && !before_in_.irq_ready) {
      expect(out_.irq_valid && out_.irq_vector == b.irq_vector, "the interrupt moved while waiting");
    }
    if (quiet_before_ && !valid_in) {
      expect(out_.idle && !out_.axi_awvalid && !out_.axi_wvalid && !out_.axi_arvalid && !out_.tx_tvalid &&
                 !out_.irq_valid && !out_.axil_bvalid && !out_.axil_rvalid,
             "something moved out of idle");
    }
  }

  void observe() {
    if (out_.axi_awvalid && in_.axi_awready) {
      WriteBurst burst;
      burst.id = out_.axi_awid;
      burst.user = out_.axi_awuser;
      burst.address = out_.axi_awaddr;
      burst.beats = out_.axi_awlen + 1u;
      expect(burst.id < kWriteIds, "unknown write id");
      check_burst(burst.address, burst.beats);
      bursts_.push_back(std::move(burst));
      note("AW", +out_.axi_awid, out_.axi_awaddr, +out_.axi_awlen, +out_.axi_awuser);
    }
    if (out_.axi_wvalid && in_.axi_wready) {
      note("W", out_.axi_wstrb, out_.axi_wlast, out_.axi_wdata[0], out_.axi_wdata[15]);
      data_.push_back({out_.axi_wdata, out_.axi_wstrb});
      data_last_.push_back(out_.axi_wlast);
    }
    // Data may come before its address; both are joined here.
    while (!bursts_.empty() && !data_.empty()) {
      WriteBurst& burst = bursts_.front();
      burst.data.push_back(data_.front());
      expect(data_last_.front() == (burst.data.size() == burst.beats), "wlast at the wrong beat");
      data_.pop_front();
      data_last_.pop_front();
      if (burst.data.size() < burst.beats) continue;
      if (burst.id == kWriteTxIndex) check_all_read(burst);
      burst.due = latency(options_.write_latency);
      burst.error = fail_write && fail_write(burst.id, burst.address);
      auto& queue = responses_[burst.id % kWriteIds];
      queue.push_back(std::move(burst));
      bursts_.pop_front();
    }
    if (in_.axi_bvalid && out_.axi_bready) {
      responses_[in_.axi_bid].pop_front();
      in_.axi_bvalid = false;
      note("B", +in_.axi_bid);
    }

    if (out_.axi_arvalid && in_.axi_arready) {
      ReadBurst burst;
      burst.id = out_.axi_arid;
      burst.user = out_.axi_aruser;
      burst.address = out_.axi_araddr;
      burst.beats = out_.axi_arlen + 1u;
      burst.due = latency(options_.read_latency);
      burst.error = fail_read && fail_read(burst.id, burst.address);
      if (burst.error && burst.id == kReadTxDesc) descriptors_readable_ = false;
      expect(burst.id < kReadIds, "unknown read id");
      check_burst(burst.address, burst.beats);
      check_window(burst);
      note("AR", +burst.id, burst.address, burst.beats, +burst.user);
      reads_[burst.id % kReadIds].push_back(burst);
      reads_most_ = std::max<std::uint64_t>(reads_most_, reads_[kReadPayload].size());
    }
    if (in_.axi_rvalid && out_.axi_rready) {
      auto& queue = reads_[in_.axi_rid];
      if (in_.axi_rid == kReadPayload) {
        ++rings_[{true, static_cast<std::uint8_t>(queue.front().user % kTxVectorBase)}].beats_read;
      }
      if (++queue.front().next == queue.front().beats) queue.pop_front();
      in_.axi_rvalid = false;
      note("R", +in_.axi_rid);
    }

    if (in_.rx_tvalid && out_.rx_tready) {
      if (wire_sent_ == 0) rings_[{false, in_.rx_tdest}].accepted.push_back(wire_.front());
      wire_sent_ += 64;
      expect(!out_.ev_rx_drop || in_.rx_tlast, "a drop before the end of the frame");
      if (in_.rx_tlast) {
        if (out_.ev_rx_drop) {
          ++drops_;
          rings_[{false, in_.rx_tdest}].accepted.pop_back();
        }
        wire_.pop_front();
        wire_sent_ = 0;
      }
      in_.rx_tvalid = false;
      note("RX", in_.rx_tlast, out_.ev_rx_drop);
    } else {
      expect(!out_.ev_rx_drop, "a drop without a beat");
    }

    if (out_.tx_tvalid && in_.tx_tready) {
      note("TX", out_.tx_tkeep, out_.tx_tlast, +out_.tx_tid, out_.tx_error, out_.tx_tdata[0]);
      if (sending_.bytes.empty()) sending_.queue = out_.tx_tid;
      expect(sending_.queue == out_.tx_tid, "two frames are mixed");
      std::size_t count = 0;
      while (count < 64 && (out_.tx_tkeep >> count & 1)) ++count;
      expect(count == 64 || out_.tx_tlast, "a gap inside a frame");
      expect(count == 64 || out_.tx_tkeep >> count == 0, "tkeep has a hole");
      const auto* data = reinterpret_cast<const std::uint8_t*>(out_.tx_tdata.data());
      sending_.bytes.insert(sending_.bytes.end(), data, data + count);
      check_tag();
      if (out_.tx_tlast) {
        ++rings_[{true, out_.tx_tid}].sent;
        sending_.error = out_.tx_error;
        sent_.push_back(std::move(sending_));
        sending_ = TxFrame{};
      }
    }

    if (out_.irq_valid && in_.irq_ready) {
      note("IRQ", +out_.irq_vector);
      irqs_.push_back(out_.irq_vector);
    }

    if (lite_aw_ && out_.axil_awready) {
      expect(out_.axil_wready, "the bench offers address and data together");
      lite_aw_ = false;
    }
    if (out_.axil_bvalid && lite_busy_) {
      lite_busy_ = false;
      lite_writes_.pop_front();
    }
    if (lite_read_sent_ && out_.axil_arready) lite_read_sent_ = false;
    if (out_.axil_rvalid && lite_reading_) {
      lite_reading_ = false;
      lite_rdata_ = out_.axil_rdata;
    }
  }

  void check_burst(std::uint64_t address, std::uint32_t beats) {
    expect(beats <= kMaxBurstBeats, "a burst of more than 8 beats");
    expect(address % 64 == 0, "an address inside a beat");
    expect(address / 512 == (address + 64u * beats - 1) / 512, "a burst crosses 512 bytes");
    expect(address >= kMemoryBase && address + 64u * beats <= kMemoryBase + kMemoryBytes,
           "an address outside memory");
  }

  // INV-27: descriptor reads stay inside the ring of the queue they are made for.
  void check_window(const ReadBurst& burst) {
    if (burst.id == kReadPayload) return;
    const bool tx = burst.id == kReadTxDesc;
    expect((burst.user >= kTxVectorBase) == tx, "aruser of the wrong direction");
    const Ring& ring = rings_[{tx, static_cast<std::uint8_t>(burst.user % kTxVectorBase)}];
    const std::uint64_t bytes = std::max<std::uint64_t>(64, 16ull * ring.size);
    expect(burst.address >= ring.desc_base && burst.address + 64 <= ring.desc_base + bytes,
           "a descriptor read outside its ring");
  }

  // A write takes effect when it is answered, not before: an engine that does not wait is found out.
  void apply(const WriteBurst& burst) {
    if (burst.error) {
      if (burst.id != kWriteCompletion) return;
      for (std::uint32_t entry = 0; entry < entries_of(burst); ++entry) {
        rx_ring(burst).buffers.pop_front();
        rx_ring(burst).accepted.pop_front();
        ++rx_ring(burst).entries;
      }
      return;
    }
    for (std::uint32_t beat = 0; beat < burst.beats; ++beat) {
      const auto* data = reinterpret_cast<const std::uint8_t*>(burst.data[beat].first.data());
      std::uint8_t* to = at(burst.address + 64u * beat);
      for (std::uint32_t lane = 0; lane < 64; ++lane) {
        if (burst.data[beat].second >> lane & 1) to[lane] = data[lane];
      }
    }
    if (burst.id == kWriteCompletion) check_completions(burst);
    if (burst.id == kWriteRxIndex || burst.id == kWriteTxIndex) check_index(burst);
  }

  // Every beat of a frame names its descriptor and carries its cookie; a descriptor that cannot be used has
  // no request.
  void check_tag() {
    const Ring& ring = rings_[{true, out_.tx_tid}];
    if (ring.sent >= ring.requests.size()) return fail("a frame was sent that nobody posted");
    expect(out_.tx_index == ring.start + ring.sent, "a sent frame has the wrong index");
    const bool unusable = out_.tx_error && out_.tx_tkeep == 0;
    expect(out_.tx_request == (unusable ? 0 : ring.requests[ring.sent]),
           "a sent frame has the wrong request");
  }

  // INV-23: a TX index goes out after the last read of everything it stands for, and after the link took it.
  void check_all_read(const WriteBurst& burst) {
    const Ring& ring = rings_[{true, static_cast<std::uint8_t>(burst.user % kTxVectorBase)}];
    const std::uint32_t value = burst.data[0].first[ring.index_addr % 64 / 4];
    const std::uint32_t count = value - ring.start;
    expect(count <= ring.sent, "a TX index was published before the link took the frame");
    if (!descriptors_readable_) return;
    expect(count >= 1 && count <= ring.beats_due.size() && ring.beats_read >= ring.beats_due[count - 1],
           "a TX index was published before its payload was read");
  }

  Ring& rx_ring(const WriteBurst& burst) {
    expect(burst.user < kTxVectorBase, "awuser of the wrong direction");
    return rings_[{false, burst.user}];
  }

  static std::uint32_t entries_of(const WriteBurst& burst) { return burst.data[0].second + 1 == 0 ? 2 : 1; }

  void check_completions(const WriteBurst& burst) {
    Ring& ring = rx_ring(burst);
    const std::uint64_t slot = ring.comp_base + 32 * (ring.entries & (ring.size - 1));
    const std::uint64_t one = slot % 64 != 0 ? 0xFFFFFFFF00000000 : 0xFFFFFFFF;
    const bool both = slot % 64 == 0 && entries_of(burst) == 2;
    expect(slot / 64 == burst.address / 64, "a completion entry in the wrong slot");
    expect(burst.data[0].second == one || both, "neither one entry nor two written");
    for (std::uint32_t entry = 0; entry < entries_of(burst); ++entry) check_completion(ring);
    if (both) ++pairs_;
  }

  void check_completion(Ring& ring) {
    const std::uint64_t slot = ring.comp_base + 32 * (ring.entries & (ring.size - 1));
    const auto entry = load<Completion>(slot);
    expect(entry.index == ring.entries, "a completion entry has the wrong index");
    if (ring.accepted.empty() || ring.buffers.empty()) return fail("a completion without a frame");
    const RxFrame frame = ring.accepted.front();
    const Buffer buffer = ring.buffers.front();
    expect(entry.meta == frame.meta, "a completion entry has the wrong meta word");
    if (!(entry.flags & 1)) {
      const std::size_t bytes = std::min<std::size_t>(frame.bytes.size(), buffer.length);
      expect(entry.length == bytes, "a completion entry has the wrong length");
      expect(entry.cookie == buffer.cookie, "a completion entry has the wrong cookie");
      expect(entry.rss_hash == frame.hash, "a completion entry has the wrong hash");
      expect(entry.timestamp_ns == frame.timestamp_ns, "a completion entry has the wrong time");
      expect(entry.flags == (frame.bytes.size() > buffer.length ? 2u : 0u), "wrong completion flags");
      if (options_.check_payload) check_payload(buffer, frame, bytes);
    }
    ring.completions.push_back(entry);
    ring.accepted.pop_front();
    ring.buffers.pop_front();
    ++ring.entries;
  }

  void check_payload(const Buffer& buffer, const RxFrame& frame, std::size_t bytes) {
    if (bytes != 0) {
      expect(std::memcmp(at(buffer.address), frame.bytes.data(), bytes) == 0,
             "the payload is not in memory when its completion arrives");
    }
    for (std::uint64_t i = 1; i <= 32; ++i) {
      expect(*at(buffer.address - i) == 0xEE, "a byte before the buffer was written");
    }
    for (std::uint64_t i = bytes; i < buffer.length + 32ull; ++i) {
      expect(*at(buffer.address + i) == 0xEE, "a byte after the frame was written");
    }
  }

  void check_index(const WriteBurst& burst) {
    const bool tx = burst.id == kWriteTxIndex;
    expect((burst.user >= kTxVectorBase) == tx, "awuser of the wrong direction");
    Ring& ring = rings_[{tx, static_cast<std::uint8_t>(burst.user % kTxVectorBase)}];
    expect(burst.data[0].second == std::uint64_t{0xF} << ring.index_addr % 64, "not one word written");
    const auto value = load<std::uint32_t>(ring.index_addr);
    const std::uint32_t limit = tx ? ring.posted : ring.entries;
    expect(value - ring.seen >= 1 && value - ring.seen <= limit - ring.seen,
           "the index was published before what it stands for");
    ring.seen = value;
    ++index_writes_;
  }

  BenchOptions options_;
  std::mt19937_64 random_;
  Bytes memory_;
  std::uint64_t next_ = 64;
  std::unique_ptr<QueueEngine> engine_;
  EngineInputs in_, before_in_;
  EngineOutputs out_, before_;
  bool quiet_before_ = false;
  std::uint64_t now_ = 0, skipped_ = 0, drops_ = 0, index_writes_ = 0, pairs_ = 0, reads_most_ = 0;
  int failures_ = 0;
  bool descriptors_readable_ = true;

  std::map<std::pair<bool, std::uint8_t>, Ring> rings_;
  std::deque<RxFrame> wire_;
  std::vector<RxFrame> later_;
  std::size_t wire_sent_ = 0;
  TxFrame sending_;
  std::vector<TxFrame> sent_;
  std::vector<std::uint8_t> irqs_;
  bool tracing_ = false;
  std::vector<std::string> trace_;

  std::deque<WriteBurst> bursts_;
  std::deque<std::pair<BeatData, std::uint64_t>> data_;
  std::deque<bool> data_last_;
  std::array<std::deque<WriteBurst>, kWriteIds> responses_;
  std::array<std::deque<ReadBurst>, kReadIds> reads_;

  std::deque<std::pair<std::uint16_t, std::uint32_t>> lite_writes_;
  bool lite_busy_ = false, lite_aw_ = false, lite_reading_ = false, lite_read_sent_ = false;
  std::uint16_t lite_read_ = 0;
  std::uint32_t lite_rdata_ = 0;
};

}  // namespace ringproof::nic
