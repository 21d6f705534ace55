#include "testbench/rtl/lockstep_registers.h"

#include <algorithm>

namespace ringproof::nic {
namespace {

// What an address means.
struct Decoded {
  bool queue_register, tx;
  std::uint32_t queue, offset;
};

Decoded decode(std::uint16_t address) {
  constexpr std::uint32_t kBlocksMask = ~(kLockstepQueues * kBlockBytes - 1);
  const std::uint32_t block = address & kBlocksMask;
  const bool tx = block == tx_block(0);
  return {tx || block == rx_block(0), tx, address / kBlockBytes % kLockstepQueues,
          address % kBlockBytes & ~3u};
}

constexpr std::uint32_t kQueuesAskedAfterReset = 24;
constexpr std::uint32_t kRssBytes = 0x100;  // of its registers and what lies between them

bool is_rss(std::uint16_t address) { return address / kRssBytes == kRegisterRssControl / kRssBytes; }

}  // namespace

void RegisterSide::push(bool tx, std::uint32_t queue, std::uint32_t offset, std::uint32_t value) {
  const std::uint32_t block = tx ? tx_block(queue) : rx_block(queue);
  planned_.push_back({static_cast<std::uint16_t>(block + offset), value});
}

void RegisterSide::push_address(bool tx, std::uint32_t queue, std::uint32_t low_offset) {
  const std::uint64_t address = random_address(around_.dice);
  push(tx, queue, low_offset, static_cast<std::uint32_t>(address));
  push(tx, queue, low_offset + 4, static_cast<std::uint32_t>(address >> 32));
}

void RegisterSide::plan_open(bool tx, std::uint32_t queue) {
  Dice& dice = around_.dice;
  const std::uint32_t log2 = dice.from_to(around_.phase.log2_min, around_.phase.log2_max);
  // Some drivers believe that the queue is still as they left it.
  if (dice.chance(80)) push(tx, queue, kRingLog2, dice.chance(2) ? log2 | dice.one_bit() : log2);
  if (dice.chance(60)) {
    push_address(tx, queue, kDescBaseLow);
    if (!tx) push_address(tx, queue, kCompBaseLow);
    push_address(tx, queue, kIndexAddrLow);
  }
  const std::uint32_t start = dice.chance(40) ? 0u - dice.below(12) : dice.chance(30) ? 0 : dice.word();
  if (dice.chance(90)) push(tx, queue, kStartIndex, start);
  if (around_.phase.paced ? dice.chance(60) : around_.rings[tx][queue].paced) plan_pacing(tx, queue);
  plan_zero_copy(tx, queue);
  push(tx, queue, kControl, dice.word() | kControlEnable);
}

void RegisterSide::plan_zero_copy(bool tx, std::uint32_t queue) {
  Dice& dice = around_.dice;
  const bool on = dice.chance(around_.phase.zero_copy_pct);
  if (!on && !around_.rings[tx][queue].zero_copy) return;
  push(tx, queue, kZeroCopy, (on ? kZeroCopyEnable : 0) | dice.below(18) << 8 | (dice.word() & 0xFFFFE0FE));
  if (!on) return;
  push_address(tx, queue, kCompBaseLow);
  push_address(tx, queue, kCompAddrLow);
  push_address(tx, queue, kUmemBaseLow);
  push(tx, queue, kUmemLimitLow, dice.word());
  const std::uint32_t high = dice.chance(80) ? dice.below(0xFFFF) : dice.word();
  push(tx, queue, kUmemLimitHigh, dice.chance(50) ? 0 : high);
  if (dice.chance(80)) push(tx, queue, kCompStart, dice.chance(50) ? 0u - dice.below(12) : dice.word());
  std::uint32_t room = tx ? dice.one_of({kFrameBytesMax, 1514, 9000, 64})
                          : dice.one_of({2048, 4096, kFrameBytesMax, 1, 63, 64, 65, 0});
  if (dice.chance(20)) room = dice.word() & 0xFFFF;
  std::uint32_t headroom = dice.one_of({0, 0, 32, 64, 256, 0xFFFF});
  if (dice.chance(20)) headroom = dice.word() & 0xFFFF;
  push(tx, queue, kFrameRoom, headroom << 16 | room);
}

// Mostly so short that the rings do not stand still.
void RegisterSide::plan_pacing(bool tx, std::uint32_t queue) {
  Dice& dice = around_.dice;
  const auto pacing = [&] {
    if (!around_.phase.paced) return std::uint32_t{0};
    std::uint32_t cycles = dice.chance(40) ? 0 : dice.below(dice.chance(2) ? 3000 : 100);
    // Some wait for many thousand cycles, or for what COUNT says.
    if (dice.chance(3)) cycles = dice.word() & 0xFFFF;
    const std::uint32_t count = dice.chance(30) ? dice.below(256) : dice.below(9);
    return cycles << 16 | (dice.word() & 0xFF00) | count;
  };
  around_.rings[tx][queue].paced = around_.phase.paced;
  push(tx, queue, kCoalesce, pacing());
  push(tx, queue, kModeration, pacing());
  push(tx, queue, kWeight, dice.chance(30) ? dice.word() : dice.below(5));
}

void RegisterSide::plan_close(bool tx, std::uint32_t queue) {
  push(tx, queue, kControl, around_.dice.word() & ~kControlEnable);
  const std::uint32_t block = tx ? tx_block(queue) : rx_block(queue);
  if (around_.dice.chance(60)) reads_wished_.push_back(static_cast<std::uint16_t>(block + kState));
  if (around_.dice.chance(50)) plan_open(tx, queue);
}

void RegisterSide::close_all() {
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < around_.queues; ++queue) {
      if (around_.rings[tx][queue].enabled) push(tx, queue, kControl, 0);
    }
  }
}

