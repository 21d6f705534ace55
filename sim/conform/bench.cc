#include "sim/conform/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <cstdlib>

namespace ringproof::conform {

using nic::EngineOutputs;

namespace {

// Of the bytes that count: what the others hold means nothing.
std::uint32_t sum_of(const nic::BeatData& beat, std::uint64_t lanes) {
  std::uint32_t sum = 2166136261u;  // FNV-1a
  const auto* data = reinterpret_cast<const std::uint8_t*>(beat.data());
  for (std::uint32_t lane = 0; lane < nic::kBeatBytes; ++lane) {
    if (lanes >> lane & 1) sum = (sum ^ data[lane]) * 16777619u;
  }
  return sum;
}

// What memory refuses with: SLVERR or DECERR, by the place.
std::uint8_t refusal(std::uint64_t address) { return 2 + (address / nic::kBeatBytes & 1); }

}  // namespace

void Bench::Free::operator()(void* memory) const { std::free(memory); }

// The memory comes as zeros that nobody has touched: a bench is made in no time.
Bench::Bench(std::unique_ptr<nic::QueueEngine> engine, const BenchOptions& options, Listener listener)
    : options_(options),
      listener_(std::move(listener)),
      random_(options.seed),
      memory_(static_cast<std::uint8_t*>(std::calloc(kMemoryBytes, 1))),
      engine_(std::move(engine)) {
  if (memory_ == nullptr) throw std::bad_alloc();
  in_.rst_n = false;
  EngineOutputs out;
  engine_->step(in_, out);
  in_.rst_n = true;
}

// --- failures ---

void Bench::watch_assertions() {
  engine_->on_assertion([this](const std::string& module, std::uint32_t line) {
    if (assertion_.empty()) assertion_ = fmt::format("{}, line {}", module, line);
  });
}

void Bench::fail(std::string expected, std::string seen) {
  fail_at(now_, std::move(expected), std::move(seen));
}

void Bench::fail_at(std::uint64_t cycle, std::string expected, std::string seen) {
  if (go_on_ && failures_ != 0) return;  // what follows from the first one says nothing
  if (failures_++ == 0) failed_at_ = now_;
  listener_({cycle, std::move(expected), std::move(seen)});
}

void Bench::require(bool ok, const std::string& expected, const std::string& seen) {
  if (ok) return;
  fail(expected, seen);
  if (go_on_) {
    run(*go_on_ + 1);
    throw Stopped();
  }
}

// --- memory, registers, rings ---

std::uint64_t Bench::allocate(std::uint64_t bytes, std::uint64_t align, std::uint64_t offset) {
  next_ = (next_ + align - 1) / align * align + offset;
  const std::uint64_t address = kMemoryBase + next_;
  next_ += bytes;
  if (next_ > kMemoryBytes) throw std::logic_error("the bench has too little memory");
  return address;
}

void Bench::write32(std::uint16_t address, std::uint32_t value) { write32_as(address, value, {}); }

std::uint8_t Bench::write32_as(std::uint16_t address, std::uint32_t value, const WriteHow& how) {
  lite_writes_.push_back({address, value, how});
  wait([&] { return lite_writes_.empty() && !lite_busy_; });
  return lite_bresp_;
}

std::uint32_t Bench::read32(std::uint16_t address, std::uint32_t response_delay) {
  begin_read(address, response_delay);
  wait([&] { return read_answered(); });
  return answer();
}

void Bench::begin_read(std::uint16_t address, std::uint32_t response_delay) {
  lite_read_ = address;
  lite_reading_ = lite_read_sent_ = true;
  lite_read_delay_ = response_delay;
  lite_read_held_ = 0;
}

Bench::Ring& Bench::open(bool tx, std::uint8_t queue, std::uint32_t log2, std::uint32_t start) {
  Ring& opened = ring(tx, queue);
  opened = Ring{};
  opened.tx = tx;
  opened.queue = queue;
  opened.start = start;
  begin_ring(opened, log2, std::uint64_t{16} << log2, std::uint64_t{32} << log2);
  set_reg(opened, nic::kControl, 1);
  return opened;
}

void Bench::set_wide(const Ring& ring, std::uint32_t low_offset, std::uint64_t value) {
  set_reg(ring, low_offset, static_cast<std::uint32_t>(value));
  set_reg(ring, low_offset + 4, static_cast<std::uint32_t>(value >> 32));
}

// All but the enable. REQUIRES: direction, number and first index of the queue are there.
void Bench::begin_ring(Ring& opened, std::uint32_t log2, std::uint64_t desc_bytes, std::uint64_t comp_bytes) {
  const std::uint32_t queue = opened.queue, start = opened.start;
  const bool tx = opened.tx;
  opened.size = 1u << log2;
  opened.posted = opened.seen = opened.published = opened.entries = start;
  opened.desc_base = allocate(desc_bytes);
  opened.comp_base = allocate(comp_bytes);
  // Any word of a beat, also where there are few queues.
  opened.index_addr = allocate(4, 64, 4u * ((5u * queue + (tx ? 10 : 3)) % 16));
  store(opened.index_addr, start);
  set_reg(opened, nic::kRingLog2, log2);
  set_wide(opened, nic::kDescBaseLow, opened.desc_base);
  set_wide(opened, nic::kCompBaseLow, opened.comp_base);
  set_wide(opened, nic::kIndexAddrLow, opened.index_addr);
  set_reg(opened, nic::kStartIndex, start);
}

void Bench::restart(Ring& ring, std::uint32_t start) {
  set_reg(ring, nic::kStartIndex, start);
  set_reg(ring, nic::kControl, 1);
  Ring next;
  next.tx = ring.tx;
  next.queue = ring.queue;
  next.size = ring.size;
  next.start = next.posted = next.seen = next.published = next.entries = start;
  next.desc_base = ring.desc_base;
  next.comp_base = ring.comp_base;
  next.index_addr = ring.index_addr;
  store(next.index_addr, start);
  next.enabled = ring.enabled;
  next.enabled_at = ring.enabled_at;
  next.told = start;
  next.errors = ring.errors;
  // Requests of the former life may still come.
  next.armed = ring.armed;
  next.asked = ring.asked;
  ring = std::move(next);
}

void Bench::post(Ring& ring, std::uint64_t address, std::uint32_t length, std::uint32_t cookie) {
  const std::uint64_t slot = ring.desc_base + 16 * (ring.posted & (ring.size - 1));
  store(slot, address);
  store(slot + 8, length);
  store(slot + 12, cookie);
  ++ring.posted;
  ring.buffers.push_back({address, length, cookie});
  if (ring.tx) ring.requests.push_back(cookie);
  const bool readable = ring.tx && length != 0 && length <= 0xFFFF;
  const std::uint64_t beats = readable ? (address + length + 63) / 64 - address / 64 : 0;
  ring.beats_due.push_back((ring.beats_due.empty() ? 0 : ring.beats_due.back()) + beats);
}

void Bench::ring_doorbell(const Ring& ring) {
  set_reg(ring, nic::kDoorbell, ring.posted);
  for (auto& frame : later_) wire_.push_back(std::move(frame));
  later_.clear();
}

void Bench::post_buffer(Ring& ring, std::uint32_t length, std::uint32_t offset) {
  const std::uint64_t around = allocate(length + 128, 64, 0);
  std::memset(at(around), 0xEE, length + 128);
  post(ring, around + 32 + offset % 64, length, 0xC0000000u + ring.posted);
}

TxFrame Bench::post_frame(Ring& ring, const Bytes& bytes, std::uint32_t offset) {
  const std::uint64_t address = allocate(bytes.size() + 64, 64, 0) + offset % 64;
  if (!bytes.empty()) std::memcpy(at(address), bytes.data(), bytes.size());
  post(ring, address, static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(random_()));
  return {ring.queue, bytes, false};
}

Bytes Bench::random_bytes(std::size_t count) {
  Bytes bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
  return bytes;
}

RxFrame Bench::frame_for(std::uint8_t queue, std::size_t bytes) {
  RxFrame frame{queue, random_bytes(bytes), static_cast<std::uint32_t>(random_()), random_()};
  frame.meta = static_cast<std::uint32_t>(random_());
  return frame;
}

// --- time ---

bool Bench::any_input_valid() const {
  return in_.axil_awvalid || in_.axil_wvalid || in_.axil_arvalid || in_.axi_bvalid || in_.axi_rvalid ||
         in_.rx_tvalid;
}

bool Bench::any_output_valid() const {
  return out_.axi_awvalid || out_.axi_wvalid || out_.axi_arvalid || out_.tx_tvalid || out_.irq_valid ||
         out_.axil_bvalid || out_.axil_rvalid;
}

void Bench::cycle() {
  drive();
  const bool valid_in = any_input_valid();
  ++still_;
  ++dead_;
  if (options_.skip_idle && quiet_before_ && !valid_in) {
    ++skipped_;
  } else {
    engine_->set_wave_time_ps(edge_ps(now_));
    engine_->step(in_, out_);
    if (valid_in || any_output_valid()) still_ = 0;
    check_held(valid_in);
    before_in_ = in_;
    before_ = out_;
    observe();
    quiet_before_ = out_.idle && !valid_in;
    if (!assertion_.empty())
      fail("the rules in the engine's source to hold", "a failed assertion in " + assertion_);
  }
  ++now_;
  if (go_on_ && failures_ != 0 && now_ - failed_at_ > *go_on_) throw Stopped();
}

void Bench::wait(const std::function<bool()>& done) {
  dead_ = 0;
  for (std::uint32_t i = 0; !done(); ++i) {
    if (dead_ >= kDeadCyclesMax) {
      // What went wrong did so when it stopped, not now.
      fail_at(now_ - dead_, "something to happen",
              fmt::format("nothing taken or answered in the next {} cycles", dead_));
    } else if (i == kWaitCyclesMax) {
      fail_at(now_ - i, "an end of it", fmt::format("none in the next {} cycles", i));
    } else {
      cycle();
      continue;
    }
    if (go_on_) throw Stopped();
    throw std::runtime_error("the bench gave up waiting");
  }
}

std::size_t Bench::responses_pending() const {
  std::size_t sum = 0;
  for (const auto& queue : responses_) sum += queue.size();
  return sum;
}

std::size_t Bench::reads_pending() const {
  std::size_t sum = 0;
  for (const auto& queue : reads_) sum += queue.size();
  return sum;
}

bool Bench::drained() const {
  return (quiet_before_ || still_ >= kSettledCycles) && wire_.empty() && undecided_.empty() &&
         lite_writes_.empty() && !lite_busy_ && !lite_reading_ && bursts_.empty() &&
         responses_pending() == 0 && reads_pending() == 0;
}

void Bench::reset(std::uint32_t cycles) {
  // The rest of a frame that was half given does not come.
  if (wire_sent_ != 0) wire_.pop_front();
  wire_sent_ = 0;
  undecided_.clear();
  change_ = {};
  later_.clear();
  descriptors_readable_ = true;
  still_ = dead_ = 0;
  lite_held_ = 0;
  sending_ = TxFrame{};
  bursts_.clear();
  data_.clear();
  data_last_.clear();
  for (auto& queue : responses_) queue.clear();
  for (auto& queue : reads_) queue.clear();
  lite_writes_.clear();
  lite_busy_ = lite_aw_ = lite_w_ = lite_reading_ = lite_read_sent_ = false;
  addresses_offered_ = addresses_taken_ = data_offered_ = data_taken_ = 0;
  std::fill(rings_.begin(), rings_.end(), Ring{});
  drops_of_.fill(0);
  blocked_ = {};
  in_ = nic::EngineInputs{};
  in_.rst_n = false;
  for (std::uint32_t i = 0; i < cycles; ++i) {
    engine_->set_wave_time_ps(edge_ps(now_));
    engine_->step(in_, out_);
    ++now_;
  }
  in_.rst_n = true;
  before_in_ = in_;
  before_ = out_ = EngineOutputs{};
  quiet_before_ = false;
}

std::uint64_t Bench::latency(std::uint32_t base) {
  return now_ + base + (options_.latency_jitter ? random_() % (options_.latency_jitter + 1) : 0);
}

// --- what the neighbours do ---

void Bench::drive() {
  // Every random choice is made in every cycle, so that skipping does not shift the sequence.
  drive_ready();
  const bool hold_b = chance(options_.stall_pct), hold_r = chance(options_.stall_pct);
  const bool gap = chance(options_.gap_pct);
  const std::uint64_t turn = random_();
  drive_registers();
  drive_write_response(hold_b, turn);
  drive_read_data(hold_r, turn / 7);
  drive_wire(gap);
}

void Bench::drive_ready() {
  in_.axi_awready = !chance(options_.stall_pct);
  in_.axi_wready = !chance(options_.stall_pct);
  in_.axi_arready = !chance(options_.stall_pct);
  in_.tx_tready = !chance(options_.tx_stall_pct);
  in_.irq_ready = !chance(options_.irq_stall_pct);
  switch (options_.ready) {
    case Ready::kAsItComes:
      break;
    case Ready::kAfterValid:
      in_.axi_awready = before_.axi_awvalid && !before_in_.axi_awready;
      in_.axi_wready = before_.axi_wvalid && !before_in_.axi_wready;
      in_.axi_arready = before_.axi_arvalid && !before_in_.axi_arready;
      in_.tx_tready = before_.tx_tvalid && !before_in_.tx_tready;
      in_.irq_ready = before_.irq_valid && !before_in_.irq_ready;
      break;
    case Ready::kAddressAfterData:
      in_.axi_awready = data_offered_ > addresses_taken_;
      break;
    case Ready::kDataAfterAddress:
      in_.axi_wready = addresses_offered_ > data_taken_;
      break;
  }
  in_.axi_arready = in_.axi_arready && !blocked_.ar;
  in_.axi_awready = in_.axi_awready && !blocked_.aw;
  in_.axi_wready = in_.axi_wready && !blocked_.w;
  in_.tx_tready = in_.tx_tready && !blocked_.tx;
  in_.irq_ready = in_.irq_ready && !blocked_.irq;
}

void Bench::drive_registers() {
  if (!lite_busy_ && !lite_writes_.empty()) {
    lite_busy_ = lite_aw_ = lite_w_ = true;
    lite_cycles_ = lite_held_ = 0;
    change_.offered = change_.offered || lite_writes_.front().address == nic::kRegisterRssControl;
    observe_command(lite_writes_.front(), false);
  }
  if (lite_busy_) {
    const LiteWrite& write = lite_writes_.front();
    in_.axil_awvalid = lite_aw_ && lite_cycles_ >= write.how.address_delay;
    in_.axil_wvalid = lite_w_ && lite_cycles_ >= write.how.data_delay;
    in_.axil_awaddr = write.address;
    in_.axil_wdata = write.value;
    in_.axil_wstrb = write.how.strobes;
    in_.axil_bready = lite_held_ >= write.how.response_delay;
    ++lite_cycles_;
  }
  in_.axil_arvalid = lite_read_sent_;
  in_.axil_araddr = lite_read_;
  in_.axil_rready = lite_read_held_ >= lite_read_delay_;
}

// A response once shown stays until it is taken.
void Bench::drive_write_response(bool hold, std::uint64_t turn) {
  if (in_.axi_bvalid || hold) return;
  for (std::uint32_t i = 0; i < kWriteIds && !in_.axi_bvalid; ++i) {
    const auto id = static_cast<std::uint8_t>((turn + i) % kWriteIds);
    if (responses_[id].empty() || responses_[id].front().due > now_) continue;
    in_.axi_bvalid = true;
    in_.axi_bid = id;
    const WriteBurst& answered = responses_[id].front();
    in_.axi_bresp = answered.error ? refusal(answered.address) : 0;
    apply(responses_[id].front());
  }
}

// The first of its id, and due; readers in turn, each from its oldest read on.
void Bench::list_reads(std::uint64_t turn) {
  choices_.clear();
  for (std::uint32_t i = 0; i < kReaders; ++i) {
    const auto reader = static_cast<std::uint8_t>((turn + i) % kReaders);
    std::bitset<256> older;
    for (std::size_t place = 0; place < reads_[reader].size(); ++place) {
      const ReadBurst& burst = reads_[reader][place];
      if (!older[burst.id] && burst.due <= now_) choices_.push_back({reader, place});
      older.set(burst.id);
      if (options_.read_order == ReadOrder::kAsAsked) break;
    }
  }
}

void Bench::drive_read_data(bool hold, std::uint64_t turn) {
  if (in_.axi_rvalid || hold) return;
  list_reads(turn);
  if (choices_.empty()) return;
  shown_ = choices_.front();
  if (options_.read_order == ReadOrder::kAny) shown_ = choices_[turn / kReaders % choices_.size()];
  if (options_.read_order == ReadOrder::kNewestFirst) {
    for (const ReadChoice& choice : choices_) {
      if (choice.reader == shown_.reader) shown_ = choice;
    }
  }
  const ReadBurst& burst = reads_[shown_.reader][shown_.place];
  const std::uint64_t address = burst.address + 64u * burst.next;
  const bool refused = burst.error || (fail_read_beat && fail_read_beat(shown_.reader, address));
  refused_ |= refused;
  if (refused && shown_.reader == kReadTxDesc) descriptors_readable_ = false;
  if (refused && shown_.reader == kReadRxDesc) mark_unreadable(burst, address);
  in_.axi_rvalid = true;
  in_.axi_rid = burst.id;
  in_.axi_rresp = refused ? refusal(address) : 0;
  in_.axi_rlast = burst.next + 1 == burst.beats;
  in_.axi_rdata.fill(0);
  if (address - kMemoryBase < kMemoryBytes) std::memcpy(in_.axi_rdata.data(), at(address / 64 * 64), 64);
}

void Bench::drive_wire(bool gap) {
  if (in_.rx_tvalid || gap || wire_.empty()) return;
  const RxFrame& frame = wire_.front();
  const std::size_t left = frame.bytes.size() - wire_sent_;
  const std::size_t count = std::min<std::size_t>(left, 64);
  if (wire_sent_ == 0) {
    wire_after_ = change_.answered;
    wire_offered_at_ = now_;
    wire_told_ = ring(false, frame.queue).told;
  }
  in_.rx_tvalid = true;
  in_.rx_tlast = left <= 64;
  in_.rx_tdest = frame.mac_queue.value_or(frame.queue);
  in_.rx_steered = frame.steered;
  in_.rx_length = static_cast<std::uint16_t>(frame.bytes.size());
  in_.rx_hash = frame.mac_hash.value_or(frame.hash);
  in_.rx_timestamp_ns = frame.timestamp_ns;
  in_.rx_meta = frame.meta;
  in_.rx_tkeep = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  in_.rx_tdata.fill(0xDEADBEEF);
  std::memcpy(in_.rx_tdata.data(), frame.bytes.data() + wire_sent_, count);
}

// --- what they see ---

void Bench::observe() {
  observe_writes();
  observe_reads();
  observe_wire();
  observe_link();
  observe_irq();
  observe_registers();
}

void Bench::observe_writes() {
  addresses_offered_ = addresses_taken_ + (out_.axi_awvalid ? 1 : 0);
  const bool first_beat = data_offered_ == data_taken_;
  if (out_.axi_wvalid && first_beat) ++data_offered_;
  if (out_.axi_awvalid && in_.axi_awready) {
    dead_ = 0;
    ++addresses_taken_;
    WriteBurst burst;
    burst.id = out_.axi_awid;
    burst.user = out_.axi_awuser;
    burst.address = out_.axi_awaddr;
    burst.beats = out_.axi_awlen + 1u;
    expect(burst.id < kWriteIds, "a write id from 0 to 4", "another one");
    check_burst(burst.address, burst.beats);
    check_size(out_.axi_awsize, out_.axi_awburst);
    bursts_.push_back(std::move(burst));
    note("AW", +out_.axi_awid, out_.axi_awaddr, +out_.axi_awlen, +out_.axi_awuser);
  }
  if (out_.axi_wvalid && in_.axi_wready) {
    dead_ = 0;
    if (out_.axi_wlast) ++data_taken_;
    if (tracing_) note("W", out_.axi_wstrb, out_.axi_wlast, sum_of(out_.axi_wdata, out_.axi_wstrb));
    data_.push_back({out_.axi_wdata, out_.axi_wstrb});
    data_last_.push_back(out_.axi_wlast);
  }
  // Data may come before its address; both are joined here.
  while (!bursts_.empty() && !data_.empty()) {
    WriteBurst& burst = bursts_.front();
    burst.data.push_back(data_.front());
    expect(data_last_.front() == (burst.data.size() == burst.beats),
           "wlast on the last beat of a burst, and there only", "wlast at the wrong beat");
    data_.pop_front();
    data_last_.pop_front();
    if (burst.data.size() < burst.beats) continue;
    if (burst.id == kWritePayload) check_payload_write(burst);
    if (burst.id == kWriteTxIndex) check_all_read(burst);
    burst.due = latency(options_.write_latency);
    burst.error = fail_write && fail_write(burst.id, burst.address);
    refused_ |= burst.error;
    if (burst.error && burst.id == kWritePayload) mark_refused(burst);
    burst.id %= kWriteIds;
    auto& queue = responses_[burst.id];
    queue.push_back(std::move(burst));
    bursts_.pop_front();
  }
  if (in_.axi_bvalid && out_.axi_bready) {
    dead_ = 0;
    responses_[in_.axi_bid].pop_front();
    in_.axi_bvalid = false;
    note("B", +in_.axi_bid);
  }
}

void Bench::observe_reads() {
  if (out_.axi_arvalid && in_.axi_arready) {
    dead_ = 0;
    ReadBurst burst;
    burst.id = out_.axi_arid;
    burst.user = out_.axi_aruser;
    burst.address = out_.axi_araddr;
    burst.beats = out_.axi_arlen + 1u;
    burst.due = latency(options_.read_latency);
    expect(burst.reader() < kReaders, "a read id with 0, 1 or 2 in its lower two bits", "3");
    const std::uint8_t reader = burst.reader() % kReaders;
    burst.error = fail_read && fail_read(reader, burst.address);
    if (burst.error && reader == kReadTxDesc) descriptors_readable_ = false;
    check_burst(burst.address, burst.beats);
    check_size(out_.axi_arsize, out_.axi_arburst);
    check_window(burst);
    note("AR", +burst.id, burst.address, burst.beats, +burst.user);
    reads_[reader].push_back(burst);
    reads_most_ = std::max<std::uint64_t>(reads_most_, reads_[kReadPayload].size());
  }
  if (in_.axi_rvalid && out_.axi_rready) {
    dead_ = 0;
    auto& reads = reads_[shown_.reader];
    const auto read = reads.begin() + static_cast<std::ptrdiff_t>(shown_.place);
    if (shown_.reader == kReadPayload) ++ring(true, read->user).beats_read;
    if (++read->next == read->beats) reads.erase(read);
    in_.axi_rvalid = false;
    note("R", +in_.axi_rid);
  }
}

void Bench::observe_wire() {
  if (!in_.rx_tvalid || !out_.rx_tready) {
    observe_fate();
    return;
  }
  dead_ = 0;
  if (wire_sent_ == 0) {
    RxFrame& frame = wire_.front();
    frame.number = ++frames_begun_;
    ring(false, frame.queue).accepted.push_back(frame);
  }
  wire_sent_ += 64;
  if (in_.rx_tlast) {
    const RxFrame& frame = wire_.front();
    undecided_.push_back({frame.number, frame.queue, change_.offered ? frame.queue_after : std::nullopt,
                          wire_after_, wire_offered_at_, wire_told_});
    wire_.pop_front();
    wire_sent_ = 0;
  }
  in_.rx_tvalid = false;
  note("RX", in_.rx_tlast);
  observe_fate();
}

// What becomes of a frame is told with its last beat or later, in order.
void Bench::observe_fate() {
  if (!out_.ev_rx_done) {
    expect(!out_.ev_rx_drop, "ev_rx_drop_o only with the end of a frame", "a drop without a frame");
    return;
  }
  dead_ = 0;
  note("RX done", +out_.ev_rx_queue, out_.ev_rx_drop);
  if (undecided_.empty()) return fail("ev_rx_done_o once for each frame", "one without a frame");
  const Undecided frame = undecided_.front();
  undecided_.pop_front();
  if (const std::uint8_t due = queue_due(frame); out_.ev_rx_queue != due) {
    return fail(fmt::format("a frame in queue {}", due), fmt::format("queue {}", out_.ev_rx_queue));
  }
  if (!out_.ev_rx_drop) {
    ++ring(false, frame.queue).kept;
    return;
  }
  if (!frame.queue_after.has_value()) check_drop(frame);
  ++drops_;
  ++drops_of_[out_.ev_rx_queue % kQueuesMax];
  auto& accepted = ring(false, frame.queue).accepted;
  const auto dropped = std::find_if(accepted.begin(), accepted.end(),
                                    [&](const RxFrame& each) { return each.number == frame.number; });
  if (dropped != accepted.end()) accepted.erase(dropped);
}

// Once a frame has the new one, none has the old one any more.
std::uint8_t Bench::queue_due(const Undecided& frame) {
  if (!frame.queue_after.has_value()) return frame.queue;
  change_.seen = change_.seen || frame.after || out_.ev_rx_queue == *frame.queue_after;
  return change_.seen ? *frame.queue_after : frame.queue;
}

void Bench::observe_link() {
  if (!out_.tx_tvalid || !in_.tx_tready) return;
  dead_ = 0;
  if (tracing_) {
    note("TX", out_.tx_tkeep, out_.tx_tlast, +out_.tx_tid, out_.tx_error,
         sum_of(out_.tx_tdata, out_.tx_tkeep));
  }
  if (sending_.bytes.empty()) sending_.queue = out_.tx_tid;
  expect(sending_.queue == out_.tx_tid, "a frame to be sent whole before the next", "two frames are mixed");
  std::size_t count = 0;
  while (count < 64 && (out_.tx_tkeep >> count & 1)) ++count;
  expect(count == 64 || out_.tx_tlast, "64 bytes in every beat of a frame but its last",
         "a gap inside a frame");
  expect(count == 64 || out_.tx_tkeep >> count == 0, "the bytes of a beat from its lowest on",
         "tkeep has a hole");
  expect(!out_.tx_error || out_.tx_tlast, "the error bit on the last beat only", "it is on another one");
  const auto* data = reinterpret_cast<const std::uint8_t*>(out_.tx_tdata.data());
  sending_.bytes.insert(sending_.bytes.end(), data, data + count);
  check_tag();
  if (out_.tx_tlast) {
    ++ring(true, out_.tx_tid).sent;
    if (out_.tx_error) ++ring(true, out_.tx_tid).errors;
    sending_.error = out_.tx_error;
    sent_.push_back(std::move(sending_));
    sending_ = TxFrame{};
  }
}

void Bench::observe_irq() {
  if (!out_.irq_valid || !in_.irq_ready) return;
  dead_ = 0;
  note("IRQ", +out_.irq_vector);
  check_irq();
  irqs_.push_back(out_.irq_vector);
}

// What a host may rely on: what it wrote counts from the answer on, and a queue is off from the moment at
// which it says so.
void Bench::observe_command(const LiteWrite& write, bool answered) {
  if (write.how.strobes != 0xF) return;
  const std::uint32_t queue = write.address / nic::kBlockBytes % kQueuesMax;
  for (const bool tx : {false, true}) {
    Ring& of = ring(tx, queue);
    const bool enable = (write.value & nic::kControlEnable) != 0;
    if (write.address == address_of(tx, queue, nic::kControl) && enable && answered && !of.enabled) {
      of.enabled = true;
      of.enabled_at = now_;
      of.told = of.start;
      of.kept = 0;
    }
    if (write.address == address_of(tx, queue, nic::kControl) && !enable) of.enabled = false;
    const bool rung = write.address == address_of(tx, queue, nic::kDoorbell) && answered && of.enabled;
    if (rung && write.value - of.told <= of.posted - of.told) of.told = write.value;
  }
}

void Bench::observe_registers() {
  if (in_.axil_awvalid && out_.axil_awready) lite_aw_ = false;
  if (in_.axil_wvalid && out_.axil_wready) lite_w_ = false;
  if (lite_busy_ && !lite_aw_ && !lite_w_ && lite_cycles_ != 0 && !lite_writes_.front().taken) {
    LiteWrite& write = lite_writes_.front();
    write.taken = true;
    for (const bool tx : {false, true}) {
      const std::uint32_t queue = write.address / nic::kBlockBytes % kQueuesMax;
      if (write.address == address_of(tx, queue, nic::kIrqArm) && write.how.strobes == 0xF) {
        ring(tx, queue).armed.push_back(write.value);
      }
    }
  }
  if (out_.axil_bvalid) {
    expect(lite_busy_ && !lite_aw_ && !lite_w_, "a write to be answered once, after address and data",
           "a response that nobody waits for");
    ++lite_held_;
    if (lite_busy_ && in_.axil_bready) {
      dead_ = 0;
      lite_busy_ = lite_aw_ = lite_w_ = in_.axil_awvalid = in_.axil_wvalid = false;
      lite_bresp_ = out_.axil_bresp;
      change_.answered = change_.answered || lite_writes_.front().address == nic::kRegisterRssControl;
      observe_command(lite_writes_.front(), true);
      lite_writes_.pop_front();
    }
  }
  if (lite_read_sent_ && out_.axil_arready) {
    lite_read_sent_ = false;
  } else if (out_.axil_rvalid) {
    expect(lite_reading_ && !lite_read_sent_, "a read to be answered once, after its address",
           "a response that nobody waits for");
    ++lite_read_held_;
    if (lite_reading_ && in_.axil_rready) {
      dead_ = 0;
      lite_reading_ = false;
      lite_rdata_ = out_.axil_rdata;
      expect(out_.axil_rresp == 0, "reads to be answered with OKAY", "another response");
    }
  }
}

}  // namespace ringproof::conform
