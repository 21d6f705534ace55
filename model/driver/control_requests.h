// control_requests.h: what the platform asks of an adapter, as far as somebody wants to answer it.
// Role     holds requests of a kind until they are answered; nobody holds them: the adapter answers at once
// Shapes   those that wait are in the order in which they came
// Units    statuses as an application sees them (HRESULT); 0: the adapter does it
// Threads  ask() blocks the calling task
// Errors   none
// Source   control plane: hold control requests
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <variant>
#include <vector>

#include "model/base/host.h"
#include "model/driver/quic_table.h"
#include "model/nic/toeplitz.h"

namespace ringproof::driver {

// Receive-side scaling is set; connections are added and removed.
using ControlRequest = std::variant<nic::RssSettings, std::vector<QuicRequest>>;

class ControlRequests {
 public:
  static constexpr std::size_t kKinds = std::variant_size_v<ControlRequest>;

  struct Waiting {
    ControlRequest request;
    bool answered = false;
    std::uint32_t status = 0;
  };

  explicit ControlRequests(Host& host) : host_(host) {}

  // What the adapter says to it. A failure means that it does nothing.
  std::uint32_t ask(ControlRequest request);

  // Counted, by the index of the alternative. The last end answers what waits with success.
  void hold(std::size_t kind);
  void let_go(std::size_t kind);
  // Those that wait for an answer.
  std::vector<Waiting*> waiting(std::size_t kind);
  void answer(Waiting& waiting, std::uint32_t status);

 private:
  Host& host_;
  std::array<std::uint32_t, kKinds> holds_{};
  std::list<Waiting> waiting_;
  Signal answered_;
};

}  // namespace ringproof::driver
