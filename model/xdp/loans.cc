#include "model/xdp/loans.h"

#include "model/xdp/shared_ring.h"
#include "model/xdp/socket.h"

namespace ringproof::xdp {
namespace {

driver::LentRing as_lent(const SharedRing& ring) {
  return {ring.element(0), ring.stride(), ring.size(), ring.own_index()};
}

}  // namespace

std::uint64_t RingLoan::owner() const { return socket_.number(); }
driver::LentRing RingLoan::first() const { return as_lent(first_ring()); }
driver::LentRing RingLoan::second() const { return as_lent(second_ring()); }
SharedRing& RingLoan::first_ring() const { return *socket_.ring(first_kind_); }
SharedRing& RingLoan::second_ring() const { return *socket_.ring(second_kind_); }

}  // namespace ringproof::xdp
