#include "model/nic/dma_port.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <cstring>
#include <string>

#include "model/base/check.h"

namespace ringproof::nic {
namespace {

constexpr std::uint8_t kOkay = 0;
constexpr std::uint8_t kDecodeError = 3;
// Of the engine: docs/design/queue-engine.md.
constexpr std::uint8_t kPayloadWriteId = 0;
constexpr std::size_t kIds = 256;
constexpr std::uint64_t kPsPerNs = 1000;

Hash64 hash_of(std::uint64_t seed) {
  Hash64 hash;
  hash.add_u64(seed);
  return hash;
}

bool stalled(Hash64 hash, std::uint64_t cycle, std::uint64_t channel, std::uint32_t percent) {
  hash.add_u64(cycle * 4 + channel);
  return hash.value() % 100 < percent;
}

}  // namespace

DmaPort::DmaPort(const NicConfig& config, std::uint32_t port, HostMemory& memory, const TapList& taps,
                 std::uint64_t seed)
    : config_(config),
      port_(port),
      memory_(memory),
      taps_(taps),
      stall_hash_(hash_of(RandomStream(seed, "dma.stall." + std::to_string(port)).next())),
      jitter_(seed, "dma.jitter." + std::to_string(port)),
      moved_(config.dma_reorder_reads) {}

std::uint64_t DmaPort::due_alone(std::uint32_t base_ns, std::uint64_t now_ps) {
  const std::uint64_t jitter_ns = jitter_.below(std::uint64_t{config_.dma_jitter_ns} + 1);
  return now_ps + (base_ns + jitter_ns) * kPsPerNs;
}

std::uint64_t DmaPort::due_in_order(std::uint32_t base_ns, std::uint64_t now_ps, std::uint64_t* last_ps) {
  *last_ps = std::max(*last_ps, due_alone(base_ns, now_ps));
  return *last_ps;
}

template <typename Bursts>
std::size_t DmaPort::next_of(const Bursts& bursts, std::size_t count) const {
  if (!moved_) [[likely]]
    return 0;
  return earliest_of(bursts, count);
}

template <typename Bursts>
[[gnu::noinline]] std::size_t DmaPort::earliest_of(const Bursts& bursts, std::size_t count) {
  std::size_t best = 0;
  std::bitset<kIds> seen;
  for (std::size_t i = 0; i < count; ++i) {
    if (!seen[bursts[i].id] && bursts[i].due_ps < bursts[best].due_ps) best = i;
    seen.set(bursts[i].id);
  }
  return best;
}

// Only what the engine can tell the host of: without a receive descriptor or a completion entry, a frame
// would be lost without a trace.
bool DmaPort::refused(std::uint64_t now_ps, std::uint32_t requester, bool payload, bool descriptor) {
  const std::uint32_t kinds = (payload ? 1U : 0U) | (descriptor ? 2U : 0U);
  if (kinds == 0) return false;
  return faults_->at(FaultId::kDma04, now_ps, {.port = port_, .queue = requester, .kinds = kinds}).struck;
}

bool DmaPort::revoked(std::uint64_t now_ps, std::uint32_t requester, bool payload) {
  return payload && faults_->holds(FaultId::kDma06, now_ps, {.port = port_, .queue = requester});
}

bool DmaPort::starved(std::uint64_t now_ps, std::size_t bursts) {
  if (!faults_->armed(FaultId::kDma05)) [[likely]]
    return false;
  std::uint64_t until_ps;
  const FaultStrike strike = faults_->held(FaultId::kDma05, now_ps, {.port = port_}, &until_ps);
  return strike.struck && bursts >= strike.amount;
}

void DmaPort::disturb(ReadBurst& burst, std::uint64_t now_ps) {
  const FaultTarget here{.port = port_, .queue = burst.requester};
  const std::uint8_t what = read_for(burst.id);
  burst.refused = refused(now_ps, burst.requester, what == kReadTxPayload, what == kReadTxDescriptor);
  if (const FaultStrike slow = faults_->at(FaultId::kDma01, now_ps, here)) {
    burst.due_ps += slow.amount * kPsPerNs;
    moved_ = true;
  }
  const FaultStrike late = faults_->at(FaultId::kDma02, now_ps, here);
  if (!late) return;
  moved_ = true;
  if (late.kind == fault_kind::kReorderIds) {
    burst.due_ps += late.amount * kPsPerNs;
  } else {
    burst.pause_ps = late.amount * kPsPerNs;
  }
}

void DmaPort::disturb(WriteBurst& burst, std::uint64_t now_ps) {
  burst.refused = refused(now_ps, burst.requester, burst.id == kPayloadWriteId, false);
  const FaultStrike late = faults_->at(FaultId::kDma03, now_ps, {.port = port_, .queue = burst.requester});
  if (!late) return;
  burst.due_ps += late.amount * kPsPerNs;
  moved_ = true;
}

bool DmaPort::tear(WriteBurst& burst, std::uint64_t now_ps) {
  if (!faults_->armed(FaultId::kDma07) || burst.torn || burst.refused) return false;
  std::uint64_t bytes = 0;
  for_each_run(burst, [&](std::uint32_t, std::uint64_t, std::uint64_t run) { bytes += run; });
  // A word is written whole, and something of a torn write is always missing.
  if (bytes <= sizeof(std::uint32_t)) return false;
  const FaultStrike strike = faults_->at(FaultId::kDma07, now_ps, {.port = port_, .queue = burst.requester});
  if (!strike) return false;
  std::uint64_t left = std::min(strike.amount, bytes - sizeof(std::uint32_t));
  left -= left % sizeof(std::uint32_t);
  for_each_run(burst, [&](std::uint32_t beat, std::uint64_t at, std::uint64_t run) {
    const std::uint64_t address = burst.address + std::uint64_t{beat} * kBeatBytes + at;
    const std::uint64_t part = std::min(left, run);
    const DmaView view = memory_.view(burst.requester, address, part, true);
    const unsigned char* data = burst.bytes() + std::size_t{beat} * kBeatBytes + at;
    if (part > 0 && view.memory != nullptr) std::memcpy(view.memory, data, part);
    left -= part;
  });
  burst.torn = true;
  burst.due_ps += strike.extent * kPsPerNs;
  moved_ = true;
  return true;
}

void DmaPort::perform_writes(std::uint64_t now_ps) {
  while (filled_ > 0) {
    const std::size_t next = next_of(writes_, filled_);
    WriteBurst& burst = writes_[next];
    if (burst.due_ps > now_ps) return;
    if (tear(burst, now_ps)) continue;
    // A write is in memory no later than its answer.
    answers_.push({burst.due_ps, burst.id, perform(burst, now_ps) ? kOkay : kDecodeError});
    writes_.erase(next);
    --filled_;
  }
}

void DmaPort::reset() {
  reads_.clear();
  writes_.clear();
  answers_.clear();
  filled_ = 0;
  read_begun_ = false;
}

std::uint64_t DmaPort::next_cause_ps() const {
  std::uint64_t next_ps = kNever;
  if (!reads_.empty()) next_ps = reads_[next_read()].due_ps;
  if (filled_ > 0) next_ps = std::min(next_ps, writes_[next_of(writes_, filled_)].due_ps);
  if (!answers_.empty()) next_ps = std::min(next_ps, answers_[0].due_ps);
  return next_ps;
}

// Not ready now and then, though there is room.
void DmaPort::push_back(std::uint64_t now_ps, std::uint64_t cycle, std::size_t writes, EngineInputs& in) {
  const auto ready = [&](std::uint64_t channel) {
    return config_.dma_stall_percent == 0 || !stalled(stall_hash_, cycle, channel, config_.dma_stall_percent);
  };
  in.axi_arready = in.axi_arready && ready(0) && !starved(now_ps, reads_.size());
  in.axi_awready = in.axi_awready && ready(1) && !starved(now_ps, writes);
  in.axi_wready = in.axi_wready && ready(2);
}

void DmaPort::drive(std::uint64_t now_ps, std::uint64_t cycle, EngineInputs& in) {
  const std::size_t writes = writes_.size() + answers_.size();
  in.axi_arready = reads_.size() < kBurstsMax;
  in.axi_awready = writes < kBurstsMax;
  // Data is taken only for a burst whose address came before it.
  in.axi_wready = filled_ < writes_.size();
  if (config_.dma_stall_percent != 0 || faults_->armed(FaultId::kDma05)) push_back(now_ps, cycle, writes, in);

  if (filled_ > 0) perform_writes(now_ps);
  in.axi_bvalid = !answers_.empty();
  if (in.axi_bvalid) {
    in.axi_bid = answers_.front().id;
    in.axi_bresp = answers_.front().response;
  }
  if (reads_.empty()) {
    in.axi_rvalid = false;
  } else {
    drive_read(now_ps, in);
  }
}

void DmaPort::drive_read(std::uint64_t now_ps, EngineInputs& in) {
  read_ = next_read();
  if (reads_[read_].due_ps > now_ps) {
    in.axi_rvalid = false;
    return;
  }
  read_begun_ = true;
  ReadBurst& burst = reads_[read_];
  const bool held = in.axi_rvalid && burst.told;
  if (held) return;  // the beat on the pins was not taken yet
  in.axi_rvalid = true;
  in.axi_rid = burst.id;
  in.axi_rlast = burst.done_beats + 1 == burst.beats;
  const std::uint64_t address = burst.address + std::uint64_t{burst.done_beats} * kBeatBytes;
  burst.refused |= revoked(now_ps, burst.requester, read_for(burst.id) == kReadTxPayload);
  const DmaView view = burst.refused ? DmaView() : memory_.view(burst.requester, address, kBeatBytes, false);
  in.axi_rresp = view.memory == nullptr ? kDecodeError : kOkay;
  if (view.bytes < kBeatBytes) in.axi_rdata.fill(0);
  if (view.memory != nullptr) std::memcpy(in.axi_rdata.data(), view.memory, view.bytes);
  if (burst.done_beats == 0) {
    const std::uint32_t bytes = burst.beats * kBeatBytes;
    const bool allowed = memory_.view(burst.requester, burst.address, bytes, false).memory != nullptr;
    taps_.tell(&Tap::dma, port_, std::uint32_t{burst.requester}, false, burst.address, bytes, allowed,
               now_ps);
  }
  burst.told = true;
}

void DmaPort::settle(std::uint64_t now_ps, const EngineInputs& in, const EngineOutputs& out) {
  if (in.axi_rvalid && out.axi_rready) {
    ReadBurst& burst = reads_[read_];
    burst.told = false;
    burst.due_ps += burst.pause_ps;
    if (++burst.done_beats == burst.beats) {
      reads_.erase(read_);
      read_begun_ = false;
    }
  }
  if (in.axi_bvalid && out.axi_bready) answers_.pop();
  if (out.axi_arvalid && in.axi_arready) {
    if (decoder_ != nullptr) {
      decoder_->read_issued(out.axi_aruser, out.axi_araddr, (out.axi_arlen + 1u) * kBeatBytes, now_ps);
    }
    const std::uint32_t latency_ns = config_.dma_read_latency_ns;
    const std::uint64_t due_ps = config_.dma_reorder_reads ? due_alone(latency_ns, now_ps)
                                                           : due_in_order(latency_ns, now_ps, &last_read_ps_);
    ReadBurst& burst = reads_.push();
    burst = {due_ps, out.axi_araddr, out.axi_arlen + 1u, 0, out.axi_arid, out.axi_aruser, false};
    disturb(burst, now_ps);
  }
  if (out.axi_wvalid && in.axi_wready) take_write_beat(now_ps, out);
  if (out.axi_awvalid && in.axi_awready) {
    WriteBurst& burst = writes_.push();
    burst.due_ps = kNever;
    burst.address = out.axi_awaddr;
    burst.id = out.axi_awid;
    burst.requester = out.axi_awuser;
    burst.beats = 0;
    burst.refused = burst.torn = false;
  }
}

void DmaPort::take_write_beat(std::uint64_t now_ps, const EngineOutputs& out) {
  WriteBurst& burst = writes_[filled_];
  SIM_CHECK(burst.beats < kMaxBurstBeats, "the engine writes a burst without a last beat");
  burst.strobes[burst.beats] = out.axi_wstrb;
  burst.data[burst.beats] = out.axi_wdata;
  ++burst.beats;
  if (!out.axi_wlast) return;
  burst.due_ps = due_in_order(config_.dma_write_latency_ns, now_ps, &last_write_ps_);
  disturb(burst, now_ps);
  ++filled_;
}

// Runs of set strobes, as (offset in the beat, bytes); one for each beat unless somebody writes with holes.
template <typename Visit>
void DmaPort::for_each_run(const WriteBurst& burst, Visit visit) const {
  for (std::uint32_t beat = 0; beat < burst.beats; ++beat) {
    std::uint64_t strobes = burst.strobes[beat];
    std::uint64_t at = 0;
    while (strobes != 0) {
      const auto skip = static_cast<std::uint64_t>(std::countr_zero(strobes));
      at += skip;
      strobes >>= skip;
      const auto run = static_cast<std::uint64_t>(std::countr_one(strobes));
      visit(beat, at, run);
      at += run;
      strobes = run == kBeatBytes ? 0 : strobes >> run;
    }
  }
}

// Words are written as a whole.
void DmaPort::tell_mailbox(const DmaView& view, std::uint64_t now_ps) {
  std::uint32_t word = 0;
  if (view.bytes != sizeof word) return;
  std::memcpy(&word, view.memory, sizeof word);
  (*view.mailbox)(word, now_ps);
}

// Where the bytes of a burst lie, counted from its address; no bytes if they have holes, or there are none.
DmaPort::Extent DmaPort::without_holes(const WriteBurst& burst) {
  const std::uint64_t first = burst.strobes[0];
  const std::uint64_t last = burst.strobes[burst.beats - 1];
  if (first == 0 || last == 0) return {};
  const auto skip = static_cast<std::uint64_t>(std::countr_zero(first));
  const std::uint64_t all = ~std::uint64_t{0};
  if (burst.beats == 1) {
    const std::uint64_t run = first >> skip;
    return (run & (run + 1)) == 0 ? Extent{skip, static_cast<std::uint64_t>(std::popcount(run))} : Extent{};
  }
  if (first != all << skip || (last & (last + 1)) != 0) return {};
  for (std::uint32_t beat = 1; beat + 1 < burst.beats; ++beat) {
    if (burst.strobes[beat] != all) return {};
  }
  const std::uint64_t end = (burst.beats - 1) * kBeatBytes + static_cast<std::uint64_t>(std::popcount(last));
  return {skip, end - skip};
}

// The same for one with holes, from its first byte to its last, and whether the device may write all that is
// named.
DmaPort::Extent DmaPort::with_holes(const WriteBurst& burst, bool* allowed) const {
  Extent all;
  *allowed = true;
  for_each_run(burst, [&](std::uint32_t beat, std::uint64_t at, std::uint64_t run) {
    const std::uint64_t offset = std::uint64_t{beat} * kBeatBytes + at;
    if (all.bytes == 0) all.offset = offset;
    all.bytes = offset + run - all.offset;
    *allowed &= memory_.view(burst.requester, burst.address + offset, run, true).memory != nullptr;
  });
  return all;
}

void DmaPort::write_runs(const WriteBurst& burst, std::uint64_t now_ps) {
  for_each_run(burst, [&](std::uint32_t beat, std::uint64_t at, std::uint64_t run) {
    const std::uint64_t offset = std::uint64_t{beat} * kBeatBytes + at;
    write_run(burst, offset, memory_.view(burst.requester, burst.address + offset, run, true), now_ps);
  });
}

void DmaPort::write_run(const WriteBurst& burst, std::uint64_t offset, const DmaView& view,
                        std::uint64_t now_ps) {
  std::memcpy(view.memory, burst.bytes() + offset, view.bytes);
  if (view.mailbox != nullptr) tell_mailbox(view, now_ps);
}

// All of a burst is written, or nothing.
bool DmaPort::perform(const WriteBurst& burst, std::uint64_t now_ps) {
  Extent all = without_holes(burst);
  DmaView view;
  bool allowed;
  if (all.bytes > 0) {
    view = memory_.view(burst.requester, burst.address + all.offset, all.bytes, true);
    allowed = view.memory != nullptr;
  } else {
    all = with_holes(burst, &allowed);
  }
  // An access that only a fault refuses was still the device's right.
  const bool done =
      allowed && !burst.refused && !revoked(now_ps, burst.requester, burst.id == kPayloadWriteId);
  if (done && view.memory != nullptr) {
    write_run(burst, all.offset, view, now_ps);
  } else if (done) {
    write_runs(burst, now_ps);
  }
  const std::uint64_t first = burst.address + all.offset;
  taps_.tell(&Tap::dma, port_, std::uint32_t{burst.requester}, true, first,
             static_cast<std::uint32_t>(all.bytes), allowed, now_ps);
  if (decoder_ != nullptr) {
    decoder_->written(burst.requester, first, Tap::Bytes(burst.bytes() + all.offset, all.bytes), done,
                      now_ps);
  }
  return done;
}

}  // namespace ringproof::nic