void RegisterSide::plan_arm(bool tx, std::uint32_t queue) {
  Dice& dice = around_.dice;
  const std::uint32_t seen = around_.rings[tx][queue].seen;
  const std::uint32_t other = dice.chance(50) ? dice.word() : seen ^ dice.one_bit();
  push(tx, queue, kIrqArm, dice.chance(70) ? seen : dice.chance(50) ? seen - 1 : other);
}

void RegisterSide::plan_doorbell(bool tx, std::uint32_t queue) {
  Dice& dice = around_.dice;
  const RingShadow& ring = around_.rings[tx][queue];
  const std::uint32_t size = 1u << ring.log2, ahead = ring.posted - ring.seen;
  const std::uint32_t room = ahead < size ? size - ahead : 0;
  if (room == 0) return plan_arm(tx, queue);
  std::uint32_t count = dice.from_to(1, std::min(room, around_.phase.batch_max));
  if (dice.chance(5)) count = std::min(room, 4 * around_.phase.batch_max);
  if (dice.chance(1)) count = room;
  push(tx, queue, kDoorbell, ring.posted + count);
}

void RegisterSide::plan_odd_doorbell(bool tx, std::uint32_t queue) {
  Dice& dice = around_.dice;
  const RingShadow& ring = around_.rings[tx][queue];
  const std::uint32_t full = ring.seen + (1u << ring.log2);
  // The second and the last are just within the range.
  const std::uint32_t bit = dice.one_bit();
  const std::uint32_t kinds[] = {ring.posted - 1, ring.posted, ring.start - 1,    dice.word(),
                                 full + 1,        full,        ring.posted ^ bit, ring.seen + bit};
  push(tx, queue, kDoorbell, dice.one_of(kinds));
  const std::uint32_t block = tx ? tx_block(queue) : rx_block(queue);
  reads_wished_.push_back(static_cast<std::uint16_t>(block + kState));
}

// Mostly to queues in use. What is written without RSS_CONTROL waits for the next time.
void RegisterSide::plan_rss() {
  Dice& dice = around_.dice;
  const auto put = [&](std::uint32_t address, std::uint32_t value) {
    planned_.push_back({static_cast<std::uint16_t>(address), value});
  };
  // Of the bits of an entry that choose a queue, those that this engine has; the others are ignored.
  const std::uint32_t known = 255 & ~(kLockstepQueues - around_.queues);
  const auto queue = [&] { return dice.chance(95) ? around_.queue_in_use(false) : dice.below(256) & known; };
  const std::uint32_t words = dice.one_of({0, 1, 3, kRssTableWords});
  for (std::uint32_t i = 0; i < words; ++i) {
    std::uint32_t value = 0;
    for (std::uint32_t entry = 0; entry < 4; ++entry) value = value << 8 | queue();
    put(kRegisterRssTable + 4 * (words == kRssTableWords ? i : dice.below(kRssTableWords)), value);
  }
  const std::uint32_t keys = dice.one_of({0, 1, kRssKeyWords});
  for (std::uint32_t i = 0; i < keys; ++i) {
    put(kRegisterRssKey + 4 * (keys == kRssKeyWords ? i : dice.below(kRssKeyWords)), dice.word());
  }
  const std::uint32_t enable = around_.phase.rss != dice.chance(5) ? kRssControlEnable : 0;
  const std::uint32_t types = dice.chance(50) ? kRssControlTypes : dice.word() & ~kRssControlEnable;
  if (!dice.chance(5)) put(kRegisterRssControl, types | enable);
}

