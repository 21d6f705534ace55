#include "model/nic/functional_port.h"

#include <algorithm>
#include <utility>

namespace ringproof::nic {
FunctionalPort::FunctionalPort(const NicConfig& config, std::uint32_t port, Host& host, const TapList& taps,
                               std::uint64_t seed)
    : config_(config),
      info_(describe(config, port)),
      port_(port),
      host_(host),
      decoder_(port, taps),
      dma_(config_, port, host, taps, seed),
      rss_(config_.rss_key, config_.rx_queues),
      receive_(config_, port, rss_, taps),
      transmit_(config_, port, taps),
      interrupts_(config_, port, host),
      doorbells_(port, host) {
  receive_.use(host.faults());
  transmit_.use(host.faults());
  dma_.memory().use(host.faults(), port);
  dma_.memory().tell(taps);
  dma_.tell(decoder_);
  interrupts_.tell(decoder_);
  receive_.tell(decoder_);
  FunctionalQueueOwner& owner = *this;
  for (std::uint32_t queue = 0; queue < config_.rx_queues; ++queue) {
    rx_.push_back(std::make_unique<FunctionalRxQueue>(dma_, interrupts_, owner, queue));
  }
  for (std::uint32_t queue = 0; queue < config_.tx_queues; ++queue) {
    tx_.push_back(std::make_unique<FunctionalTxQueue>(dma_, interrupts_, owner, queue));
  }
}

// --- registers ---

void FunctionalPort::write32(std::uint32_t offset, std::uint32_t value) {
  if (!doorbells_.concerns(offset)) {
    post({true, offset, value, nullptr}, 0);
    return;
  }
  const DisturbedDoorbell arriving = doorbells_.disturb({offset, value});
  for (const RegisterWrite& each : arriving.writes) {
    post({true, each.offset, each.value, nullptr}, arriving.late_ps);
  }
}

void FunctionalPort::read32(std::uint32_t offset, std::function<void(std::uint32_t)> done) {
  post({false, offset, 0, std::move(done)}, 0);
}

// In the order in which they were made, as on a bus.
void FunctionalPort::post(Access access, std::uint64_t late_ps) {
  accesses_.push() = std::move(access);
  const std::uint64_t due_ps = host_.now_ps() + std::uint64_t{config_.register_latency_ns} * 1000 + late_ps;
  last_access_ps_ = std::max(last_access_ps_, due_ps);
  host_.at(last_access_ps_, {EventSource::Kind::kRegister, port_, 0}, [this] { access_due(); });
}

void FunctionalPort::access_due() {
  ++accesses_due_;
  run_accesses();
  serve_receive(host_.now_ps());
}

void FunctionalPort::run_accesses() {
  while (accesses_due_ > 0 && run(accesses_.front())) {
    --accesses_due_;
    accesses_.pop();
  }
}

// False: it has to wait, and so do those behind it.
bool FunctionalPort::run(Access& access) {
  if (!access.is_write) {
    const std::uint32_t read = answers() ? read_register(access.offset) : kNoAnswer;
    if (answers()) decoder_.register_read(access.offset, read, host_.now_ps());
    answer(access, doorbells_.read(read, host_.now_ps()));
    return true;
  }
  FunctionalQueue* queue = queue_at(access.offset);
  const std::uint32_t in_block = access.offset % kBlockBytes;
  if (queue == nullptr || !answers()) return true;
  if (queue->must_wait(in_block, access.value)) return false;
  decoder_.register_written(access.offset, access.value, host_.now_ps());
  queue->write(in_block, access.value);
  return true;
}

void FunctionalPort::answer(Access& access, std::uint32_t value) {
  const std::uint64_t back_ps = host_.now_ps() + std::uint64_t{config_.register_latency_ns} * 1000;
  host_.at(back_ps, {EventSource::Kind::kRegister, port_, 0},
           [done = std::move(access.done), value] { done(value); });
}

FunctionalQueue* FunctionalPort::queue_at(std::uint32_t offset) const {
  const std::uint32_t queue = offset / kBlockBytes % kTxVectorBase;
  const std::uint32_t block = offset - offset % kBlockBytes;
  if (queue < rx_.size() && block == rx_block(queue)) return rx_[queue].get();
  if (queue < tx_.size() && block == tx_block(queue)) return tx_[queue].get();
  return nullptr;
}

std::uint32_t FunctionalPort::read_register(std::uint32_t offset) const {
  if (const FunctionalQueue* queue = queue_at(offset)) return queue->read(offset % kBlockBytes);
  switch (offset) {
    case kRegisterId:
      return kIdValue;
    case kRegisterVersion:
      return kVersionValue;
    case kRegisterQueues:
      return config_.rx_queues | config_.tx_queues << 16;
    case kRegisterLimits:
      return kRingLog2Max;
    default:
      return 0;
  }
}

void FunctionalPort::queue_moved() {
  run_accesses();
  serve_receive(host_.now_ps());
}

// There is no clock: it is over at once.
void FunctionalPort::reset(std::uint32_t /*cycles*/) {
  decoder_.reset(host_.now_ps());
  interrupts_.reset();
  for (const auto& queue : rx_) queue->reset();
  for (const auto& queue : tx_) queue->reset();
  senders_.clear();
  room_awaited_ = false;
  run_accesses();
  serve_receive(host_.now_ps());
}

void FunctionalPort::set_present(bool present) {
  set_link(present);
  present_ = present;
  if (!present) reset(0);
}

// --- wires ---

std::uint64_t FunctionalPort::next_stop_ps() const {
  const std::uint64_t next_ps = std::min(receive_.next_arrival_ps(), transmit_.next_end_ps());
  return next_ps == kNever ? kNever : next_ps + 1;
}

// Both directions of the wire, in the order of their times.
void FunctionalPort::advance_to(std::uint64_t time_ps) {
  while (true) {
    const std::uint64_t arrival_ps = receive_.next_arrival_ps();
    const std::uint64_t end_ps = transmit_.next_end_ps();
    if (std::min(arrival_ps, end_ps) >= time_ps) break;
    if (end_ps <= arrival_ps) {
      transmit_.leave();
    } else {
      receive_.arrive();
      serve_receive(std::max(arrival_ps, host_.now_ps()));
    }
  }
  time_ps_ = std::max(time_ps_, time_ps);
}

void FunctionalPort::stop_traffic() { receive_.stop(std::max(time_ps_, host_.now_ps())); }

bool FunctionalPort::quiet() const {
  const auto moves = [](const auto& queue) { return queue->in_flight(); };
  return receive_.over() && receive_.front() == nullptr && accesses_.empty() && transmit_.drained() &&
         std::none_of(rx_.begin(), rx_.end(), moves) && std::none_of(tx_.begin(), tx_.end(), moves);
}

// The frame in front of the MAC goes first; the others wait behind it.
void FunctionalPort::serve_receive(std::uint64_t now_ps) {
  while (const ReceivedFrame* frame = receive_.front()) {
    FunctionalRxQueue& queue = *rx_[frame->rss.queue];
    const bool discard = queue.must_discard();
    if (!discard && !queue.can_take()) return;
    if (discard) {
      queue.discarded();
    } else {
      queue.take(*frame, now_ps);
    }
    receive_.pop(discard);
  }
}

void FunctionalPort::ready_to_send(FunctionalTxQueue& queue) {
  senders_.push(&queue);
  serve_transmit();
}

// Queues take turns, frame by frame, as long as the MAC has room.
void FunctionalPort::serve_transmit() {
  transmit_.advance(host_.now_ps());
  while (!senders_.empty() && transmit_.has_room()) {
    FunctionalTxQueue& queue = *senders_.front();
    senders_.pop();
    queue.send_one(transmit_);
    if (queue.ready()) senders_.push(&queue);
  }
  if (senders_.empty() || room_awaited_) return;
  room_awaited_ = true;
  dma_.at(transmit_.next_end_ps() + 1, senders_.front()->vector(), [this] {
    room_awaited_ = false;
    serve_transmit();
  });
}

}  // namespace ringproof::nic
