// lent_rings.h: the rings and the memory of somebody above, lent to a device that works on them by itself.
// Role     says where they are, how far the device may go, and hears how far it has come
// Shapes   the device takes descriptors from the first ring, in order, and writes entries into the second: at
//          most one for each descriptor
// Units    [bytes]; indices run free in 32 bits
// Threads  post(), passed(): the task that polls the queue; used_up(): host context; the others: the task
//          that lends or takes back
// Errors   none
// Source   docs/design/queue-engine.md, "Zero-copy queues"; docs/decisions/0013-zero-copy-queues.md
#pragma once

#include <cstdint>

namespace ringproof::driver {

// Entries of a ring that a device knows; the most of them: Driver::lent_entries_max().
constexpr std::uint32_t kLentEntriesMin = 2;

struct LentRing {
  unsigned char* elements = nullptr;
  std::uint32_t entry_bytes = 0;
  std::uint32_t entries = 0;  // a power of two
  std::uint32_t start = 0;    // the index from which the device goes on
};

struct LentMemory {
  unsigned char* base = nullptr;
  std::uint64_t bytes = 0;
  std::uint64_t limit = 0;  // receiving: the last place of a chunk; sending: `bytes`
  std::uint16_t room = 0;   // for a frame
  std::uint16_t headroom = 0;
};

// Of a queue, since its device was switched on; 0 from one that does not answer.
struct LentCounts {
  std::uint32_t starved = 0;
  std::uint32_t truncated = 0;
};

struct LentStart {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::uint64_t memory_address = 0;  // by which the device knows the memory
  LentCounts counts;
};

class LentRings {
 public:
  virtual ~LentRings() = default;
  virtual std::uint64_t owner() const = 0;  // number of the socket
  // Asked before anything else: whether they are still to be had.
  virtual bool wanted() const = 0;
  // Asked once for each loan.
  virtual LentRing first() const = 0;
  virtual LentRing second() const = 0;
  virtual LentMemory memory() const = 0;

  // The device has them from now on, and begins where they said that it should.
  virtual void begin(const LentStart& start) = 0;
  // Up to where descriptors are to be posted; they are up to `posted`.
  virtual std::uint32_t post(std::uint32_t posted) = 0;
  // Descriptors before `first` are used up, entries before `second` are written.
  virtual void used_up(std::uint32_t first, std::uint32_t second) = 0;
  // The driver looked after the queue, and some had been used up since it last did.
  virtual void passed() = 0;
  virtual void counted(const LentCounts& counts) = 0;
  // The device does nothing with them any more. `lost`: nor with what was posted up to here, ever.
  virtual void end(std::uint32_t posted, bool lost) = 0;
};

}  // namespace ringproof::driver