void RegisterSide::plan_garbage() {
  Dice& dice = around_.dice;
  const std::uint32_t value = dice.chance(50) ? dice.word() : dice.below(20);
  if (dice.chance(40)) {
    planned_.push_back({static_cast<std::uint16_t>(dice.word()), value});
  } else {
    const bool tx = dice.chance(50);
    const std::uint32_t queue = around_.queue_in_use(tx);
    push(tx, queue, dice.below(kBlockBytes), value);
  }
}

void RegisterSide::plan_for(bool tx, std::uint32_t queue) {
  Dice& dice = around_.dice;
  const Phase& phase = around_.phase;
  if (!around_.rings[tx][queue].enabled) {
    if (dice.chance(90)) return plan_open(tx, queue);
    return dice.chance(50) ? plan_arm(tx, queue) : plan_odd_doorbell(tx, queue);
  }
  if (dice.chance(phase.churn_pct)) return plan_close(tx, queue);
  if (!phase.paced && around_.rings[tx][queue].paced) return plan_pacing(tx, queue);
  if (dice.chance(phase.clears ? 40 : 2)) return push(tx, queue, kCause, dice.word());
  if (dice.chance(75)) return plan_doorbell(tx, queue);
  if (dice.chance(80)) return plan_arm(tx, queue);
  if (dice.chance(40)) return plan_odd_doorbell(tx, queue);
  // Ignored, or seen at the next start only.
  const std::uint32_t offset = 4 * dice.below(kRegistersOfQueue);
  if (offset == kCoalesce || offset == kModeration) return plan_pacing(tx, queue);
  push(tx, queue, offset == kDoorbell ? static_cast<std::uint32_t>(kStartIndex) : offset, dice.word() | 1);
}

void RegisterSide::plan() {
  const bool tx = around_.dice.chance(50);
  if (around_.dice.chance(around_.phase.garbage_pct)) return plan_garbage();
  if (around_.dice.chance(around_.rss_on != around_.phase.rss ? 20 : around_.phase.rss ? 4 : 0))
    return plan_rss();
  plan_for(tx, around_.queue_to_serve(tx));
}

// Those of a queue follow each other. After each eighth of the queues come those of RSS.
std::uint16_t RegisterSide::review_address() {
  const std::uint32_t of_queues = 2 * (around_.queues / around_.home_step) * kRegistersOfQueue;
  const std::uint32_t whole_round = of_queues + kRssBytes / 4;
  const std::uint32_t round = reviewed_ / whole_round, step = reviewed_ % whole_round;
  ++reviewed_;
  if (step >= of_queues) return static_cast<std::uint16_t>(kRegisterRssControl + 4 * (step - of_queues));
  const std::uint32_t nth = step / kRegistersOfQueue;
  const std::uint32_t queue = (around_.home + round + nth / 2 * around_.home_step) % around_.queues;
  const std::uint32_t block = nth % 2 == 1 ? tx_block(queue) : rx_block(queue);
  return static_cast<std::uint16_t>(block + 4 * (step % kRegistersOfQueue));
}

std::uint16_t RegisterSide::read_address() {
  Dice& dice = around_.dice;
  if (around_.phase.reviews) return review_address();
  if (dice.chance(5)) return static_cast<std::uint16_t>(dice.word());
  if (dice.chance(5)) return static_cast<std::uint16_t>(dice.below(0x20));
  if (dice.chance(5)) return static_cast<std::uint16_t>(kRegisterRssControl + dice.below(kRssBytes));
  const bool tx = dice.chance(50);
  const std::uint32_t queue = dice.chance(80) ? around_.queue_in_use(tx) : dice.below(around_.queues);
  const std::uint32_t block = tx ? tx_block(queue) : rx_block(queue);
  const std::uint32_t word = dice.chance(3) ? dice.below(kBlockBytes / 4) : dice.below(kRegistersOfQueue);
  return static_cast<std::uint16_t>(block + 4 * word);
}

