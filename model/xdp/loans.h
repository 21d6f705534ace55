// loans.h: the rings of a socket while a device works on them by itself.
// Role     tells the driver how far the device may go; counts what the device did, and tells of it, as the
//          copying data path does of its own work; looks into an entry for that purpose only
// Shapes   FILL and RX, or TX and COMPLETION; one of each for a socket and the queue that it is bound to
// Units    [bytes]; indices run free in 32 bits
// Threads  see driver::LentRings; nothing blocks
// Errors   what an application writes is bounded before anything is looked at
// Source   docs/design/queue-engine.md, "Zero-copy queues"; XDP for Windows: RX and TX data path
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "model/base/tap.h"
#include "model/driver/lent_rings.h"

namespace ringproof::xdp {

class RxQueue;
class SharedRing;
class Socket;

// What the device says that it has done, put together: which of the descriptors have which entries. Those
// that it used up without an entry are those that do not match theirs; their number is sure, whatever an
// application has made of the rings meanwhile.
template <typename Matches, typename Finish>
std::uint32_t pair_up(const driver::LentStart& from, std::uint32_t first, std::uint32_t second,
                      Matches matches, Finish finish) {
  const std::uint32_t used = first - from.first;
  // It may have told of entries already whose descriptors are still to come.
  const std::uint32_t entries = std::min(second - from.second, used);
  std::uint32_t without = used - entries;
  std::uint32_t next = from.second;
  for (std::uint32_t index = from.first; index != first; ++index) {
    const bool left = next != from.second + entries;
    if (left && (without == 0 || matches(index, next))) {
      finish(index, next++);
    } else {
      --without;
      finish(index, std::nullopt);
    }
  }
  return from.second + entries;
}

// What both directions have in common.
class RingLoan : public driver::LentRings {
 public:
  std::uint64_t owner() const final;
  driver::LentRing first() const final;
  driver::LentRing second() const final;

 protected:
  RingLoan(Socket& socket, RingKind first, RingKind second)
      : socket_(socket), first_kind_(first), second_kind_(second) {}

  SharedRing& first_ring() const;
  SharedRing& second_ring() const;

  Socket& socket_;
  driver::LentStart at_;  // how far the device has come, as the application may see it
  bool news_ = false;     // that no waiter has been told of

 private:
  const RingKind first_kind_;
  const RingKind second_kind_;
};

class ReceiveLoan final : public RingLoan {
 public:
  explicit ReceiveLoan(Socket& socket) : RingLoan(socket, RingKind::kFill, RingKind::kRx) {}

  bool wanted() const override;
  driver::LentMemory memory() const override;
  void begin(const driver::LentStart& start) override;
  std::uint32_t post(std::uint32_t posted) override;
  void used_up(std::uint32_t first, std::uint32_t second) override;
  void passed() override;
  void counted(const driver::LentCounts& counts) override;
  void end(std::uint32_t posted, bool lost) override;

 private:
  SharedRing& fill() const { return first_ring(); }
  SharedRing& rx() const { return second_ring(); }
  void tell_posted(std::uint32_t index) const;
  bool matches(std::uint32_t first, std::uint32_t second) const;
  // The device is done with descriptor `first`, and has written entry `second` for it, or none.
  void finish(std::uint32_t first, std::optional<std::uint32_t> second);

  RxQueue* queue_ = nullptr;  // while it is lent
};

class TransmitLoan final : public RingLoan {
 public:
  explicit TransmitLoan(Socket& socket) : RingLoan(socket, RingKind::kTx, RingKind::kCompletion) {}

  bool wanted() const override;
  driver::LentMemory memory() const override;
  void begin(const driver::LentStart& start) override;
  std::uint32_t post(std::uint32_t posted) override;
  void used_up(std::uint32_t first, std::uint32_t second) override;
  void passed() override;
  void counted(const driver::LentCounts&) override {}
  void end(std::uint32_t posted, bool lost) override;

 private:
  SharedRing& tx() const { return first_ring(); }
  SharedRing& completion() const { return second_ring(); }
  std::uint32_t post_some(std::uint32_t posted);
  void tell_posted(std::uint32_t index) const;
  bool matches(std::uint32_t first, std::uint32_t second) const;
  void finish(std::uint32_t first, std::optional<std::uint32_t> second);
};

}  // namespace ringproof::xdp
