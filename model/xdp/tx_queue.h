// tx_queue.h: a transmit queue of the platform: the sockets that share it.
// Role     serves its sockets in turn and gives completions back to the socket that sent the frame
// Shapes   sockets in a circle; each at most once per pass, each may take all the room that is left
// Errors   none
// Source   XDP for Windows: TX data path
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/base/host.h"
#include "model/driver/driver.h"
#include "model/xdp/data_path_gate.h"

namespace ringproof::xdp {

class Socket;

class TxQueue final : public driver::TxClient {
 public:
  TxQueue(std::uint32_t id, driver::Driver& driver, Host& host);

  std::uint32_t id() const { return id_; }
  driver::Driver& driver() { return driver_; }
  DataPathGate& gate() { return gate_; }

  void join(Socket& socket);
  // REQUIRES: the socket has nothing outstanding.
  void leave(Socket& socket);
  // Asks for passes until one finds nothing to do.
  void kick() { driver_.kick_tx(id_); }

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

  const std::uint32_t id_;
  driver::Driver& driver_;
  DataPathGate gate_;
  std::vector<Socket*> sockets_;
  std::size_t next_socket_ = 0;
  std::vector<Outstanding> outstanding_;  // by context
  std::vector<std::uint64_t> free_contexts_;
};

}  // namespace ringproof::xdp
