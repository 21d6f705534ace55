// tap.h: what each layer tells whoever listens.
// Role     the only way by which monitors, accounts, recorders and hashes see a run; a listener never acts
// Shapes   a received frame is known by (port, timestamp): its arrival time, unique per port; one that the
//          host's own stack sends by (port, number), from kFirstLocalFrame on
// Units    time_ps simulated [ps]; timestamp_ns MAC arrival [ns]; indices run free in 32 bits
// Threads  called in the simulation thread, in the order in which things happen
// Source   docs/code-map.md
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "model/base/fault.h"
#include "model/base/host.h"
#include "model/base/inspector_quirks.h"

struct _XDP_RULE;  // NOLINT(bugprone-reserved-identifier): the published name

namespace ringproof {

// Why a frame that arrived did not reach anybody. The names are those of stats.json.
enum class DropReason : std::uint8_t {
  kMacFifoFull,        // the MAC's receive buffer had no room
  kRunt,               // nothing in it at all
  kOversize,           // longer than the port accepts
  kNoDescriptor,       // the queue had no posted buffer, or was disabled
  kDmaError,           // a DMA access was refused
  kTruncated,          // longer than the posted buffer
  kRule,               // a rule said drop
  kSocketNotAttached,  // redirected to a socket that is closed, inactive or on another queue
  kSocketRxFull,       // redirected; the RX ring had no room
  kSocketFillEmpty,    // redirected; the FILL ring had no entry
  kSocketBadFill,      // redirected; the FILL entry was invalid
  kPaused,             // the interface was paused
  kSendFailed,         // to be sent; the device gave it back unsent
  kLinkDown,           // the link was down
  kLineLost,           // lost on the line, before the MAC
  kBadFcs,             // the frame check sequence does not fit
  kBadCompletion,      // the device told nonsense about it
  kMapMiss,            // redirected through a map that has no socket for the queue
  kForwardFull,        // to be sent out again; there was no room
  kCount
};
const char* drop_reason_name(DropReason reason);

// Numbers of frames that never were on the wire stand where the others have timestamps.
constexpr std::uint64_t kFirstLocalFrame = std::uint64_t{1} << 63;
constexpr bool is_local_frame(std::uint64_t timestamp_ns) { return timestamp_ns >= kFirstLocalFrame; }

enum class RingKind : std::uint8_t { kFill, kRx, kTx, kCompletion };
const char* ring_kind_name(RingKind kind);

enum class Actor : std::uint8_t { kApplication, kPlatform };

// Where the extensions of a ring's elements lie; kNone: not enabled.
struct ExtensionOffsets {
  static constexpr std::uint16_t kNone = 0xFFFF;
  std::uint16_t timestamp = kNone;
  std::uint16_t original_length = kNone;
  std::uint16_t checksum = kNone;
  std::uint16_t layout = kNone;
};

// Who takes what a hardware queue brings: its task sleeps and waits for an interrupt; the task works, or has
// been woken; somebody who acquired or holds the queue decides when.
enum class Poller : std::uint8_t { kAsleep, kAwake, kElsewhere };

// What has to come to an end by itself. The object is a socket, or the interface index.
enum class Teardown : std::uint8_t { kClose, kDetach, kProgramRemoval, kRemoval, kQueueReset };
const char* teardown_name(Teardown teardown);

// A shared ring as the platform made it.
struct RingShape {
  const unsigned char* base;  // producer word at 0, consumer word at 64, flags at 128, elements from 192
  std::uint32_t size;         // [entries], a power of two
  std::uint32_t stride;       // [bytes/entry]
  ExtensionOffsets extensions{};
  const unsigned char* element(std::uint32_t index) const {
    return base + 192 + std::size_t{index & (size - 1)} * stride;
  }
};

struct UmemShape {
  unsigned char* base;
  std::uint64_t total_bytes;  // rounded down to whole chunks
  std::uint32_t chunk_bytes;
  std::uint32_t headroom_bytes;
};

// One access to a word that application and platform share, or a fence between two of them.
struct SharedAccess {
  enum class Kind : std::uint8_t { kLoad, kStore, kChange, kFence };

