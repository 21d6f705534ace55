#include <algorithm>
#include <bit>
#include <utility>

#include "sim/fault/catalogue.h"
#include "sim/fault/injector.h"

// What happens to interfaces, programs and sockets while they are used: F-LIF. Each is a service of the host,
// as the control plane of a machine would do it.

namespace ringproof {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;
constexpr std::uint32_t kServiceCpu = 15;
constexpr XDP_HOOK_ID kReceiveHook{XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};

enum Change : std::uint32_t { kPause, kMtu, kOffload };
enum Death : std::uint32_t { kProgramsFirst, kSocketsFirst };

std::uint16_t network_order(std::uint64_t port) {
  const auto value = static_cast<std::uint16_t>(port);
  return static_cast<std::uint16_t>(value << 8 | value >> 8);
}

}  // namespace

void FaultInjector::serve(FaultId id, std::uint64_t time_ps, std::function<void()> body) {
  std::uint32_t& serving = serving_[static_cast<std::size_t>(id)];
  ++serving;
  soon(time_ps, [this, id, &serving, body = std::move(body)] {
    world_.kernel->start_service(std::string("fault ") + fault_info(id).id, kServiceCpu, [&serving, body] {
      body();
      --serving;
    });
  });
}

// Of a service. It ends with the faults.
void FaultInjector::pause(std::uint64_t span_ns) {
  Signal never_notified;
  HostKernel& kernel = *world_.kernel;
  kernel.wait(never_notified, kernel.now_ps() + span_ns * kPsPerNs);
}

void FaultInjector::offer_life_faults(std::uint32_t port, std::uint64_t socket, std::uint64_t time_ps) {
  if (acting_ || world_.platform == nullptr) return;
  const FaultTarget here{.port = port, .socket = socket};
  const std::uint32_t which = port == FaultTarget::kAny ? 0 : port;
  const auto ask = [&](FaultId id) { return may_serve(id) ? at(id, time_ps, here) : FaultStrike{}; };
  if (const FaultStrike strike = ask(FaultId::kLif01)) {
    serve(FaultId::kLif01, time_ps, [=, this] { bounce_interface(which, strike.extent); });
  }
  offer_device_faults(here, which, time_ps);
  if (const FaultStrike strike = ask(FaultId::kLif03)) {
    serve(FaultId::kLif03, time_ps, [=, this] { change_interface(which, strike); });
  }
  if (const FaultStrike strike = ask(FaultId::kLif04)) {
    serve(FaultId::kLif04, time_ps, [=, this] { add_program(which, strike); });
  }
  if (const FaultStrike strike = ask(FaultId::kLif06)) {
    serve(FaultId::kLif06, time_ps, [=, this] { share_queue(which, strike); });
  }
  // Without a program there is no traffic, and a dead process attaches none: nothing would ever happen.
  if (socket == FaultTarget::kAny || count(FaultEvent::kAttached) == 0) return;
  if (const FaultStrike strike = ask(FaultId::kLif05)) {
    serve(FaultId::kLif05, time_ps, [=, this] { end_process(strike); });
  }
}

void FaultInjector::bounce_interface(std::uint32_t port, std::uint64_t down_ns) {
  world_.platform->remove_adapter(port + 1);
  pause(down_ns);
  world_.platform->add_adapter(port + 1);
}

void FaultInjector::change_interface(std::uint32_t port, const FaultStrike& strike) {
  driver::Driver& driver = *world_.drivers.at(port);
  xdp::Platform& platform = *world_.platform;
  const auto each_interface = [&](auto change) {
    for (const bool generic : {false, true}) {
      xdp::Interface* found = platform.find_interface(port + 1, kReceiveHook, generic, !generic);
      if (found != nullptr) change(*found);
    }
  };
  const auto switch_offloads = [&](bool on) {
    const nic::Offloads& can = driver.info().offloads;
    each_interface([&](xdp::Interface& interface) {
      interface.set_current(on && can.rx_checksum, on && can.tx_checksum);
    });
  };
  if (strike.kind == kPause) driver.set_paused(true);
  if (strike.kind == kOffload) switch_offloads(false);
  if (strike.kind == kMtu) {
    each_interface(
        [&](xdp::Interface& interface) { interface.set_mtu(static_cast<std::uint32_t>(strike.amount)); });
  }
  pause(strike.extent);
  if (strike.kind == kPause) driver.set_paused(false);
  if (strike.kind == kOffload) switch_offloads(true);
  if (strike.kind == kMtu) {
    each_interface([&](xdp::Interface& interface) { interface.set_mtu(driver.info().mtu); });
  }
}

// A rule for a port that hardly anybody uses: for all others nothing changes.
void FaultInjector::add_program(std::uint32_t port, const FaultStrike& strike) {
  XDP_RULE rule{};
  rule.Match = XDP_MATCH_UDP_DST;
  rule.Pattern.Port = network_order(strike.amount);
  rule.Action = XDP_PROGRAM_ACTION_DROP;
  HANDLE program = nullptr;
  const xdp::Status status = world_.platform->create_program(
      port + 1, kReceiveHook, 0, XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES, &rule, 1, &program);
  if (xdp::failed(status)) return;
  pause(strike.extent);
  world_.platform->close_handle(program);
}

// The system closes what a dead process held, with frames wherever they are. (A socket that another thread
// closes under a living one takes the memory of its rings along, and the process dies of that.)
void FaultInjector::end_process(const FaultStrike& strike) {
  world_.kernel->stop_applications();
  if (strike.kind == kSocketsFirst) {
    for (const HANDLE handle : world_.platform->handles().handles_of<xdp::Socket>()) {
      world_.platform->close_handle(handle);
    }
  }
  world_.platform->close_all_handles();
}

void FaultInjector::share_queue(std::uint32_t port, const FaultStrike& strike) {
  constexpr std::uint32_t kChunkBytes = 2048;
  constexpr std::uint32_t kChunks = 8;
  constexpr std::uint32_t kRingSize = 8;
  xdp::Platform& platform = *world_.platform;
  HANDLE handle = nullptr;
  if (xdp::failed(platform.create_socket(&handle))) return;
  std::shared_ptr<xdp::Socket> socket;
  static_cast<void>(platform.find_socket(handle, &socket));
  auto& memory = *memory_.emplace_back(std::make_unique<std::vector<unsigned char>>(kChunkBytes * kChunks));
  XSK_UMEM_REG umem{};
  umem.TotalSize = memory.size();
  umem.ChunkSize = kChunkBytes;
  umem.Address = memory.data();
  bool done = !xdp::failed(socket->bind(platform, port + 1, static_cast<std::uint32_t>(strike.amount),
                                        XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX)) &&
              !xdp::failed(socket->set_option(XSK_SOCKOPT_UMEM_REG, &umem, sizeof umem));
  for (const std::uint32_t option : {XSK_SOCKOPT_RX_FILL_RING_SIZE, XSK_SOCKOPT_RX_RING_SIZE,
                                     XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
    done = done && !xdp::failed(socket->set_option(option, &kRingSize, sizeof kRingSize));
  }
  if (done && !xdp::failed(socket->activate(0))) pause(strike.extent);
  platform.close_handle(handle);
}

}  // namespace ringproof
