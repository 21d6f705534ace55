#include "model/xdp/ring_lender.h"

#include <memory>

#include "model/xdp/interface.h"
#include "model/xdp/socket.h"

namespace ringproof::xdp {

bool RingLender::wanted() const {
  return socket_ == nullptr && !interface_.generic() && interface_.driver().can_lend(queue_, direction_);
}

void RingLender::lend(Socket& socket) {
  const std::shared_ptr<Socket> kept = socket.shared_from_this();
  socket_ = &socket;
  if (!interface_.driver().lend(queue_, direction_, socket.loan(direction_))) ended(socket);
}

void RingLender::take_back(const Socket* lender) {
  if (socket_ == nullptr || (lender != nullptr && lender != socket_)) return;
  const std::shared_ptr<Socket> kept = socket_->shared_from_this();
  interface_.driver().take_back(queue_, direction_, kept->loan(direction_));
  ended(*kept);  // one that had not begun
}

void RingLender::ended(const Socket& lender) {
  if (is(lender)) socket_ = nullptr;
}

void RingLender::look(const Socket& lender) {
  if (is(lender)) interface_.driver().look_at_lent(queue_, direction_);
}

void RingLender::post_no_more(const Socket& lender) {
  if (is(lender)) interface_.driver().post_no_more(queue_, direction_, socket_->loan(direction_));
}

void RingLender::count(const Socket& lender) {
  if (is(lender)) interface_.driver().count_lent(queue_, direction_, socket_->loan(direction_));
}

}  // namespace ringproof::xdp
