// driver.h: the native driver of one port.
// Role     owns the hardware queues; hands received frames to a client per queue and takes frames to send
// Shapes   one poll task per receive and per transmit queue; queue q polls on CPU (cpus / 2 + q) mod cpus
//          until set_cpu() says otherwise
// Threads  simulation thread; clients are called from the poll task of their queue, or from the task that
//          polls a queue it has acquired
// Errors   a device that is not ours (ID, queue count) stops the run: SIM_CHECK
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/driver/control_requests.h"
#include "model/driver/quic_table.h"
#include "model/nic/device.h"
#include "xdp/framechecksum.h"
#include "xdp/framelayout.h"

namespace ringproof::driver {

class CopiedFrames;
class LentRings;
struct LentCounts;
class PolledQueue;
class RxQueue;
class StackQueue;
class TxHold;
class TxQueue;

enum class Direction : std::uint8_t { kRx, kTx };
constexpr std::uint32_t kNoQueue = std::numeric_limits<std::uint32_t>::max();

// kTransmit: the frame leaves through the transmit queue of the same number, as it is now.
enum class RxAction : std::uint8_t { kPass, kDrop, kTransmit };

// Who sees a received frame first, and whose frames are sent first: what the interfaces forward comes before
// what their sockets send. The host stack gets what the others pass, and is no client for receiving.
enum class Layer : std::uint8_t { kNativeForward, kGenericForward, kNative, kGeneric, kHostStack };
constexpr std::size_t kLayers = 5;

struct RxFrame {
  std::span<unsigned char> bytes;
  std::span<const std::uint32_t> fragments;  // lengths of the buffers it came in; empty: one
  std::uint64_t timestamp_ns = 0;
  std::uint32_t rss_hash = 0;
  XDP_FRAME_LAYOUT layout{};      // as far as the device looked into the frame
  XDP_FRAME_CHECKSUM checksum{};  // the device's verdicts
  RxAction action = RxAction::kPass;
};

// Inspects what a receive queue brought. Frames whose action becomes kDrop were taken or dropped by the
// client, who accounts for them; those that become kTransmit the driver sends, as far as there is room; it
// passes the others to the host stack.
class RxClient {
 public:
  virtual ~RxClient() = default;
  virtual void receive(std::span<RxFrame> frames) = 0;
};

struct TxFrame {
  std::uint64_t dma_address = 0;  // readable by this queue
  std::uint32_t length = 0;       // [bytes]
  std::uint64_t context = 0;      // given back with the completion
  Tap::Bytes bytes;               // the host's view of the same bytes
  XDP_FRAME_LAYOUT layout{};      // where the headers are, for the checksums that are asked for
  XDP_FRAME_CHECKSUM checksum{};  // passthrough or required, per layer
};

struct TxCompletion {
  std::uint64_t context = 0;
  std::uint64_t timestamp_ns = 0;  // end of the frame on the wire; 0: it was never there
};

// Gives a transmit queue its frames and hears when the device is done with them.
class TxClient {
 public:
  virtual ~TxClient() = default;
  // Called first in every pass: the frames the device finished, in its order.
  virtual void completed(std::span<const TxCompletion> frames) = 0;
  // Appends at most `room` frames. Returns whether the pass must be followed by another one.
  virtual bool fill(std::uint32_t room, std::vector<TxFrame>& frames) = 0;
};

// A frame that the driver keeps instead of posting it.
struct HeldFrame {
  std::uint32_t queue = 0;
  TxFrame frame;
  Layer layer = Layer::kNative;
  std::uint64_t since_ps = 0;
};

// How a held frame ends.
struct TxRelease {
  std::optional<std::uint64_t> timestamp_ns;  // reported by the completion instead of the device's
  bool send = true;                           // false: completed without having been sent
};

struct PollWork {
  bool more = false;  // the pass found something: another one must follow
};

struct DriverSettings {
  std::uint32_t rx_ring_entries = 256;
  std::uint32_t tx_ring_entries = 256;
  std::uint32_t coalesce = 0;  // registers COALESCE and MODERATION of every queue, where the device has them
  std::uint32_t moderation = 0;
  bool zero_copy = false;  // queues work on rings that they are lent, where the device can
  bool polling = false;    // offers its queues to be polled: set_busy() and acquire()
  // Frames of a queue that the generic interface forwards at a time; the native one has what room there is in
  // the transmit ring.
  std::uint32_t generic_forward_limit = 1024;
};

class Driver {
 public:
  Driver(nic::Device& device, Host& host, const TapList& taps, const DriverSettings& settings);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  const nic::DeviceInfo& info() const { return device_.info(); }

