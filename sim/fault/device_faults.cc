#include <utility>

#include "sim/fault/injector.h"

// A device that is reset, or is gone for a while: F-LIF-02 and F-CLK-03. Each is a service of the host, as
// its plug and play would do it. A strike that comes while another one is carried out at the port adds
// nothing to it.

namespace ringproof {
namespace {

enum Reset : std::uint32_t { kQueue, kFunction, kRemoval };

constexpr std::uint64_t kCycleNs = 4;

}  // namespace

void FaultInjector::offer_device_faults(const FaultTarget& here, std::uint32_t port, std::uint64_t time_ps) {
  if (const FaultStrike strike = at(FaultId::kLif02, time_ps, here)) {
    serve_device(FaultId::kLif02, port, time_ps, [=, this] {
      if (strike.kind == kRemoval) {
        remove_by_surprise(port, strike.extent);
      } else {
        reset_in_order(port, strike);
      }
    });
  }
}

// The device is in the middle of something.
void FaultInjector::dma(std::uint32_t port, std::uint32_t requester, bool, std::uint64_t, std::uint32_t, bool,
                        std::uint64_t time_ps) {
  if (!armed(FaultId::kClk03) || acting_ || world_.platform == nullptr) return;
  if (const FaultStrike strike = at(FaultId::kClk03, time_ps, {.port = port, .queue = requester})) {
    serve_device(FaultId::kClk03, port, time_ps, [=, this] { reset_device(port, strike.amount); });
  }
}

void FaultInjector::serve_device(FaultId id, std::uint32_t port, std::uint64_t time_ps,
                                 std::function<void()> body) {
  if (!devices_in_reset_.insert(port).second) return;
  serve(id, time_ps, [this, port, body = std::move(body)] {
    world_.drivers.at(port)->wait_until_ready();
    body();
    devices_in_reset_.erase(port);
  });
}

void FaultInjector::reset_in_order(std::uint32_t port, const FaultStrike& strike) {
  driver::Driver& driver = *world_.drivers.at(port);
  if (strike.kind == kFunction) return driver.reset_function();
  const std::uint32_t receive_queues = driver.info().rx_queues;
  const auto queue = static_cast<std::uint32_t>(strike.amount % (receive_queues + driver.info().tx_queues));
  if (queue < receive_queues) return driver.reset_queue(queue, driver::Direction::kRx);
  driver.reset_queue(queue - receive_queues, driver::Direction::kTx);
}

// The driver gives everything back first: what leaves the adapter waits for its frames.
void FaultInjector::remove_by_surprise(std::uint32_t port, std::uint64_t down_ns) {
  driver::Driver& driver = *world_.drivers.at(port);
  driver.device().set_present(false);
  driver.device_lost();
  world_.platform->remove_adapter(port + 1);
  pause(down_ns);
  driver.device().set_present(true);
  driver.device_returned();
  world_.platform->add_adapter(port + 1);
}

// Sockets stay; what was with the device is lost.
void FaultInjector::reset_device(std::uint32_t port, std::uint64_t cycles) {
  driver::Driver& driver = *world_.drivers.at(port);
  driver.device().reset(static_cast<std::uint32_t>(cycles));
  driver.device_lost();
  pause(cycles * kCycleNs);
  driver.device_returned();
}

}  // namespace ringproof
