#include "testbench/rtl/lockstep_memory.h"

#include <bit>

namespace ringproof::nic {
namespace {

enum WriteId : std::uint32_t {
  kWritePayload,
  kWriteCompletion,
  kWriteRxIndex,
  kWriteTxIndex,
  kWriteTxCompletion
};
// The lower bits of a read's id.
enum Reader : std::uint32_t { kReadRxDesc, kReadTxDesc, kReadPayload };

constexpr std::uint32_t kKeepOneIn = 1500;

}  // namespace

std::uint8_t MemorySide::answer_code(Event refused) {
  Dice& dice = around_.dice;
  if (dice.chance(around_.phase.error_pct)) {
    around_.coverage.count(refused);
    return dice.chance(50) ? 2 : 3;
  }
  if (!dice.chance(2)) return 0;
  around_.coverage.count(Event::kExclusiveOkay);
  return 1;
}

std::uint32_t MemorySide::buffer_length(bool tx) {
  Dice& dice = around_.dice;
  // A length needs more than 16 bits as soon as one of the others is set.
  if (dice.chance(1)) {
    const std::uint32_t length = random_frame_bytes(dice, around_.phase.tx_frames);
    return length | 1u << dice.from_to(16, 31);
  }
  if (tx) {
    if (dice.chance(2)) return dice.one_of({0, 0, kFrameBytesMax, kFrameBytesMax + 1, 0x10040, 0xFFFF0000});
    return random_frame_bytes(dice, around_.phase.tx_frames);
  }
  if (dice.chance(around_.phase.small_buffer_pct)) {
    if (dice.chance(50)) return dice.one_of({0, 1, 63, 64, 65, 511, 512, 513, 1024});
    return dice.from_to(1, 600);
  }
  return dice.one_of({2048, 2048, 4096, 9000, kFrameBytesMax, kFrameBytesMax + 1, 0x80000001});
}

// Places are near enough to the end of the UMEM that some lie on it and some behind.
void MemorySide::fill_for_socket(BeatData& beat, bool tx, const RingShadow& ring) {
  Dice& dice = around_.dice;
  const std::size_t words = tx ? 4 : 2;
  for (std::size_t lane = 0; lane < beat.size(); lane += words) {
    std::uint64_t place = dice.chance(90) ? dice.bits() % (ring.umem_limit / 2 + 1) : ring.umem_limit;
    if (dice.chance(3)) place = dice.chance(50) ? ring.umem_limit + 1 : dice.bits();
    if (dice.chance(3)) place ^= std::uint64_t{1} << dice.below(64);
    if (tx) place = (place & 0xFFFF'FFFF'FFFF) | (dice.chance(50) ? dice.bits() << 48 : 0);
    beat[lane] = static_cast<std::uint32_t>(place);
    beat[lane + 1] = static_cast<std::uint32_t>(place >> 32);
    if (tx) beat[lane + 2] = buffer_length(true);
  }
}

void MemorySide::fill(BeatData& beat, std::uint32_t reader, std::uint32_t queue) {
  fill_random(around_.dice, beat);
  if (reader == kReadPayload) return;
  const bool tx = reader == kReadTxDesc;
  const RingShadow& ring = around_.rings[tx][queue];
  if (ring.zero_copy) return fill_for_socket(beat, tx, ring);
  for (std::size_t lane = 0; lane < beat.size(); lane += 4) {
    const std::uint64_t address = random_address(around_.dice);
    beat[lane] = static_cast<std::uint32_t>(address);
    beat[lane + 1] = static_cast<std::uint32_t>(address >> 32);
    beat[lane + 2] = buffer_length(tx);
  }
}

void MemorySide::answer_write(EngineInputs& in) {
  in.axi_bid = static_cast<std::uint8_t>(around_.noise >> 4 & 15);
  in.axi_bresp = static_cast<std::uint8_t>(around_.noise >> 8 & 3);
  if (!around_.open(Gate::kB) || writes_owed_ == 0) return;
  const std::uint32_t first = around_.dice.below(kWriteIds);
  for (std::uint32_t i = 0; i < kWriteIds; ++i) {
    const std::uint32_t id = (first + i) % kWriteIds;
    if (answers_[id].empty() || answers_[id].front() > around_.now) continue;
    if (answers_kept_until_[id] > around_.now) continue;
    in.axi_bvalid = true;
    in.axi_bid = static_cast<std::uint8_t>(id);
    in.axi_bresp = answer_code(Event::kWriteError);
    return;
  }
}

// What is due, the first of its id, and not kept back. A phase in order knows only the oldest of each reader.
void MemorySide::list_choices() {
  choices_.clear();
  std::array<std::uint64_t, 4> seen{};  // ids of which there is an older one
  for (std::uint32_t reader = 0; reader < kReaders; ++reader) {
    if (reads_kept_until_[reader] > around_.now) continue;
    const auto& reads = reads_[reader];
    for (std::size_t place = 0; place < reads.size(); ++place) {
      const Read& read = reads[place];
      const bool older = (seen[read.id / 64] >> read.id % 64 & 1) != 0;
      seen[read.id / 64] |= std::uint64_t{1} << read.id % 64;
      if (!older && read.due <= around_.now) choices_.push_back({reader, place});
      if (around_.phase.read_order == ReadOrder::kAsAsked) break;
    }
  }
}

// REQUIRES: there are choices
MemorySide::Choice MemorySide::choose() {
  Dice& dice = around_.dice;
  const Phase& phase = around_.phase;
  if (within_burst_ && !dice.chance(phase.mix_pct)) {
    for (const Choice& choice : choices_) {
      if (reads_[choice.reader][choice.place].id == last_read_id_) return choice;
    }
  }
  if (phase.read_order != ReadOrder::kNewestFirst) {
    return choices_[dice.below(static_cast<std::uint32_t>(choices_.size()))];
  }
  // Of each reader the newest one comes last.
  const std::uint32_t reader = choices_[dice.below(static_cast<std::uint32_t>(choices_.size()))].reader;
  Choice newest{};
  for (const Choice& choice : choices_) {
    if (choice.reader == reader) newest = choice;
  }
  return newest;
}

void MemorySide::count_overtaking(const Choice& choice, bool refused) {
  const auto& reads = reads_[choice.reader];
  const Read& read = reads[choice.place];
  bool of_queue = false;
  for (std::size_t place = 0; place < choice.place; ++place) of_queue |= reads[place].user == read.user;
  if (!of_queue) return;
  const bool payload = choice.reader == kReadPayload;
  around_.coverage.count(payload ? Event::kPayloadOvertook : Event::kDescriptorOvertook);
  if (refused) around_.coverage.count(Event::kOvertakingRefused);
}

void MemorySide::answer_read(EngineInputs& in) {
  in.axi_rid = static_cast<std::uint8_t>(around_.noise >> 12);
  in.axi_rresp = static_cast<std::uint8_t>(around_.noise >> 20 & 3);
  in.axi_rlast = (around_.noise >> 22 & 1) != 0;
  if (!around_.open(Gate::kR) || reads_owed_ == 0) return;
  list_choices();
  if (choices_.empty()) return;
  shown_ = choose();
  const Read& read = reads_[shown_.reader][shown_.place];
  if (within_burst_ && read.id != last_read_id_) {
    around_.coverage.count(Event::kReadsInterleaved);
    if (shown_.reader == kReadPayload) around_.coverage.count(Event::kPayloadInterleaved);
  }
  in.axi_rvalid = true;
  in.axi_rid = read.id;
  in.axi_rresp = answer_code(Event::kReadError);
  in.axi_rlast = read.next + 1 == read.beats;
  count_overtaking(shown_, in.axi_rresp >= 2);
  within_burst_ = !in.axi_rlast;
  last_read_id_ = read.id;
  fill(in.axi_rdata, shown_.reader, read.user % kLockstepQueues);
}

void MemorySide::keep_back(std::uint32_t answerer, std::uint64_t cycles) {
  auto& until =
      answerer < kWriteIds ? answers_kept_until_[answerer] : reads_kept_until_[answerer - kWriteIds];
  until = around_.now + cycles;
}

void MemorySide::drive(EngineInputs& in) {
  Dice& dice = around_.dice;
  if (around_.phase.shuts && dice.below(kKeepOneIn) == 0) {
    const std::uint32_t answerer = dice.below(kAnswerers);
    keep_back(answerer, dice.from_to(100, 2500));
  }
  in.axi_awready = around_.open(Gate::kAw);
  in.axi_wready = around_.open(Gate::kW);
  in.axi_arready = around_.open(Gate::kAr);
  // What is shown stays until it is taken.
  if (!in.axi_bvalid) answer_write(in);
  if (!in.axi_rvalid) answer_read(in);
}

void MemorySide::observe(EngineInputs& in, const EngineOutputs& out) {
  const Phase& phase = around_.phase;
  // Answers first: what is asked in this cycle is answered in the next at the earliest.
  if (in.axi_bvalid && out.axi_bready) {
    answers_[in.axi_bid].pop_front();
    --writes_owed_;
    --addresses_owed_[in.axi_bid];
    in.axi_bvalid = false;
  }
  if (in.axi_rvalid && out.axi_rready) {
    auto& reads = reads_[shown_.reader];
    const auto read = reads.begin() + static_cast<std::ptrdiff_t>(shown_.place);
    if (shown_.reader == kReadPayload) --beats_owed_;
    if (++read->next == read->beats) {
      reads.erase(read);
      --reads_owed_;
    }
    in.axi_rvalid = false;
  }

  if (out.axi_awvalid && in.axi_awready) {
    const std::uint32_t id = out.axi_awid % kWriteIds;
    addresses_.push_back({static_cast<std::uint8_t>(id), out.axi_awuser});
    if (last_write_) around_.coverage.order_of(true, *last_write_, id);
    last_write_ = id;
    static constexpr Mark kMarks[] = {Mark::kPayloadWrites, Mark::kCompletionWrites, Mark::kRxIndexWrites,
                                      Mark::kTxIndexWrites, Mark::kTxCompletionWrites};
    around_.coverage.raise(kMarks[id], ++addresses_owed_[id]);
  }
  if (out.axi_wvalid && in.axi_wready && out.axi_wlast) data_.push_back({out.axi_wstrb, out.axi_wdata});
  // Data may come before its address.
  while (!addresses_.empty() && !data_.empty()) {
    written(addresses_.front(), data_.front());
    answers_[addresses_.front().id].push_back(around_.now + 1 +
                                              around_.dice.below(phase.write_latency_max + 1));
    ++writes_owed_;
    addresses_.pop_front();
    data_.pop_front();
  }

  if (out.axi_arvalid && in.axi_arready) {
    const std::uint32_t reader = out.axi_arid % 4 % kReaders;
    const std::uint32_t beats = out.axi_arlen + 1u;
    if (last_reader_) around_.coverage.order_of(false, *last_reader_, reader);
    last_reader_ = reader;
    reads_[reader].push_back({out.axi_arid, out.axi_aruser, beats, 0,
                              around_.now + 1 + around_.dice.below(phase.read_latency_max + 1)});
    ++reads_owed_;
    static constexpr Mark kMarks[] = {Mark::kRxDescReads, Mark::kTxDescReads, Mark::kPayloadReads};
    around_.coverage.raise(kMarks[reader], reads_[reader].size());
    if (reader == kReadPayload) around_.coverage.raise(Mark::kPayloadBeats, beats_owed_ += beats);
  }
}

void MemorySide::written(const Address& address, const Data& data) {
  const std::uint32_t queue = address.user % kLockstepQueues;
  if (address.id == kWriteCompletion) completed(queue, data);
  if (address.id == kWriteTxCompletion) entry_written(true, data);
  if (address.id == kWriteRxIndex || address.id == kWriteTxIndex) {
    index_written(address.id == kWriteTxIndex, queue, data);
  }
}

void MemorySide::entry_written(bool tx, const Data& data) {
  const bool there = data.strobes != 0;
  if (tx) {
    around_.coverage.count(there ? Event::kTxZeroCopy : Event::kTxZeroCopyNone);
  } else {
    around_.coverage.count(there ? Event::kRxZeroCopy : Event::kRxZeroCopyNone);
  }
}

void MemorySide::completed(std::uint32_t queue, const Data& data) {
  LockstepCoverage& coverage = around_.coverage;
  if (around_.rings[false][queue].zero_copy) {
    entry_written(false, data);
    coverage.frame_of(false, queue, around_.rings[false][queue].log2);
    if (around_.rx_under_way != 0) --around_.rx_under_way;
    return;
  }
  const bool lower = (data.strobes & 1) != 0, upper = (data.strobes >> 32 & 1) != 0;
  coverage.count(lower && upper ? Event::kRxPair : Event::kRxAlone);
  for (const bool half : {false, true}) {
    if (!(half ? upper : lower)) continue;
    const std::uint32_t* words = &data.words[half ? 8 : 0];
    const std::uint32_t length = words[1], flags = words[3];
    coverage.count(Event::kRxFrame);
    if (length > kLongFrameBytes) coverage.count(Event::kRxFrameLong);
    if (length == 0) coverage.count(Event::kRxFrameEmpty);
    if (flags & kRxFlagTruncated) coverage.count(Event::kRxFrameCut);
    if (flags & kRxFlagDmaError) coverage.count(Event::kRxFailed);
    coverage.frame_of(false, queue, around_.rings[false][queue].log2);
    if (around_.rx_under_way != 0) --around_.rx_under_way;
  }
}

void MemorySide::index_written(bool tx, std::uint32_t queue, const Data& data) {
  LockstepCoverage& coverage = around_.coverage;
  RingShadow& ring = around_.rings[tx][queue];
  if (ring.zero_copy) {
    ring.second_word = !ring.second_word;
    if (ring.second_word) return;
  }
  const std::uint32_t index =
      data.words[static_cast<std::size_t>(std::countr_zero(data.strobes | 1ull << 60)) / 4];
  coverage.count(tx ? Event::kTxIndexWrite : Event::kRxIndexWrite);
  if (ring.enabled) coverage.at_level(tx, RingEvent::kIndexWrite, ring.level());
  if (index < ring.seen) coverage.count(tx ? Event::kTxIndexWrap : Event::kRxIndexWrap);
  if (index - ring.seen > 1) coverage.count(Event::kIndexWriteSeveral);
  ring.seen = index;
  // A doorbell that was thought to be out of range and was not.
  if (static_cast<std::int32_t>(ring.posted - index) < 0) ring.posted = index;
}

void MemorySide::forget() {
  for (auto& reads : reads_) reads.clear();
  for (auto& answers : answers_) answers.clear();
  addresses_.clear();
  data_.clear();
  addresses_owed_ = {};
  reads_owed_ = writes_owed_ = beats_owed_ = 0;
  within_burst_ = false;
}

}  // namespace ringproof::nic