void RegisterSide::drive_write(EngineInputs& in) {
  Dice& dice = around_.dice;
  if (!offering_ && around_.now >= next_write_ && !around_.pause) {
    // Whoever plans ahead of an answer does not know what the queue is like.
    if (planned_.empty() && unanswered_.empty()) plan();
    if (planned_.empty() && dice.chance(1)) plan_garbage();
    if (!planned_.empty()) {
      current_ = planned_.front();
      planned_.pop_front();
      if (dice.chance(1)) current_.strobes = static_cast<std::uint8_t>(dice.below(kAllBytes));
      offering_ = true;
      address_taken_ = data_taken_ = false;
      address_wait_ = data_wait_ = 0;
      if (dice.chance(around_.phase.apart_pct))
        (dice.chance(50) ? address_wait_ : data_wait_) = dice.below(12);
    }
  }
  in.axil_awvalid = offering_ && !address_taken_ && address_wait_ == 0;
  in.axil_wvalid = offering_ && !data_taken_ && data_wait_ == 0;
  in.axil_awaddr = in.axil_awvalid ? current_.address : static_cast<std::uint16_t>(around_.noise >> 20);
  in.axil_wdata = in.axil_wvalid ? current_.value : static_cast<std::uint32_t>(around_.noise >> 30);
  in.axil_wstrb =
      in.axil_wvalid ? current_.strobes : static_cast<std::uint8_t>(around_.noise >> 50 & kAllBytes);
  if (address_wait_ != 0) --address_wait_;
  if (data_wait_ != 0) --data_wait_;
  if (in.axil_awvalid && !in.axil_wvalid) around_.coverage.count(Event::kAddressFirst);
  if (in.axil_wvalid && !in.axil_awvalid) around_.coverage.count(Event::kDataFirst);
}

void RegisterSide::drive_read(EngineInputs& in) {
  if (in.axil_arvalid) return;
  in.axil_araddr = static_cast<std::uint16_t>(around_.noise >> 40);
  if (around_.pause || (reads_wished_.empty() && around_.now < next_read_)) return;
  in.axil_arvalid = true;
  if (reads_wished_.empty()) {
    in.axil_araddr = read_address();
  } else {
    in.axil_araddr = reads_wished_.front();
    reads_wished_.pop_front();
  }
}

void RegisterSide::drive(EngineInputs& in) {
  drive_write(in);
  drive_read(in);
  in.axil_bready = around_.open(Gate::kLiteB);
  in.axil_rready = around_.open(Gate::kLiteR);
}

void RegisterSide::observe(EngineInputs& in, const EngineOutputs& out) {
  LockstepCoverage& coverage = around_.coverage;
  const Phase& phase = around_.phase;
  if (in.axil_awvalid && in.axil_wvalid && in.axil_arvalid && (out.axil_awready || out.axil_arready)) {
    coverage.count(Event::kReadMeetsWrite);
  }
  if (out.axil_bvalid && !unanswered_.empty()) {
    if (!answer_shown_) answered(unanswered_.front());
    answer_shown_ = !in.axil_bready;
    if (in.axil_bready) {
      unanswered_.pop_front();
    } else {
      coverage.count(Event::kWriteAnswerWaits);
    }
  }
  if (in.axil_awvalid && out.axil_awready) address_taken_ = true;
  if (in.axil_wvalid && out.axil_wready) data_taken_ = true;
  if (offering_ && address_taken_ && data_taken_) taken();

  if (out.axil_rvalid && !in.axil_rready) coverage.count(Event::kReadAnswerWaits);
  if (out.axil_rvalid && in.axil_rready && !reads_.empty()) {
    read_done(reads_.front(), out.axil_rdata);
    reads_.pop_front();
    next_read_ = around_.now + around_.dice.below(phase.read_gap_max + 1);
  }
  if (in.axil_arvalid && out.axil_arready) {
    reads_.push_back(in.axil_araddr);
    in.axil_arvalid = false;
    next_read_ = around_.now + around_.dice.below(phase.read_gap_max + 1);
  }
}

void RegisterSide::taken() {
  offering_ = false;
  taken_at_ = around_.now;
  next_write_ = around_.now + around_.dice.below(around_.phase.write_gap_max + 1);
  unanswered_.push_back(current_);
  const Decoded at = decode(current_.address);
  const bool stops = current_.strobes == kAllBytes && at.queue_register && at.offset == kControl &&
                     !(current_.value & kControlEnable);
  if (stops) around_.rings[at.tx][at.queue].stopping = true;
}