  Kind kind;
  MemoryOrder order;  // a change acquires and releases
  Actor side;
  std::uint32_t task;   // its number; kOutsideTask for timers and interrupts
  std::uint32_t cpu;    // that the task runs on
  const void* word;     // null: a fence
  std::uint32_t value;  // loaded, which may be an older one than memory holds, or stored
  std::uint32_t old;    // store, change: what was there
  std::uint64_t time_ps;

  static constexpr std::uint32_t kOutsideTask = 0xFFFFFFFF;
};

// The order is that of the specification: "from Activating on" is a comparison.
enum class SocketState : std::uint8_t {
  kUnbound,
  kBinding,
  kBound,
  kActivating,
  kActive,
  kDetached,
  kClosing
};
const char* socket_state_name(SocketState state);

// What an application asks of a socket.
struct SocketCall {
  enum class Kind : std::uint8_t { kBind, kActivate, kSetOption, kGetOption, kNotify, kNotifyAsync };

  Kind kind;
  std::uint32_t argument;  // flags, or the option
};
const char* socket_call_name(SocketCall::Kind kind);

// What an application can find out about a socket, apart from what its traffic changes.
struct SocketView {
  static constexpr std::size_t kFields = 9;
  SocketState state = SocketState::kUnbound;
  std::array<std::uint64_t, kFields> fields{};
  static const char* field_name(std::size_t field);
};

struct SocketStatistics {
  std::uint64_t rx_dropped = 0;
  std::uint64_t rx_truncated = 0;
  std::uint64_t rx_invalid_descriptors = 0;
  std::uint64_t tx_invalid_descriptors = 0;
  bool operator==(const SocketStatistics&) const = default;
};

// The memory that the device may read for a socket: its UMEM, or the platform's copy of it, byte for byte at
// the same places.
struct TxMemory {
  std::uint32_t port;
  std::uint64_t dma_address;
  std::uint64_t bytes;
  const unsigned char* memory;
  bool is_copy;
  std::uint32_t length_max;  // of a frame
};

// Memory that a device may use from now on.
struct DmaRegion {
  enum class Kind : std::uint8_t { kOwn, kBorrowed, kMailbox };  // the driver's; somebody else's; a word

  std::uint64_t address;
  std::uint64_t bytes;
  std::uint32_t requester;
  bool read;
  bool write;
  Kind kind;
  const unsigned char* memory;
};

// A receive queue of the platform. Generic and native ones, and those of either direction, are different.
struct QueuePlace {
  std::uint32_t port;
  std::uint32_t queue;
  bool generic;
  bool from_wire;
  bool operator==(const QueuePlace&) const = default;
};

// A rule as it was given, the program that it belongs to, and the socket or the map that its redirect names
// (0: none).
struct RuleTold {
  const _XDP_RULE* rule;
  std::uint64_t program;
  std::uint64_t socket;
  std::uint64_t map = 0;
};

// What a queue decided about a frame: `rule` counts over all programs of the queue; kNoRule: none matched.
struct Judgement {
  static constexpr std::uint32_t kNoRule = 0xFFFFFFFF;
  std::uint64_t timestamp_ns;
  std::uint64_t version;  // how often the rules of the queue had changed
  std::uint32_t rule;
  std::uint64_t program;
  // How the frame lay before the rules: lengths of its buffers, none for a single one; how many beyond the
  // first the interface takes; which oddities it has.
  std::span<const std::uint32_t> buffers = {};
  std::uint32_t fragment_limit = 64;
  InspectorQuirks quirks{};
  std::uint64_t socket = 0;  // that a redirect names, by itself or through a map; 0: none
};

// How a port spreads received frames.
struct RssTold {
  std::span<const std::uint8_t> key;
  std::span<const std::uint8_t> queues;  // a frame goes to queues[hash mod their number]
  std::uint32_t hash_types;              // XDP_RSS_HASH_TYPE_…
};

// A queue that takes descriptors from a ring of a socket, and writes entries into a second one.
struct ZeroCopyTold {
  std::uint32_t index;    // of the next entry
  std::uint32_t entries;  // of the second ring
  std::uint64_t memory;   // DMA address that the entries count from
};

class Tap {
 public:
  virtual ~Tap() = default;
  using Bytes = std::span<const unsigned char>;

