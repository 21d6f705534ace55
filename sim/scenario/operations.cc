#include "sim/scenario/operations.h"

#include <utility>

#include "model/driver/stack_queue.h"
#include "sim/win32/console.h"

namespace ringproof {
namespace {

// A source of its own: a strategy may move operations against everything else, and not against each other.
constexpr EventSource kSource = {EventSource::Kind::kTimer, 0, 1};

struct Doing {
  std::function<void()> begin;
  std::function<void()> undo;  // null: nothing to undo
  bool blocks = false;         // a service has to do it
};

Doing on_interface(const PlannedOperation& operation, xdp::Platform& platform) {
  const std::uint32_t interface = operation.interface;
  const auto remove = [&platform, interface] { platform.remove_adapter(interface); };
  const auto add = [&platform, interface] { platform.add_adapter(interface); };
  switch (operation.kind) {
    case OperationKind::kRemoveInterface:
      return {remove, add, true};
    case OperationKind::kAddInterface:
      return {add, remove, true};
    case OperationKind::kSetMtu: {
      const std::uint32_t before = platform.mtu(interface);
      return {[&platform, interface, mtu = operation.mtu] { platform.set_mtu(interface, mtu); },
              [&platform, interface, before] { platform.set_mtu(interface, before); }, true};
    }
    case OperationKind::kSetOffloads: {
      const nic::Offloads before = platform.current_offloads(interface);
      const auto set = [&platform, interface](bool rx, bool tx) {
        platform.set_current_offloads(interface, rx, tx);
      };
      return {[set, operation] { set(operation.rx_checksum, operation.tx_checksum); },
              [set, before] { set(before.rx_checksum, before.tx_checksum); }, false};
    }
    case OperationKind::kSetRss: {
      xdp::RssControl& rss = platform.rss(interface);
      const std::optional<xdp::HostRss> before = rss.host_setting();
      xdp::HostRss after = before.value_or(rss.host_default());
      after.queues = operation.rss_queues.value_or(after.queues);
      after.key = operation.rss_key.value_or(after.key);
      after.hash_types = operation.rss_hash_types.value_or(after.hash_types);
      return {[&rss, after] { rss.set_host(after); }, [&rss, before] { rss.set_host(before); }, false};
    }
    case OperationKind::kStopDriver:
      return {[&platform] { platform.stop(); }, [&platform] { platform.start(); }, true};
    default:
      return {[remove, add] {
                remove();
                add();
              },
              nullptr, true};
  }
}

Doing on_port(const PlannedOperation& operation, nic::Port& port, driver::Driver& driver) {
  switch (operation.kind) {
    case OperationKind::kPauseInterface:
      return {[&driver] { driver.set_paused(true); }, [&driver] { driver.set_paused(false); }, false};
    case OperationKind::kLinkDown:
      return {[&port] { port.set_link(false); }, [&port] { port.set_link(true); }, false};
    case OperationKind::kHostSend:
      return {[&driver, operation] {
                for (std::uint32_t i = 0; i < operation.count; ++i) {
                  driver.stack(operation.queue).send(operation.frame, {});
                }
              },
              nullptr, false};
    case OperationKind::kHoldTx:
      return {[&driver] { driver.hold_tx([](Tap::Bytes) { return true; }); },
              [&driver] {
                driver.hold_tx(nullptr);
                driver.release_all_tx();
              },
              false};
    default: {
      const auto way = operation.receive ? driver::Direction::kRx : driver::Direction::kTx;
      const std::uint32_t before = driver.cpu(operation.queue, way);
      return {[&driver, operation, way] { driver.set_cpu(operation.queue, way, operation.cpu); },
              [&driver, operation, way, before] { driver.set_cpu(operation.queue, way, before); }, false};
    }
  }
}

Doing doing_of(const PlannedOperation& operation, Machine& machine) {
  switch (operation.kind) {
    case OperationKind::kPauseInterface:
    case OperationKind::kLinkDown:
    case OperationKind::kHostSend:
    case OperationKind::kHoldTx:
    case OperationKind::kSetQueueCpu:
      return on_port(operation, machine.port(operation.interface - 1),
                     machine.driver(operation.interface - 1));
    case OperationKind::kCtrlC:
      return {[&machine] { press_ctrl_c(machine.world()); }, nullptr, false};
    default:
      return on_interface(operation, machine.platform());
  }
}

void post(std::uint64_t time_ps, std::function<void()> action, bool blocks, HostKernel& kernel) {
  kernel.at(time_ps, kSource, [action = std::move(action), blocks, &kernel] {
    if (blocks) {
      kernel.start_service("control plane", 0, action);
    } else {
      action();
    }
  });
}

}  // namespace

const std::vector<std::string>& operation_names() {
  static const std::vector<std::string> kNames = {"remove interface",
                                                  "add interface",
                                                  "restart interface",
                                                  "pause interface",
                                                  "link down",
                                                  "set mtu",
                                                  "set offloads",
                                                  "set rss",
                                                  "stop driver",
                                                  "set queue cpu",
                                                  "host send",
                                                  "hold tx",
                                                  "ctrl c"};
  return kNames;
}

void plan_operations(const std::vector<PlannedOperation>& operations, Machine& machine) {
  for (const PlannedOperation& operation : operations) {
    Doing doing = doing_of(operation, machine);
    post(operation.at_ps, std::move(doing.begin), doing.blocks, machine.kernel());
    if (operation.for_ps == 0 || !doing.undo) continue;
    post(operation.at_ps + operation.for_ps, std::move(doing.undo), doing.blocks, machine.kernel());
  }
}

}  // namespace ringproof