void RegisterSide::answered(const Write& write) {
  if (write.strobes != kAllBytes) return around_.coverage.count(Event::kPartialWrite);
  if (is_rss(write.address) && (write.address & ~3u) == kRegisterRssControl) {
    around_.rss_on = (write.value & kRssControlEnable) != 0;
    around_.coverage.count(Event::kRssSet);
    if (around_.within_frame) around_.coverage.count(Event::kRssSetMidFrame);
  }
  const Decoded at = decode(write.address);
  if (!at.queue_register) return;
  RingShadow& ring = around_.rings[at.tx][at.queue];
  if (at.offset == kStartIndex) ring.start = write.value;
  if (at.offset == kZeroCopy && !ring.enabled) ring.zero_copy = (write.value & kZeroCopyEnable) != 0;
  if (at.offset == kUmemLimitLow && !ring.enabled) {
    ring.umem_limit = (ring.umem_limit >> 32 << 32) | write.value;
  }
  if (at.offset == kUmemLimitHigh && !ring.enabled) {
    ring.umem_limit = std::uint64_t{write.value} << 32 | static_cast<std::uint32_t>(ring.umem_limit);
  }
  if (at.offset == kRingLog2 && !ring.enabled) ring.log2 = std::clamp(write.value, 1u, kRingLog2Max);
  if (at.offset == kDoorbell && ring.enabled) {
    const std::uint32_t ahead = write.value - ring.seen;
    const bool in_range = ahead <= 1u << ring.log2 && ahead >= ring.posted - ring.seen;
    around_.coverage.at_level(at.tx, in_range ? RingEvent::kDoorbell : RingEvent::kDoorbellRefused,
                              ring.level());
    if (in_range) ring.posted = write.value;
  }
  if (at.offset != kControl) return;
  const bool enable = (write.value & kControlEnable) != 0;
  if (enable && !ring.enabled) {
    ring.posted = ring.seen = ring.start;
    ring.given = ring.sent = 0;
    ring.second_word = false;
    // Done in the cycle after it was taken, answered in the one after, if nothing holds it up.
    if (around_.now - taken_at_ > 2) around_.coverage.count(Event::kEnableWaited);
  }
  if (ring.enabled && !enable) around_.coverage.at_level(at.tx, RingEvent::kDisabled, ring.level());
  ring.enabled = enable;
  ring.stopping = false;
}

void RegisterSide::read_done(std::uint16_t address, std::uint32_t value) {
  if (is_rss(address)) around_.coverage.count(Event::kRssRead);
  const Decoded at = decode(address);
  if (!at.queue_register || at.offset / 4 >= kRegistersOfQueue) return;
  around_.coverage.read_of(at.tx, at.offset / 4);
  if (at.offset == kInvalid && value != 0) around_.coverage.count(Event::kOutsideUmem);
  if (at.offset == kTruncated && value != 0) around_.coverage.count(Event::kCutInUmem);
  if (at.offset == kCause) around_.coverage.causes_of(at.tx, value);
  if (at.offset != kState) return;
  if (value & kStateRangeError) around_.coverage.count(Event::kDoorbellRefused);
  if ((value & (kStateEnabled | kStateInFlight)) == kStateInFlight)
    around_.coverage.count(Event::kOffInFlight);
}

void RegisterSide::forget() {
  planned_.clear();
  unanswered_.clear();
  reads_wished_.clear();
  reads_.clear();
  offering_ = answer_shown_ = false;
  address_wait_ = data_wait_ = 0;
  wish_for_all();
}

// Whether reset has forgotten something shows where it is looked for.
void RegisterSide::wish_for_all() {
  Dice& dice = around_.dice;
  for (std::uint32_t i = 0; i < kQueuesAskedAfterReset; ++i) {
    const bool tx = dice.chance(50);
    const std::uint32_t queue = dice.chance(50) ? around_.queue_in_use(tx) : dice.below(around_.queues);
    const std::uint32_t block = tx ? tx_block(queue) : rx_block(queue);
    for (std::uint32_t word = 0; word < kRegistersOfQueue; ++word) {
      reads_wished_.push_back(static_cast<std::uint16_t>(block + 4 * word));
    }
  }
  if (dice.chance(50)) return;
  for (std::uint32_t byte = 0; byte < kRssBytes; byte += 4) {
    reads_wished_.push_back(static_cast<std::uint16_t>(kRegisterRssControl + byte));
  }
}

}  // namespace ringproof::nic