  // Wire and NIC
  virtual void wire_in(std::uint32_t, std::uint64_t /*timestamp_ns*/, Bytes) {}
  // The link went down, or came up: while it is down, what is on the wire is lost.
  virtual void link_changed(std::uint32_t, bool /*up*/) {}
  // From the next frame on.
  virtual void rss_changed(std::uint32_t, const RssTold&) {}
  virtual void nic_dropped(std::uint32_t, std::uint64_t /*timestamp_ns*/, DropReason) {}
  virtual void nic_accepted(std::uint32_t, std::uint32_t /*queue*/, std::uint64_t /*timestamp_ns*/) {}
  virtual void wire_out(std::uint32_t, std::uint32_t /*queue*/, std::uint64_t /*end time_ps*/, Bytes) {}
  virtual void wire_out_dropped(std::uint32_t, std::uint32_t /*queue*/, DropReason) {}
  // The MAC put a checksum at this byte of the frame that the next wire_out tells.
  virtual void tx_checksum_inserted(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*at*/) {}
  // A request for checksums did not fit its frame, which is sent as it is.
  virtual void tx_bad_offload(std::uint32_t, std::uint32_t /*queue*/) {}
  virtual void dma(std::uint32_t, std::uint32_t /*requester*/, bool /*write*/, std::uint64_t /*address*/,
                   std::uint32_t /*bytes*/, bool /*allowed*/, std::uint64_t /*time_ps*/) {}
  // What the device may touch: from here on, and not any more.
  virtual void dma_mapped(std::uint32_t, const DmaRegion&) {}
  virtual void dma_unmapped(std::uint32_t, std::uint64_t /*address*/) {}

  // Transactions of the device, as far as addresses and registers tell them. `vector` names the queue:
  // receive queue q: q, transmit queue q: 64 + q. Indices run free, slots lie in the ring.
  virtual void queue_enabled(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*start index*/,
                             std::uint32_t /*entries*/, std::uint64_t /*time_ps*/) {}
  virtual void queue_disabled(std::uint32_t, std::uint32_t /*vector*/, std::uint64_t /*time_ps*/) {}
  // The host has read that the queue is off and has nothing in flight.
  virtual void queue_stopped(std::uint32_t, std::uint32_t /*vector*/, std::uint64_t /*time_ps*/) {}
  // The host has read whether a doorbell was out of range.
  virtual void range_error_read(std::uint32_t, std::uint32_t /*vector*/, bool /*error*/,
                                std::uint64_t /*time_ps*/) {}
  virtual void device_reset(std::uint32_t, std::uint64_t /*time_ps*/) {}
  virtual void doorbell_written(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*index*/,
                                std::uint64_t /*time_ps*/) {}
  virtual void interrupt_armed(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*seen index*/,
                               std::uint64_t /*time_ps*/) {}
  virtual void interrupt_requested(std::uint32_t, std::uint32_t /*vector*/, std::uint64_t /*time_ps*/) {}
  virtual void interrupt_delivered(std::uint32_t, std::uint32_t /*vector*/, std::uint64_t /*time_ps*/) {}
  // A read of post ring entries was asked for; entries around those that are meant may come along.
  virtual void descriptors_fetched(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*first slot*/,
                                   std::uint32_t /*count*/, std::uint64_t /*time_ps*/) {}
  // A write came to memory, or was refused there.
  virtual void payload_written(std::uint32_t, std::uint32_t /*vector*/, std::uint64_t /*address*/,
                               std::uint32_t /*bytes*/, bool /*allowed*/, std::uint64_t /*time_ps*/) {}
  virtual void completion_written(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*slot*/,
                                  Bytes /*entry*/, bool /*allowed*/, std::uint64_t /*time_ps*/) {}
  virtual void index_published(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*index*/,
                               bool /*allowed*/, std::uint64_t /*time_ps*/) {}
  // A queue that has just been enabled is a zero-copy queue. The slots of completion_written are those of the
  // second ring, and its bytes the format of that; a descriptor that is used up without an entry has none.
  virtual void zero_copy_enabled(std::uint32_t, std::uint32_t /*vector*/, const ZeroCopyTold&,
                                 std::uint64_t /*time_ps*/) {}
  virtual void entries_published(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*index*/,
                                 bool /*allowed*/, std::uint64_t /*time_ps*/) {}
  // The MAC has all of a frame to send, or was told not to send it.
  virtual void tx_handed_over(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/) {}
  // A frame was discarded because its queue had no buffer for it.
  virtual void rx_starved(std::uint32_t, std::uint32_t /*queue*/, std::uint64_t /*timestamp_ns*/) {}

