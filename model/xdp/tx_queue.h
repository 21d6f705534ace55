// tx_queue.h: a transmit queue of the platform: the sockets that share it.
// Role     serves its sockets in turn and gives completions back to the socket that sent the frame
// Shapes   active sockets in a circle; each at most once per pass, each may take all the room that is left.
//          The queue is active from the first activation of a socket until the last one unbinds
// Errors   an offload that came too late (kBadState) or is not there (kNotSupported)
// Source   XDP for Windows: TX data path, TX queue life cycle
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/base/host.h"
#include "model/driver/driver.h"
#include "model/xdp/data_path_gate.h"
#include "model/xdp/ring_lender.h"
#include "model/xdp/status.h"

namespace ringproof::xdp {

class Interface;
class Socket;

class TxQueue final : public driver::TxClient {
 public:
  // `to_wire` false: what is sent goes into the local receive path, to the host's own stack.
  TxQueue(std::uint32_t id, bool to_wire, Interface& interface, Host& host);

  std::uint32_t id() const { return id_; }
  bool to_wire() const { return to_wire_; }
  Interface& interface() { return interface_; }
  const Interface& interface() const { return interface_; }
  driver::Driver& driver();
  DataPathGate& gate() { return gate_; }

  void bind(Socket& socket) { bound_.push_back(&socket); }
  void unbind(Socket& socket);
  // An active socket: it is asked for frames from now on.
  void join(Socket& socket);
  // REQUIRES: the socket has nothing outstanding.
  void leave(Socket& socket);
  // Every bound socket loses the queue; blocks until what is outstanding came back.
  void detach_sockets();
  // Asks for passes until one finds nothing to do.
  void kick();

  // ---- While the device works on the rings of the only sender ----

  // Blocks until it is done.
  void lend_if_possible();
  RingLender& lender() { return lender_; }

  // Asked for by a socket. Once the queue is active, only what is on already can be had.
  Status enable_checksum();
  Status enable_timestamp();
  void offload_changed();

  void completed(std::span<const driver::TxCompletion> frames) override;
  bool fill(std::uint32_t room, std::vector<driver::TxFrame>& frames) override;

  // Remembers a frame for its completion; the result is the driver's context for it.
  std::uint64_t remember(Socket& socket, std::uint64_t base_address, Tap::Bytes bytes);

 private:
  struct Outstanding {
    Socket* socket = nullptr;
    std::uint64_t base_address = 0;
    Tap::Bytes bytes;
  };
  Status enable(bool capable, bool& enabled) const;

  const std::uint32_t id_;
  const bool to_wire_;
  Interface& interface_;
  DataPathGate gate_;
  std::vector<Socket*> bound_;
  std::vector<Socket*> sockets_;  // those that joined
  std::size_t next_socket_ = 0;
  bool active_ = false;
  bool checksum_ = false;
  bool timestamp_ = false;
  std::vector<Outstanding> outstanding_;  // by context
  std::vector<std::uint64_t> free_contexts_;
  RingLender lender_;
};

}  // namespace ringproof::xdp
