// memory.h: a socket's shared memory as monitors see it, and both its sides' moves.
// Role     vocabulary of the monitor tests: real rings and a real UMEM, and the events that go with them
// Shapes   rings of 4 entries; 8 chunks of 256 bytes with 32 bytes of head room
// Units    every move is 1000 ps after the one before
// Source   model/base/tap.h
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "model/base/tap.h"

namespace ringproof {

class SharedMemory {
 public:
  static constexpr std::uint32_t kEntries = 4;
  static constexpr std::uint32_t kChunks = 8;
  static constexpr std::uint32_t kChunkBytes = 256;
  static constexpr std::uint32_t kHeadroom = 32;

  // `start` is the first value of every index.
  SharedMemory(Tap& tap, std::uint64_t socket, std::uint32_t start = 0) : tap_(tap), socket_(socket) {
    for (std::uint32_t i = 0; i < memory_.size(); ++i) {
      const auto kind = static_cast<RingKind>(i);
      memory_[i].resize(192 + kEntries * stride(kind));
      set(kind, 0, start);
      set(kind, 64, start);
      tap_.ring_created(socket_, kind, shape(kind));
    }
    umem_.resize(kChunks * kChunkBytes);
    tap_.umem_registered(socket_, {umem_.data(), umem_.size(), kChunkBytes, kHeadroom});
  }

  static std::uint32_t stride(RingKind kind) {
    return kind == RingKind::kRx || kind == RingKind::kTx ? 16 : 8;
  }
  RingShape shape(RingKind kind) {
    return {memory_[static_cast<std::size_t>(kind)].data(), kEntries, stride(kind)};
  }
  unsigned char* umem(std::uint64_t address = 0) { return umem_.data() + address; }

  std::uint32_t producer(RingKind kind) { return get(kind, 0); }
  std::uint32_t consumer(RingKind kind) { return get(kind, 64); }
  void write(RingKind kind, std::uint32_t index, std::uint64_t address, std::uint32_t length = 0) {
    unsigned char* element = const_cast<unsigned char*>(shape(kind).element(index));
    std::memcpy(element, &address, sizeof address);
    if (stride(kind) == 16) std::memcpy(element + 8, &length, sizeof length);
  }

  // Stores without a word to anybody.
  void store_producer(RingKind kind, std::uint32_t value) { set(kind, 0, value); }
  void store_consumer(RingKind kind, std::uint32_t value) { set(kind, 64, value); }

  void move_producer(RingKind kind, Actor actor, std::uint32_t now) { move(kind, 0, actor, now); }
  void move_consumer(RingKind kind, Actor actor, std::uint32_t now) { move(kind, 64, actor, now); }

  // The application publishes one entry of FILL or TX.
  void post(RingKind kind, std::uint64_t address, std::uint32_t length = 0) {
    write(kind, producer(kind), address, length);
    move_producer(kind, Actor::kApplication, producer(kind) + 1);
  }
  // The application releases `count` entries of RX or COMPLETION.
  void release(RingKind kind, std::uint32_t count = 1) {
    move_consumer(kind, Actor::kApplication, consumer(kind) + count);
  }

  // The platform takes entry `index` of FILL or TX, as it is in memory now.
  std::uint64_t take(RingKind kind, std::uint32_t index) {
    std::array<unsigned char, 16> entry{};
    std::memcpy(entry.data(), shape(kind).element(index), stride(kind));
    tap_.entry_taken(socket_, kind, index, Tap::Bytes(entry.data(), stride(kind)));
    std::uint64_t address;
    std::memcpy(&address, entry.data(), sizeof address);
    return address;
  }
  std::uint64_t take(RingKind kind) { return take(kind, consumer(kind)); }
  void consume(RingKind kind, std::uint32_t count = 1) {
    move_consumer(kind, Actor::kPlatform, consumer(kind) + count);
  }

  // The platform writes a frame into the chunk and its descriptor into the next free RX entry after `ahead`.
  void deliver(std::uint64_t address, std::uint32_t length, std::uint32_t ahead = 0) {
    std::memset(umem(address) + kHeadroom, 0x77, length);
    write(RingKind::kRx, producer(RingKind::kRx) + ahead, address | (std::uint64_t{kHeadroom} << 48), length);
    told_delivered(address, length);
  }
  void told_delivered(std::uint64_t address, std::uint32_t length) {
    tap_.frame_delivered(0, 1, socket_, address, Tap::Bytes(umem(address) + kHeadroom, length), next_ps());
  }
  void publish(RingKind kind, std::uint32_t count = 1) {
    move_producer(kind, Actor::kPlatform, producer(kind) + count);
  }
  void finish(std::uint64_t base_address, Tap::Bytes bytes = {}, std::uint32_t ahead = 0) {
    write(RingKind::kCompletion, producer(RingKind::kCompletion) + ahead, base_address);
    tap_.tx_finished(socket_, base_address, bytes);
  }

  std::uint64_t next_ps() { return now_ps_ += 1000; }

 private:
  std::uint32_t get(RingKind kind, std::size_t offset) {
    std::uint32_t value;
    std::memcpy(&value, memory_[static_cast<std::size_t>(kind)].data() + offset, sizeof value);
    return value;
  }
  void set(RingKind kind, std::size_t offset, std::uint32_t value) {
    std::memcpy(memory_[static_cast<std::size_t>(kind)].data() + offset, &value, sizeof value);
  }
  void move(RingKind kind, std::size_t offset, Actor actor, std::uint32_t now) {
    const std::uint32_t old = get(kind, offset);
    set(kind, offset, now);
    tap_.ring_moved(socket_, kind, actor, old, now, next_ps());
  }

  Tap& tap_;
  const std::uint64_t socket_;
  std::array<std::vector<unsigned char>, 4> memory_;
  std::vector<unsigned char> umem_;
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