  // Blocks the calling task until every queue is set up.
  void wait_until_ready();

  // The client of a layer of a receive queue; frames that it passes go to the next layer, and from the last
  // one to the host stack. Null passes every frame. Takes effect between batches.
  void set_rx_client(std::uint32_t queue, Layer layer, RxClient* client);
  void set_tx_client(std::uint32_t queue, Layer layer, TxClient* client);
  // Asks for passes of the transmit queue until one finds nothing to do.
  void kick_tx(std::uint32_t queue);

  // How received frames are spread over the queues. With an engine that hashes, it holds for frames that come
  // to it after the writes of its registers, which are posted; with another, from the next one that arrives
  // on. REQUIRES: the table names queues that are there.
  void set_rss(const nic::RssSettings& settings);
  // Blocks the calling task until what was set holds.
  void wait_for_rss();
  nic::RssSettings rss() const { return device_.rss(); }

  // The connections that the adapter encrypts packets of.
  QuicTable& quic() { return quic_; }

  // What applications ask of the adapter, for whoever wants to answer it.
  ControlRequests& control() { return control_; }

  // Makes memory readable for a transmit queue; returns its DMA address.
  std::uint64_t map_for_tx(std::uint32_t queue, unsigned char* memory, std::uint64_t bytes);
  void unmap(std::uint64_t dma_address);

  // No transmit frame is with the device or the driver, and no receive completion waits to be taken, be it
  // that nobody came for it, that the queue is held, or that whoever acquired it does not poll.
  bool idle() const;

  // The CPU of a queue's poll task, from its next wake-up on.
  void set_cpu(std::uint32_t queue, Direction direction, std::uint32_t cpu);
  std::uint32_t cpu(std::uint32_t queue, Direction direction) const;

  // Paused, frames to send are completed unsent and received ones are dropped (kPaused).
  void set_paused(bool paused);
  // ---- Resets ----
  // Each blocks the calling task until it is done; they follow one another.

  // The queue, or all of them, stops in good order and starts anew: what the device had finished is taken,
  // frames that it had not sent are completed without a timestamp and told (kSendFailed), and every receive
  // buffer is posted again.
  void reset_queue(std::uint32_t queue, Direction direction);
  void reset_function();
  // The device is gone, or was reset behind the driver's back: what it had is given back, and so is
  // everything that clients want to send, until it is back. REQUIRES of device_returned(): it answers.
  void device_lost();
  void device_returned();

  nic::Device& device() const { return device_; }

  // Every queue looks after its work, and rings its doorbell again: what was lost on the way comes in order.
  void look_again();

  // ---- What tests ask of a device ----

  // While a receive queue is held its frames pile up in the hardware; afterwards clients get all that waits,
  // at most kPollBudget frames a batch.
  void hold_rx(std::uint32_t queue, bool held);
  // Completions that the device has published and nobody has taken.
  std::uint32_t rx_backlog(std::uint32_t queue) const;

  // A received frame leaves again, as a copy. False: there is no room.
  bool forward(std::uint32_t rx_queue, Layer by, Tap::Bytes frame);

  // ---- The host's own stack ----

  // REQUIRES: queue < stack_queues().
  StackQueue& stack(std::uint32_t queue) { return *stack_queues_[queue]; }
  std::uint32_t stack_queues() const { return static_cast<std::uint32_t>(stack_queues_.size()); }
  // The port sends a frame of the stack. REQUIRES: 1 to max_frame_bytes bytes; a queue without a transmit
  // queue of its number uses another one.
  void send_from_stack(std::uint32_t queue, std::vector<unsigned char> frame);
  // Names of frames that programs see on their way from the stack.
  std::uint64_t next_local_frame() { return next_local_frame_++; }

  // From now on keeps the frames that match, as clients hand them over; they take room as if posted. Null:
  // none any more; those that are held stay.
  void hold_tx(std::function<bool(Tap::Bytes)> wanted);
  const std::vector<HeldFrame>& held_tx() const;
  // The queue's next pass posts the frame; the device gets frames in the order of their release.
  // REQUIRES: i < held_tx().size(). Later frames move up.
  void release_tx(std::size_t i, const TxRelease& how = {});
  void release_all_tx();

  // ---- Zero-copy queues: rings that the platform lends ----

