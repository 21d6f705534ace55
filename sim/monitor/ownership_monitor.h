// ownership_monitor.h: whose each UMEM chunk is, and who writes into it.
// Role     INV-11, 12, 13, 15 and 16, per socket, and INV-11 over sockets on the same memory. Also tells who
//          owns the chunk that holds an address, for programs that touch shared memory with their own hands
// Shapes   chunk = address / chunk_bytes, of FILL entries, and of BaseAddress in TX descriptors;
//          addresses outside the UMEM belong to nobody here and are judged by the platform
// Errors   INV-11 application: posts a chunk that it does not have, or that another socket on this memory has;
//          such a chunk is followed, but no longer checked. Platform: moves a chunk that is not in the state
//          that the move begins with.
//          INV-12 platform: head room, tail or anything outside the chunk changed by a delivery.
//          Application: bytes changed between acceptance of a TX descriptor and its completion.
//          INV-13 device: reads what it was not given to send; it reads whole beats of 64 bytes. Application:
//          reads a chunk that it gave away. INV-15 platform: a chunk stays with it although nothing is in
//          flight. INV-16 platform: an entry speaks of an earlier posting of its chunk than the present one;
//          it is checked from a chunk's second posting on. An application has a chunk from the moment in
//          which its RX or COMPLETION entry is published, not only from the release of the entry: the usual
//          forwarding loop submits first and releases then. Entries that were never published properly
//          (INV-02, INV-04) are taken in silently
// Source   invariants-and-faults.md B; afxdp-sockets.md 5.3, 6.3, 6.4
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/zeroed_array.h"

namespace ringproof {

class OwnershipMonitor final : public Tap {
 public:
  explicit OwnershipMonitor(InvariantLog& log) : log_(log) {}

  struct Chunk {
    std::uint64_t address = 0;
    const char* owner = "";
  };
  // Every chunk of a socket's UMEM, in order of address. Without a UMEM there is none.
  std::vector<Chunk> chunks_of(std::uint64_t socket) const;

  // Who has the chunk that holds an address.
  struct Owner {
    std::uint64_t socket;
    std::uint64_t chunk;
    const char* state;  // as in the specification: APP, FILL, DEV-RX, …
    bool application;   // it may read and write
  };
  // Nothing for an address outside every UMEM. Where several sockets have the same memory, the application
  // counts as the owner if it has the chunk of one of them.
  std::optional<Owner> owner_of(const void* address);

  // The run is over; `drained`: nothing may be in flight.
  void finish(std::uint64_t end_ps, bool drained);

  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void fill_judged(std::uint64_t socket, std::uint64_t address, bool valid) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;
  void ring_failed(std::uint64_t socket, RingKind kind, std::uint32_t error, std::uint64_t time_ps) override;
  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override;
  void tx_memory_unmapped(std::uint64_t socket, std::uint64_t dma_address) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void application_read(const void* address, std::size_t bytes, std::uint64_t time_ps) override;
  void application_written(const void* address, std::size_t bytes, std::uint64_t time_ps) override;

 private:
  // RX and COMPLETION in two steps: written by the platform, and published, so the application's to reuse.
  enum class State : std::uint8_t {
    kApp,
    kFill,
    kDevRx,
    kRx,
    kRxPublished,
    kTx,
    kDevTx,
    kComp,
    kCompPublished
  };
  static const char* state_name(State state);

  struct Ring {
    bool made = false;
    RingShape shape{};
    std::uint32_t producer = 0;
    std::uint32_t consumer = 0;
    ZeroedArray<std::uint64_t> posted;  // by slot: address + 1 of a published entry, 0 for none
    EventTrail trail;

    std::uint64_t& slot(std::uint32_t index) { return posted[index & (shape.size - 1)]; }
  };

  // A chunk that the platform is about to fill, as it was.
  struct Watch {
    std::uint64_t address;
    std::uint32_t generation;
    std::vector<unsigned char> before;
  };

  struct Sent {
    std::uint64_t base_address;
    const unsigned char* data;
    std::size_t bytes;
    std::uint64_t hash;
    std::uint32_t generation;
  };

  // A region of device addresses from which a socket sends.
  struct Mapped {
    std::uint64_t socket;
    TxMemory memory;
  };

  struct Socket {
    std::uint64_t number = 0;
    std::optional<UmemShape> umem;
    ZeroedArray<std::uint8_t> chunks;        // State, and kStray
    ZeroedArray<std::uint32_t> generations;  // how often each was posted
    // How many chunks the platform and the device hold outside of rings, kStray ones aside.
    std::uint64_t held = 0;
    bool used = false;          // a chunk has left the application
    bool misused = false;       // its rings were, so that entries may be lost by right
    std::size_t read_from = 0;  // in `sent`: where the device read last
    std::array<Ring, 4> rings;
    Fifo<Watch> watches;
    Fifo<Sent> sent;

    Ring& ring(RingKind kind) { return rings[static_cast<std::size_t>(kind)]; }
    std::optional<std::uint64_t> chunk_of(RingKind kind, std::uint64_t address) const;
  };

  static std::uint64_t address_in(RingKind kind, const unsigned char* entry);

  Socket* find(std::uint64_t number);
  static bool held(std::uint8_t chunk);
  static bool of_application(State state);
  static void assign(Socket& socket, std::uint64_t chunk, State state, std::uint8_t stray);
  void check_leak(const Socket& socket, const char* when);
  void check_generation(Socket& socket, RingKind kind, std::uint64_t address, std::uint32_t generation);
  void check_read(const Mapped& mapped, Socket& socket, std::uint64_t address, std::uint32_t bytes);
  void application_touched(Invariant id, const void* address, std::size_t bytes, std::uint64_t time_ps,
                           const char* how);
  // Published by the application. `silently` if it is known to be nonsense.
  void post(Socket& socket, RingKind kind, std::uint64_t address, bool silently);
  // Chunks of other sockets on the same memory that the application has given away.
  bool given_elsewhere(const Socket& socket, std::uint64_t chunk);
  void move(Socket& socket, RingKind kind, std::uint64_t address, State from, State to, const char* what);
  void published_by_application(Socket& socket, RingKind kind, std::uint32_t now);
  void published_by_platform(Socket& socket, RingKind kind, std::uint32_t now);
  void released_by_application(Socket& socket, RingKind kind, std::uint32_t now);
  void watch(Socket& socket, std::uint64_t address);
  void check_delivery(Socket& socket, std::uint64_t address, Bytes bytes);

  template <typename Describe>
  void violated(Invariant id, Party party, const Socket& socket, RingKind kind, Describe describe) {
    log_.violated(id, party, Place::ring(socket.number, kind),
                  socket.rings[static_cast<std::size_t>(kind)].trail, now_ps_, describe);
  }

  InvariantLog& log_;
  ByNumber<Socket> sockets_;
  std::vector<Mapped> mapped_;  // few; searched
  std::uint64_t now_ps_ = 0;    // of the last event that said its time
};

}  // namespace ringproof
