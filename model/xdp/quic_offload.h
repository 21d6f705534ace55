// quic_offload.h: the QUIC connections that one interface handle has given to its adapter.
// Role     judges a batch, asks the adapter, and keeps what it took; removes all of it at the end
// Shapes   a batch is an array of XDP_QUIC_CONNECTION, each as long as its own header says
// Units    [bytes]
// Errors   the first entry that is wrong fails the batch: the adapter hears nothing of it. What the adapter
//          says of each connection is in its Status
// Source   XDP for Windows: XdpQeoSet; docs/interfaces.md
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/driver/control_requests.h"
#include "model/driver/quic_table.h"
#include "model/xdp/status.h"

namespace ringproof::xdp {

class QuicOffload {
 public:
  // Connections of one request when all are removed.
  static constexpr std::size_t kRemovedAtOnce = 10'000;

  QuicOffload(driver::QuicTable& adapter, driver::ControlRequests& control)
      : adapter_(adapter), control_(control) {}

  // May block until the adapter answers; one call at a time. REQUIRES: bytes > 0, and they can be read and
  // written; they need not be aligned.
  Status set(unsigned char* connections, std::uint32_t bytes);
  // Whatever the adapter says.
  void remove_all();
  std::size_t size() const { return connections_.size(); }

 private:
  enum class State : std::uint8_t { kAdding, kAdded, kRemoving };
  struct Batch {
    std::vector<driver::QuicRequest> requests;
    std::vector<std::size_t> places;  // where each of them lies
  };

  Status read(const unsigned char* connections, std::uint32_t bytes, Batch& batch);
  Status note(const driver::QuicRequest& request);
  // The connections are again what they were before they were noted.
  void undo(const Batch& batch);
  void settle(const driver::QuicRequest& request);

  driver::QuicTable& adapter_;
  driver::ControlRequests& control_;
  std::map<driver::QuicKey, State> connections_;
};

}  // namespace ringproof::xdp