  // Whether a queue could work on rings of the native interface now, and on nothing else.
  bool can_lend(std::uint32_t queue, Direction direction) const;
  // Of the longest ring that it could work on.
  std::uint32_t lent_entries_max() const { return lent_entries_max_; }
  // Each blocks the calling task until it is done. Frames that come meanwhile are lost (kNoDescriptor).
  // A queue that the driver needs for something else, or resets, takes itself back: LentRings::end(). False:
  // something has changed while it was prepared.
  bool lend(std::uint32_t queue, Direction direction, LentRings& rings);
  void take_back(std::uint32_t queue, Direction direction, const LentRings& rings);
  // Descriptors that are not posted yet stay where they are.
  void post_no_more(std::uint32_t queue, Direction direction, const LentRings& rings);
  // The owner, or the application, has changed something: the queue looks after it.
  void look_at_lent(std::uint32_t queue, Direction direction);
  // What the device has counted for them goes to LentRings::counted(), unless they were taken back meanwhile.
  void count_lent(std::uint32_t queue, Direction direction, const LentRings& rings);

  // ---- Polling by others: poll modes of sockets ----

  bool polling() const { return settings_.polling; }

  // Counted. A busy queue is polled over and over instead of waiting for interrupts, with pauses that grow to
  // 1 ms; after 16 polls in vain it sleeps until an interrupt or a kick. Ending it asks for one more pass.
  void set_busy(std::uint32_t queue, Direction direction, bool on);

  // Counted. The queue's own task leaves an acquired queue alone; the last release gives it back, and what
  // waits is taken then.
  void acquire(std::uint32_t queue, Direction direction);
  void release(std::uint32_t queue, Direction direction);
  // One pass in the calling task, as soon as no other pass is under way: at most `quota` frames received, or
  // handed over for sending; completions of sent frames are taken all.
  PollWork poll_rx(std::uint32_t queue, std::uint32_t quota);
  PollWork poll_tx(std::uint32_t queue, std::uint32_t quota);
  // Asks for an interrupt when there is more; at once if there is already, so not useful with a quota of 0.
  void arm_rx(std::uint32_t queue);
  void arm_tx(std::uint32_t queue);
  // Blocks until an interrupt or a kick of either queue came that no pass has followed (true), one of them
  // is not acquired any more (true), or the deadline passed (false). kNoQueue: only the other one.
  bool wait_for_work(std::uint32_t rx_queue, std::uint32_t tx_queue, std::uint64_t deadline_ps);

 private:
  CopiedFrames& copied(Layer layer, std::uint32_t queue);
  void bring_up();
  void take_back(PolledQueue& queue, const LentRings& rings);
  LentCounts read_counts(const PolledQueue& queue);
  // Of a queue at rest. Nothing: the device does not answer.
  std::optional<LentCounts> counts_at_rest(const PolledQueue& queue);
  void tell_last_counts(const PolledQueue& queue, bool answers);
  // From any context: as soon as the lender comes to it.
  void want_back(PolledQueue& queue);
  void want_back_all(Direction direction);
  void serve_lending();
  void program_rss();
  std::uint32_t read_register(std::uint32_t offset);
  std::uint32_t read_once(std::uint32_t offset);
  void start_poll_task(const std::string& name, PolledQueue& queue);
  PolledQueue& polled(std::uint32_t queue, Direction direction) const;
  std::vector<PolledQueue*> all_queues() const;
  // Runs `body` with passes of these queues kept out, when no other reset is under way.
  void with_barred(const std::vector<PolledQueue*>& queues, const std::function<void()>& body);
  void reset(const std::vector<PolledQueue*>& queues);
  // False: the device is gone.
  bool wait_until_at_rest(const PolledQueue& queue);
  void restart(const std::vector<PolledQueue*>& queues);

  nic::Device& device_;
  Host& host_;
  const TapList& taps_;
  bool ready_ = false;
  Signal ready_signal_;
  bool resetting_ = false;
  bool lost_ = false;  // the device answers nobody
  Signal reset_over_;
  Signal work_signal_;  // something came for an acquired queue
  std::unique_ptr<TxHold> tx_hold_;
  QuicTable quic_;
  ControlRequests control_;
  std::vector<std::unique_ptr<RxQueue>> rx_queues_;
  std::vector<std::unique_ptr<TxQueue>> tx_queues_;
  std::vector<std::unique_ptr<StackQueue>> stack_queues_;  // as many as the port has of either direction
  std::uint64_t next_local_frame_ = kFirstLocalFrame;
  const DriverSettings settings_;
  bool lends_ = false;  // FEATURES has ZERO_COPY, and it is wanted
  std::uint32_t lent_entries_max_ = 0;
  std::vector<PolledQueue*> wanted_back_;
  Signal lending_signal_;
  bool engine_hashes_ = false;     // FEATURES has RSS
  nic::RssSettings programmed_{};  // what its registers have
  std::map<std::pair<Layer, std::uint32_t>, std::unique_ptr<CopiedFrames>> copied_;  // by transmit queue
};

}  // namespace ringproof::driver