  // Driver and hardware rings
  // Whoever has the say lets the interface lose what comes and what is to be sent, or ends that.
  virtual void interface_paused(std::uint32_t, bool /*paused*/) {}
  // The driver is told that its device is gone, or has found it again.
  virtual void device_lost(std::uint32_t, bool /*lost*/) {}
  // What is posted from now on, from this index on, lies in another ring: in one that a socket has lent to
  // the device (its number), or in the driver's own again (0). What was posted before and not completed is
  // void.
  virtual void hw_ring_changed(std::uint32_t, std::uint32_t /*vector*/, std::uint32_t /*index*/,
                               std::uint32_t /*entries*/, std::uint64_t /*socket*/) {}
  virtual void hw_rx_buffer(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/,
                            std::uint64_t /*address*/, std::uint32_t /*bytes*/) {}
  virtual void poller_changed(std::uint32_t, std::uint32_t /*vector*/, Poller, std::uint64_t /*time_ps*/) {}
  virtual void hw_rx_posted(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/) {}
  virtual void hw_rx_completed(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/,
                               std::uint64_t /*timestamp_ns*/, Bytes) {}
  virtual void hw_tx_posted(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/, Bytes) {}
  // A test keeps the frame with the driver: it is posted when the test says so, if at all.
  virtual void tx_held(std::uint32_t, std::uint32_t /*queue*/, Bytes) {}
  virtual void hw_tx_completed(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/) {}

  // Where the platform sent a frame
  // Comes before frame_passed: the bytes as the stack gets them, or, of a frame of the stack, the port.
  virtual void passed_on(std::uint32_t, std::uint64_t /*timestamp_ns*/, Bytes) {}
  virtual void frame_passed(std::uint32_t, std::uint64_t /*timestamp_ns*/, std::uint64_t /*time_ps*/) {}
  virtual void frame_forwarded(std::uint32_t, std::uint64_t /*timestamp_ns*/, std::uint64_t /*time_ps*/) {}
  virtual void frame_dropped(std::uint32_t, std::uint64_t /*timestamp_ns*/, DropReason) {}
  // The bytes are in UMEM at `address + headroom`; published by the next ring_moved of the RX ring.
  virtual void frame_delivered(std::uint32_t, std::uint64_t /*timestamp_ns*/, std::uint64_t /*socket*/,
                               std::uint64_t /*umem address*/, Bytes, std::uint64_t /*time_ps*/) {}

  // The host's own stack
  // It sends a frame that programs look at first; passed means: to the port, forwarded: back to the stack.
  virtual void local_frame_begun(std::uint32_t, std::uint32_t /*queue*/, std::uint64_t /*number*/, Bytes) {}
  // It gets a frame that did not come from the wire, or would have got one.
  virtual void stack_received(std::uint32_t, std::uint32_t /*queue*/, std::uint64_t /*time_ps*/, Bytes) {}
  virtual void stack_lost(std::uint32_t, std::uint32_t /*queue*/, DropReason) {}

