// tap.h: what each layer tells whoever listens.
// Role     the only way by which monitors, accounts, recorders and hashes see a run; a listener never acts
// Shapes   a received frame is known by (port, timestamp): its arrival time, unique per port
// Units    time_ps simulated [ps]; timestamp_ns MAC arrival [ns]; indices run free in 32 bits
// Threads  called in the simulation thread, in the order in which things happen
// Source   docs/code-map.md
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/base/host.h"

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
  kLinkDown,           // to be sent; the port has no link
  kCount
};
const char* drop_reason_name(DropReason reason);

enum class RingKind : std::uint8_t { kFill, kRx, kTx, kCompletion };
const char* ring_kind_name(RingKind kind);

enum class Actor : std::uint8_t { kApplication, kPlatform };

// A shared ring as the platform made it.
struct RingShape {
  const unsigned char* base;  // producer word at 0, consumer word at 64, flags at 128, elements from 192
  std::uint32_t size;         // [entries], a power of two
  std::uint32_t stride;       // [bytes/entry]
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

class Tap {
 public:
  virtual ~Tap() = default;
  using Bytes = std::span<const unsigned char>;

  // Wire and NIC
  virtual void wire_in(std::uint32_t, std::uint64_t /*timestamp_ns*/, Bytes) {}
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

  // Driver and hardware rings
  virtual void hw_rx_posted(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/) {}
  virtual void hw_rx_completed(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/,
                               std::uint64_t /*timestamp_ns*/, Bytes) {}
  virtual void hw_tx_posted(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/, Bytes) {}
  virtual void hw_tx_completed(std::uint32_t, std::uint32_t /*queue*/, std::uint32_t /*index*/) {}

  // Where the platform sent a frame
  virtual void frame_passed(std::uint32_t, std::uint64_t /*timestamp_ns*/, std::uint64_t /*time_ps*/) {}
  virtual void frame_forwarded(std::uint32_t, std::uint64_t /*timestamp_ns*/, std::uint64_t /*time_ps*/) {}
  virtual void frame_dropped(std::uint32_t, std::uint64_t /*timestamp_ns*/, DropReason) {}
  // The bytes are in UMEM at `address + headroom`; published by the next ring_moved of the RX ring.
  virtual void frame_delivered(std::uint32_t, std::uint64_t /*timestamp_ns*/, std::uint64_t /*socket*/,
                               std::uint64_t /*umem address*/, Bytes, std::uint64_t /*time_ps*/) {}

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

  // Shared memory and its flags
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
};

// Hands every event to each listener in turn.
class TapList {
 public:
  void add(Tap* tap) { taps_.push_back(tap); }
  template <typename Method, typename... Arguments>
  void tell(Method method, const Arguments&... arguments) const {
    for (Tap* tap : taps_) (tap->*method)(arguments...);
  }

 private:
  std::vector<Tap*> taps_;
};

}  // namespace ringproof
