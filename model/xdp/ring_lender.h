// ring_lender.h: the socket whose rings the device works on for a queue, if there is one.
// Role     begins and ends the loan at the driver, and knows of whom it is
// Shapes   one of each queue and direction
// Threads  see the functions; what says that it blocks is called by tasks only
// Errors   a loan that does not come about leaves nobody
// Source   docs/decisions/0014-rings-on-loan.md
#pragma once

#include <cstdint>

#include "model/driver/driver.h"

namespace ringproof::xdp {

class Interface;
class Socket;

class RingLender {
 public:
  RingLender(Interface& interface, std::uint32_t queue, driver::Direction direction)
      : interface_(interface), queue_(queue), direction_(direction) {}

  // Nobody lends, and the driver could do with it.
  bool wanted() const;
  bool is(const Socket& socket) const { return socket_ == &socket; }

  // Both block until it is done. Null: whoever has lent them.
  void lend(Socket& socket);
  void take_back(const Socket* lender = nullptr);
  // The loan tells of its end.
  void ended(const Socket& lender);

  // Nothing, unless it is this socket that lends.
  void look(const Socket& lender);
  void post_no_more(const Socket& lender);
  // Blocks until the statistics of the socket contain what the device has counted.
  void count(const Socket& lender);

 private:
  Interface& interface_;
  const std::uint32_t queue_;
  const driver::Direction direction_;
  Socket* socket_ = nullptr;
};

}  // namespace ringproof::xdp