  // Sockets
  virtual void program_attached(std::uint32_t, std::uint64_t /*time_ps*/) {}
  virtual void umem_registered(std::uint64_t /*socket*/, const UmemShape&) {}
  virtual void ring_created(std::uint64_t /*socket*/, RingKind, const RingShape&) {}
  // An index was stored (or, for a store that nobody reported, first seen) by `actor`.
  virtual void ring_moved(std::uint64_t /*socket*/, RingKind, Actor, std::uint32_t /*old*/,
                          std::uint32_t /*now*/, std::uint64_t /*time_ps*/) {}
  // The platform took entry `index` of FILL or TX for its own.
  virtual void entry_taken(std::uint64_t /*socket*/, RingKind, std::uint32_t /*index*/, Bytes) {}
  // FILL entry refused, or accepted: the platform will write the chunk.
  virtual void fill_judged(std::uint64_t /*socket*/, std::uint64_t /*address*/, bool /*valid*/) {}
  virtual void tx_judged(std::uint64_t /*socket*/, std::uint64_t /*base address*/, bool /*valid*/, Bytes) {}
  // The NIC is done with a transmitted buffer; a completion entry was written for it.
  virtual void tx_finished(std::uint64_t /*socket*/, std::uint64_t /*base address*/, Bytes) {}
  virtual void socket_closed(std::uint64_t /*socket*/) {}
  // The queue asks the socket for frames from now on, or does not any more.
  // `to_wire` false: what the socket sends goes to the host's own stack.
  virtual void tx_joined(std::uint64_t /*socket*/, std::uint32_t /*port*/, std::uint32_t /*queue*/,
                         bool /*generic*/, bool /*to_wire*/) {}
  virtual void tx_left(std::uint64_t /*socket*/) {}
  // Something that has to come to an end by itself; several of a kind may be under way for one object.
  virtual void teardown_begun(Teardown, std::uint64_t /*object*/, std::uint64_t /*time_ps*/) {}
  virtual void teardown_ended(Teardown, std::uint64_t /*object*/, std::uint64_t /*time_ps*/) {}

  // Shared memory and its flags
  // A load that a polling program repeats, while nothing else happens, need not be told.
  virtual void shared_access(const SharedAccess&) {}
  // The platform judges room or entries by this copy of the application's index.
  virtual void peer_cached(std::uint64_t /*socket*/, RingKind, std::uint32_t /*index*/,
                           std::uint64_t /*time_ps*/) {}
  // A pass over the TX ring of an active socket, by the calling task; `outstanding`: frames with the device.
  virtual void transmit_pass(std::uint64_t /*socket*/, bool /*begins*/, std::uint32_t /*outstanding*/,
                             std::uint64_t /*time_ps*/) {}
  // A poke of the TX ring was accepted and is carried out, by the calling task.
  virtual void tx_poked(std::uint64_t /*socket*/, bool /*begins*/, std::uint64_t /*time_ps*/) {}
  // The poll mode changes, and with it what NEED_POKE says; `polled`: of the mode that is being entered.
  virtual void poll_mode_changing(std::uint64_t /*socket*/, bool /*begins*/, bool /*polled*/) {}
  // The application asks what a flag of the ring told it about.
  virtual void flag_queried(std::uint64_t /*socket*/, RingKind, std::uint32_t /*flag*/) {}
  // Nothing will happen any more unless from outside.
  virtual void went_quiet(std::uint64_t /*time_ps*/) {}

  // Life, calls and waits of sockets
  virtual void socket_created(std::uint64_t /*socket*/, bool /*strict*/) {}
  virtual void socket_destroyed(std::uint64_t /*socket*/) {}
  virtual void state_changed(std::uint64_t /*socket*/, SocketState /*from*/, SocketState /*to*/,
                             std::uint64_t /*time_ps*/) {}
  virtual void call_began(std::uint64_t /*socket*/, const SocketCall&, const SocketView&,
                          std::uint64_t /*time_ps*/) {}
  virtual void call_ended(std::uint64_t /*socket*/, const SocketCall&, std::uint32_t /*status*/,
                          const SocketView&, std::uint64_t /*time_ps*/) {}
  // A call with wait flags began; it took the wait slot; its waiter was told to look; it ended.
  virtual void wait_began(std::uint64_t /*socket*/, std::uint64_t /*wait*/, std::uint32_t /*flags*/,
                          std::uint32_t /*timeout_ms*/, std::uint64_t /*time_ps*/) {}
  virtual void wait_blocked(std::uint64_t /*socket*/, std::uint64_t /*wait*/, std::uint64_t /*time_ps*/) {}
  virtual void waiter_told(std::uint64_t /*socket*/, std::uint64_t /*time_ps*/) {}
  virtual void wait_ended(std::uint64_t /*socket*/, std::uint64_t /*wait*/, std::uint32_t /*status*/,
                          std::uint32_t /*result*/, std::uint64_t /*time_ps*/) {}
  // The sticky error of a ring was set.
  virtual void ring_failed(std::uint64_t /*socket*/, RingKind, std::uint32_t /*error*/,
                           std::uint64_t /*time_ps*/) {}
  virtual void tx_memory_mapped(std::uint64_t /*socket*/, const TxMemory&) {}
  virtual void tx_memory_unmapped(std::uint64_t /*socket*/, std::uint64_t /*dma_address*/) {}
  // The application asked for them, or the socket closes.
  virtual void statistics_read(std::uint64_t /*socket*/, const SocketStatistics&) {}
  // The platform read the application's index; and made up its mind about room or entries.
  virtual void index_read(std::uint64_t /*socket*/, RingKind) {}
  virtual void index_decided(std::uint64_t /*socket*/, RingKind) {}

