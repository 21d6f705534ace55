#include "model/xdp/tx_queue.h"

#include <algorithm>

#include "model/driver/stack_queue.h"
#include "model/xdp/interface.h"
#include "model/xdp/socket.h"

namespace ringproof::xdp {

TxQueue::TxQueue(std::uint32_t id, bool to_wire, Interface& interface, Host& host)
    : id_(id),
      to_wire_(to_wire),
      interface_(interface),
      gate_(host, "transmit pass",
            std::uint64_t{interface.index()} << 34 | std::uint64_t{interface.generic()} << 33 |
                std::uint64_t{!to_wire} << 32 | id),
      lender_(interface, id, driver::Direction::kTx) {}

driver::Driver& TxQueue::driver() { return interface_.driver(); }

void TxQueue::kick() {
  if (to_wire_) {
    driver().kick_tx(id_);
  } else {
    driver().stack(id_).kick();
  }
}

void TxQueue::join(Socket& socket) {
  lender_.take_back();
  gate_.wait_until_outside();
  active_ = true;
  sockets_.push_back(&socket);
  if (to_wire_) {
    driver().set_tx_client(id_, interface_.mode(), this);
  } else {
    driver().stack(id_).set_injector(this);
  }
}

void TxQueue::leave(Socket& socket) {
  gate_.wait_until_outside();
  const auto found = std::find(sockets_.begin(), sockets_.end(), &socket);
  if (found == sockets_.end()) return;
  const auto position = static_cast<std::size_t>(found - sockets_.begin());
  sockets_.erase(found);
  if (next_socket_ > position) --next_socket_;
  if (next_socket_ >= sockets_.size()) next_socket_ = 0;
}

void TxQueue::unbind(Socket& socket) {
  std::erase(bound_, &socket);
  if (!bound_.empty()) return;
  // The queue object goes with its last user; the next one finds it new.
  active_ = false;
  checksum_ = false;
  timestamp_ = false;
}

void TxQueue::detach_sockets() {
  while (!bound_.empty()) {
    // Its own close may be under way and end first.
    const std::shared_ptr<Socket> socket = bound_.back()->shared_from_this();
    socket->detach_tx();
  }
}

Status TxQueue::enable(bool capable, bool& enabled) const {
  if (enabled) return Status::kOk;
  if (active_) return Status::kBadState;
  if (!capable) return Status::kNotSupported;
  enabled = true;
  return Status::kOk;
}

Status TxQueue::enable_checksum() { return enable(interface_.capabilities().tx_checksum, checksum_); }

Status TxQueue::enable_timestamp() { return enable(interface_.capabilities().tx_timestamp, timestamp_); }

void TxQueue::offload_changed() {
  for (const std::shared_ptr<Socket>& socket : kept_alive(bound_)) socket->tx_offload_changed();
}

std::uint64_t TxQueue::remember(Socket& socket, std::uint64_t base_address, Tap::Bytes bytes) {
  if (free_contexts_.empty()) {
    free_contexts_.push_back(outstanding_.size());
    outstanding_.emplace_back();
  }
  const std::uint64_t context = free_contexts_.back();
  free_contexts_.pop_back();
  outstanding_[context] = {&socket, base_address, bytes};
  return context;
}

void TxQueue::completed(std::span<const driver::TxCompletion> frames) {
  const DataPathGate::Pass pass(gate_);
  std::vector<FinishedFrame> run;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Outstanding& frame = outstanding_[frames[i].context];
    run.push_back({frame.base_address, frames[i].timestamp_ns, frame.bytes});
    free_contexts_.push_back(frames[i].context);
    const bool last_of_run =
        i + 1 == frames.size() || outstanding_[frames[i + 1].context].socket != frame.socket;
    if (last_of_run) {
      frame.socket->transmit_completed(run);
      run.clear();
    }
  }
}

bool TxQueue::fill(std::uint32_t room, std::vector<driver::TxFrame>& frames) {
  const DataPathGate::Pass pass(gate_);
  bool consumed = false;
  const std::size_t first = next_socket_;
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    const std::size_t position = (first + i) % sockets_.size();
    const std::size_t before = frames.size();
    consumed |= sockets_[position]->transmit(*this, room, frames);
    room -= static_cast<std::uint32_t>(frames.size() - before);
    if (room == 0) {
      next_socket_ = (position + 1) % sockets_.size();
      break;
    }
  }
  return consumed;
}

void TxQueue::lend_if_possible() {
  if (!to_wire_ || sockets_.size() != 1 || !lender_.wanted()) return;
  if (sockets_[0]->can_lend_tx()) lender_.lend(*sockets_[0]);
}

}  // namespace ringproof::xdp
