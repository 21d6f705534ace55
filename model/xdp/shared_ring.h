// shared_ring.h: the platform's side of one ring that it shares with an application.
// Role     the only code of the platform that touches shared indices, flags and slots
// Shapes   page-aligned memory: producer word at 0, consumer word at 64, flags at 128, elements from 192;
//          size: power of two [entries]; stride [bytes/entry]
// Units    indices run free and wrap at 2^32; slot = index & (size - 1)
// Threads  one producer, one consumer; indices: acquire on read, release on write; every shared access is a
//          schedule point
// Errors   pages without any rights on both sides: an access that leaves the ring faults, INV-10. An
//          application that writes nonsense is not stopped here (see Source); arithmetic is unsigned and
//          slots are always masked, so nothing outside the ring is touched
// Source   XDP for Windows: shared ring protocol
#pragma once

#include <cstdint>

#include "model/base/guarded_memory.h"
#include "model/base/host.h"
#include "model/base/tap.h"

namespace ringproof::xdp {

constexpr std::uint32_t kProducerOffset = 0;
constexpr std::uint32_t kConsumerOffset = 64;
constexpr std::uint32_t kFlagsOffset = 128;
constexpr std::uint32_t kElementsOffset = 192;

// What a ring holds when it is new.
struct FreshRing {
  std::uint32_t start_index = 0;
  unsigned char fill = 0;  // of the elements
};

class SharedRing {
 public:
  // There may be no memory for it: see ok().
  SharedRing(Host& host, const TapList& taps, std::uint64_t socket, RingKind kind, std::uint32_t size,
             std::uint32_t stride, const FreshRing& fresh = {});
  ~SharedRing();
  SharedRing(const SharedRing&) = delete;
  SharedRing& operator=(const SharedRing&) = delete;

  // Bytes of memory a ring takes, or 0 if they do not fit 32 bits.
  static std::uint32_t memory_bytes(std::uint64_t size, std::uint32_t stride);

  bool ok() const { return memory() != nullptr; }
  unsigned char* memory() const { return pages_.data(); }
  std::uint32_t size() const { return size_; }
  std::uint32_t stride() const { return stride_; }
  RingKind kind() const { return kind_; }
  bool contains(const volatile void* address) const;

  // Where the platform produces (RX, COMPLETION): the producer index and the room, at most `wanted`.
  std::uint32_t producer_room(std::uint32_t wanted, std::uint32_t* index);
  void produce(std::uint32_t count);
  // Where the platform consumes (FILL, TX): the consumer index and what is there, at most `wanted`.
  std::uint32_t consumer_available(std::uint32_t wanted, std::uint32_t* index);
  void consume(std::uint32_t count);
  // Judged by the shared indices alone: what a waiter calls ready.
  bool readable_by_application() const;

  // For a ring that is lent to a device: our index, what the device has stored into it, and an entry that it
  // has taken by itself.
  std::uint32_t own_index() const;
  void device_stored(std::uint32_t index);
  void device_took(std::uint32_t index, std::uint32_t bytes) const;

  // More entries are used than there are slots: the application has broken an index.
  bool overfull() const;

  unsigned char* element(std::uint32_t index) const {
    return memory() + kElementsOffset + std::size_t{index & (size_ - 1)} * stride_;
  }
  // Reads a FILL or TX entry once; later uses take the copy.
  void take(std::uint32_t index, void* to, std::uint32_t bytes) const;

  bool has_flag(std::uint32_t flag) const;
  void set_flag(std::uint32_t flag);
  void clear_flag(std::uint32_t flag);

  // The application stored `value` into one of our words, or was seen to have done so.
  void application_stored(const volatile void* address, std::uint32_t value);

 private:
  std::uint32_t* word(std::uint32_t offset) const {
    return reinterpret_cast<std::uint32_t*>(memory() + offset);
  }
  std::uint32_t own_offset() const;
  std::uint32_t peer_offset() const;
  std::uint32_t load_peer();
  void see_peer(std::uint32_t value);
  void advance_own(std::uint32_t count);
  void store_own(std::uint32_t old, std::uint32_t index);
  void spend() const;
  void disturb_start();
  void disturb(void* entry, std::uint32_t bytes) const;

  Host& host_;
  const TapList& taps_;
  const std::uint64_t socket_;
  const RingKind kind_;
  const std::uint32_t size_;
  const std::uint32_t stride_;
  GuardedMemory pages_;
  std::uint32_t cached_peer_ = 0;  // the application's index as last read
  std::uint32_t told_peer_ = 0;    // the same as last told to the taps
};

}  // namespace ringproof::xdp