  // Programs and handles
  virtual void handle_opened(std::uint64_t /*handle*/) {}
  virtual void handle_closed(std::uint64_t /*handle*/) {}
  virtual void rules_changed(const QueuePlace&, std::uint64_t /*version*/, std::span<const RuleTold>) {}
  virtual void frame_judged(const QueuePlace&, const Judgement&, Bytes) {}
  // The entry of a map names this socket from now on; 0: none.
  virtual void map_changed(std::uint64_t /*map*/, std::uint32_t /*key*/, std::uint64_t /*socket*/) {}
  // The bitmap of a port set stays where it is until the program that uses it is closed.
  virtual void port_set_held(std::uint64_t /*program*/, const void* /*bits*/, std::size_t /*bytes*/) {}
  virtual void program_closed(std::uint64_t /*program*/) {}

  // Faults
  // An injected fault strikes; what it does on purpose is nobody's mistake.
  virtual void fault_struck(FaultId, const FaultTarget&, std::uint64_t /*time_ps*/) {}
  // Faults may strike from now on, or never again.
  virtual void faults_active(bool, std::uint64_t /*time_ps*/) {}

  // The application touched bytes of a UMEM by itself; of instrumented builds only.
  virtual void application_read(const void* /*address*/, std::size_t /*bytes*/, std::uint64_t /*time_ps*/) {}
  virtual void application_written(const void* /*address*/, std::size_t /*bytes*/,
                                   std::uint64_t /*time_ps*/) {}
};

// Hands every event to each listener in turn. Most listeners hear few kinds of events; the others are not
// asked.
class TapList {
 public:
  // REQUIRES: at most kListenersMax.
  void add(Tap* tap);
  bool empty() const { return taps_.empty(); }
  template <typename Method, typename... Arguments>
  void tell(Method method, const Arguments&... arguments) const {
    Hearers& hearers = hearers_[kind_of(method)];
    if (hearers.known != all_) find(hearers, kind_of(method));
    for (std::uint64_t left = hearers.hear; left != 0; left &= left - 1) {
      (taps_[static_cast<std::size_t>(std::countr_zero(left))]->*method)(arguments...);
    }
  }

 private:
  static constexpr std::size_t kListenersMax = 64;
  static constexpr std::size_t kKindsMax = 128;
  // A bit for each listener.
  struct Hearers {
    std::uint64_t known = 0;
    std::uint64_t hear = 0;
  };

  // A pointer to a virtual member holds its offset in the table of virtual functions, plus one on some
  // machines (Itanium C++ ABI, 2.3).
  template <typename Method>
  static std::size_t kind_of(Method method) {
    std::uintptr_t word = 0;
    static_assert(sizeof method == 2 * sizeof word);
    std::memcpy(&word, &method, sizeof word);
    return word / sizeof(void*) % kKindsMax;
  }
  // Who overrides this kind.
  void find(Hearers& hearers, std::size_t kind) const;

  std::vector<Tap*> taps_;
  std::uint64_t all_ = 0;
  mutable std::array<Hearers, kKindsMax> hearers_{};
};

}  // namespace ringproof
