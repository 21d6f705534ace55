#include "model/driver/driver.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "model/base/check.h"
#include "model/driver/copied_frames.h"
#include "model/driver/hardware_queue.h"
#include "model/driver/rx_queue.h"
#include "model/driver/stack_queue.h"
#include "model/driver/tx_hold.h"
#include "model/driver/tx_queue.h"

namespace ringproof::driver {

Driver::Driver(nic::Device& device, Host& host, const TapList& taps, const DriverSettings& settings)
    : device_(device),
      host_(host),
      taps_(taps),
      tx_hold_(std::make_unique<TxHold>()),
      control_(host),
      settings_(settings) {
  const std::uint32_t first_cpu = host_.cpu_count() / 2;
  // The smallest rings that the hardware knows.
  const FaultStrike tiny = host_.fault(FaultId::kDsc03, {.port = info().port});
  const auto entries = [&](std::uint32_t wanted) {
    return tiny ? std::min(wanted, 1U << tiny.amount) : wanted;
  };
  for (std::uint32_t queue = 0; queue < info().rx_queues; ++queue) {
    rx_queues_.push_back(std::make_unique<RxQueue>(
        device, host, taps, work_signal_, queue, entries(settings.rx_ring_entries),
        [this](std::uint32_t rx_queue, Layer by, Tap::Bytes frame) { return forward(rx_queue, by, frame); }));
    rx_queues_.back()->set_cpu(first_cpu + queue);
  }
  for (std::uint32_t queue = 0; queue < info().tx_queues; ++queue) {
    tx_queues_.push_back(std::make_unique<TxQueue>(device, host, taps, work_signal_, *tx_hold_, queue,
                                                   entries(settings.tx_ring_entries)));
    tx_queues_.back()->set_cpu(first_cpu + queue);
  }
  for (std::uint32_t queue = 0; queue < std::max(info().rx_queues, info().tx_queues); ++queue) {
    stack_queues_.push_back(std::make_unique<StackQueue>(*this, host, taps, queue, first_cpu + queue));
  }
  host_.start_service(info().name + ".bring_up", 0, [this] { bring_up(); });
}

Driver::~Driver() = default;

// All ones is what a device that does not answer reads as: asked again, it may have come.
std::uint32_t Driver::read_register(std::uint32_t offset) {
  constexpr std::uint32_t kTries = 1000;
  constexpr std::uint64_t kPausePs = 1'000'000;
  std::uint32_t value = read_once(offset);
  for (std::uint32_t i = 1; value == nic::kNoAnswer && !lost_ && i < kTries; ++i) {
    Signal never_notified;
    host_.wait(never_notified, host_.now_ps() + kPausePs);
    value = read_once(offset);
  }
  return value;
}

std::uint32_t Driver::read_once(std::uint32_t offset) {
  Signal answered;
  bool done = false;
  std::uint32_t value = 0;
  device_.read32(offset, [&](std::uint32_t read) {
    value = read;
    done = true;
    host_.notify(answered);
  });
  while (!done) host_.wait(answered, kNever);
  return value;
}

void Driver::bring_up() {
  SIM_CHECK(read_register(nic::kRegisterId) == nic::kIdValue, "the device is not the one this driver knows");
  const std::uint32_t queues = read_register(nic::kRegisterQueues);
  SIM_CHECK(info().rx_queues <= (queues & 0xFFFF) && info().tx_queues <= (queues >> 16),
            "the device has fewer queues than the NIC file asks for");
  for (PolledQueue* queue : all_queues()) queue->set_pacing(settings_.coalesce, settings_.moderation);
  const std::uint32_t features = read_register(nic::kRegisterFeatures);
  SIM_CHECK(queues != nic::kNoAnswer && features != nic::kNoAnswer,
            "the device is gone while it is brought up");
  engine_hashes_ = (features & nic::kFeaturesRss) != 0;
  lends_ = settings_.zero_copy && (features & nic::kFeaturesZeroCopy) != 0;
  if (lends_) {
    const std::uint32_t log2 = read_register(nic::kRegisterLimits) & nic::kLimitsRingLog2Max;
    lent_entries_max_ = 1U << std::min(log2, nic::kRingLog2Max);
  }
  if (engine_hashes_) program_rss();
  for (const auto& queue : rx_queues_) queue->set_up();
  for (const auto& queue : tx_queues_) queue->set_up();

  // Register writes are posted; the answer to a read tells that all of them have arrived.
  read_register(nic::kRegisterId);
  for (std::size_t i = 0; i < rx_queues_.size(); ++i)
    start_poll_task(".rx" + std::to_string(i), *rx_queues_[i]);
  for (std::size_t i = 0; i < tx_queues_.size(); ++i)
    start_poll_task(".tx" + std::to_string(i), *tx_queues_[i]);
  if (lends_) host_.start_service(info().name + ".lending", 0, [this] { serve_lending(); });
  ready_ = true;
  host_.notify(ready_signal_);
}

void Driver::start_poll_task(const std::string& name, PolledQueue& queue) {
  host_.start_service(info().name + name, queue.cpu(), [&queue] { queue.serve(); });
}

PolledQueue& Driver::polled(std::uint32_t queue, Direction direction) const {
  if (direction == Direction::kRx) return *rx_queues_[queue];
  return *tx_queues_[queue];
}

void Driver::wait_until_ready() {
  while (!ready_) host_.wait(ready_signal_, kNever);
}

void Driver::set_rx_client(std::uint32_t queue, Layer layer, RxClient* client) {
  rx_queues_[queue]->set_client(layer, client);
}

void Driver::set_tx_client(std::uint32_t queue, Layer layer, TxClient* client) {
  tx_queues_[queue]->set_client(layer, client);
  if (client != nullptr && layer != Layer::kNative) want_back(*tx_queues_[queue]);
}

void Driver::kick_tx(std::uint32_t queue) { tx_queues_[queue]->wake(); }

void Driver::set_rss(const nic::RssSettings& settings) {
  device_.set_rss(settings);
  if (engine_hashes_) return program_rss();
  taps_.tell(&Tap::rss_changed, info().port, RssTold{settings.key, settings.table, settings.hash_types});
}

// Only what differs from what the registers have. The last write puts all of it in force.
void Driver::program_rss() {
  const nic::RssSettings wanted = device_.rss();
  std::uint32_t writes = 0;
  const auto write = [&](std::uint32_t offset, std::uint32_t value) {
    ++writes;
    device_.write32(offset, value);
  };
  for (std::uint32_t word = 0; word < nic::kRssKeyWords; ++word) {
    const std::uint32_t value = wanted.key_word(word);
    if (value != programmed_.key_word(word)) write(nic::kRegisterRssKey + 4 * word, value);
  }
  for (std::uint32_t word = 0; word < nic::kRssTableWords; ++word) {
    const std::uint32_t value = wanted.table_word(word);
    if (value != programmed_.table_word(word)) write(nic::kRegisterRssTable + 4 * word, value);
  }
  programmed_ = wanted;
  write(nic::kRegisterRssControl,
        wanted.hash_types << std::countr_zero(nic::kRssControlTypes) | nic::kRssControlEnable);
  host_.spend(writes * kRegisterWritePs);  // at the end: nobody else writes these in between
}

void Driver::wait_for_rss() {
  if (engine_hashes_) read_once(nic::kRegisterRssControl);
}

std::uint64_t Driver::map_for_tx(std::uint32_t queue, unsigned char* memory, std::uint64_t bytes) {
  return device_.memory().map(memory, bytes, nic::kTxVectorBase + queue, nic::DmaRight::kRead);
}

void Driver::unmap(std::uint64_t dma_address) { device_.memory().release(dma_address); }

bool Driver::idle() const {
  return std::all_of(rx_queues_.begin(), rx_queues_.end(),
                     [](const auto& queue) { return queue->drained(); }) &&
         std::all_of(stack_queues_.begin(), stack_queues_.end(),
                     [](const auto& queue) { return queue->idle(); }) &&
         std::all_of(tx_queues_.begin(), tx_queues_.end(),
                     [](const auto& queue) { return queue->drained(); });
}

void Driver::set_cpu(std::uint32_t queue, Direction direction, std::uint32_t cpu) {
  polled(queue, direction).set_cpu(cpu);
}

std::uint32_t Driver::cpu(std::uint32_t queue, Direction direction) const {
  return polled(queue, direction).cpu();
}

void Driver::set_paused(bool paused) {
  taps_.tell(&Tap::interface_paused, info().port, paused);
  for (const auto& queue : rx_queues_) queue->set_paused(paused);
  for (const auto& queue : tx_queues_) queue->set_paused(paused);
  for (const auto& queue : stack_queues_) queue->set_paused(paused);
  if (!paused) return;
  want_back_all(Direction::kRx);
  want_back_all(Direction::kTx);
}

void Driver::look_again() {
  if (!ready_) return;
  for (PolledQueue* queue : all_queues()) queue->look_again();
}

void Driver::hold_rx(std::uint32_t queue, bool held) { rx_queues_[queue]->hold(held); }

std::uint32_t Driver::rx_backlog(std::uint32_t queue) const { return rx_queues_[queue]->backlog(); }

CopiedFrames& Driver::copied(Layer layer, std::uint32_t queue) {
  std::unique_ptr<CopiedFrames>& frames = copied_[{layer, queue}];
  if (frames == nullptr) {
    frames = std::make_unique<CopiedFrames>(*this, queue);
    set_tx_client(queue, layer, frames.get());
  }
  return *frames;
}

bool Driver::forward(std::uint32_t rx_queue, Layer by, Tap::Bytes frame) {
  const std::uint32_t queue = rx_queue % info().tx_queues;
  const bool native = by == Layer::kNative;
  CopiedFrames& frames = copied(native ? Layer::kNativeForward : Layer::kGenericForward, queue);
  const bool room = native ? frames.waiting() < tx_queues_[queue]->room()
                           : frames.count() < settings_.generic_forward_limit;
  if (!room) return false;
  frames.send({frame.begin(), frame.end()});
  kick_tx(queue);
  return true;
}

void Driver::send_from_stack(std::uint32_t queue, std::vector<unsigned char> frame) {
  queue %= info().tx_queues;
  copied(Layer::kHostStack, queue).send(std::move(frame));
  kick_tx(queue);
}

void Driver::hold_tx(std::function<bool(Tap::Bytes)> wanted) {
  tx_hold_->set_wanted(std::move(wanted));
  if (tx_hold_->wants_any()) want_back_all(Direction::kTx);
}

const std::vector<HeldFrame>& Driver::held_tx() const { return tx_hold_->frames(); }

void Driver::release_tx(std::size_t i, const TxRelease& how) {
  const HeldFrame held = tx_hold_->remove(i);
  tx_queues_[held.queue]->release_held(held, how);
}

void Driver::release_all_tx() {
  while (!held_tx().empty()) release_tx(0);
}

void Driver::set_busy(std::uint32_t queue, Direction direction, bool on) {
  polled(queue, direction).set_busy(on);
}

void Driver::acquire(std::uint32_t queue, Direction direction) { polled(queue, direction).acquire(); }

void Driver::release(std::uint32_t queue, Direction direction) { polled(queue, direction).release(); }

PollWork Driver::poll_rx(std::uint32_t queue, std::uint32_t quota) { return rx_queues_[queue]->poll(quota); }

PollWork Driver::poll_tx(std::uint32_t queue, std::uint32_t quota) { return tx_queues_[queue]->poll(quota); }

void Driver::arm_rx(std::uint32_t queue) { rx_queues_[queue]->arm(); }

void Driver::arm_tx(std::uint32_t queue) { tx_queues_[queue]->arm(); }

bool Driver::wait_for_work(std::uint32_t rx_queue, std::uint32_t tx_queue, std::uint64_t deadline_ps) {
  const auto stirs = [this](std::uint32_t queue, Direction direction) {
    if (queue == kNoQueue) return false;
    const PolledQueue& it = polled(queue, direction);
    return it.work_waits() || !it.acquired();
  };
  while (!stirs(rx_queue, Direction::kRx) && !stirs(tx_queue, Direction::kTx)) {
    if (!host_.wait(work_signal_, deadline_ps)) return false;
  }
  return true;
}

}  // namespace ringproof::driver
