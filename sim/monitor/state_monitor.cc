#include "sim/monitor/state_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/xdp/public_api.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kBadState = 0x80070016;
constexpr std::uint32_t kMoreData = 0x800700EA;
// Checks that come before that of the state, and want of memory, which may.
constexpr std::uint32_t kEarlierRefusals[] = {0x80070057, 0x8007007A, 0x800703E6, 0x800705AA};

bool failed(std::uint32_t status) { return (status & 0x80000000u) != 0; }
bool terminal(SocketState state) { return state >= SocketState::kDetached; }

bool legal(SocketState from, SocketState to) {
  using S = SocketState;
  if (to == S::kClosing) return true;
  if (to == S::kDetached) return from != S::kClosing;
  return (from == S::kUnbound && to == S::kBinding) ||
         (from == S::kBinding && (to == S::kBound || to == S::kUnbound)) ||
         (from == S::kBound && to == S::kActivating) ||
         (from == S::kActivating && (to == S::kActive || to == S::kBound));
}

bool set_forbidden(SocketState state, std::uint32_t option) {
  switch (option) {
    case XSK_SOCKOPT_UMEM_REG:
    case XSK_SOCKOPT_RX_RING_SIZE:
    case XSK_SOCKOPT_RX_FILL_RING_SIZE:
    case XSK_SOCKOPT_TX_RING_SIZE:
    case XSK_SOCKOPT_TX_COMPLETION_RING_SIZE:
      return state >= SocketState::kActivating;
    case XSK_SOCKOPT_RX_HOOK_ID:
    case XSK_SOCKOPT_TX_HOOK_ID:
      return state != SocketState::kUnbound;
    case XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM:
    case XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM:
    case XSK_SOCKOPT_RX_ORIGINAL_LENGTH:
    case XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP:
    case XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP:
      return state != SocketState::kBound;
    default:
      return false;  // affinity: any state; the poll mode: it depends on the value, which is not told
  }
}

bool forbidden(SocketState state, const SocketCall& call) {
  switch (call.kind) {
    case SocketCall::Kind::kBind:
      return state != SocketState::kUnbound;
    case SocketCall::Kind::kActivate:
      return state != SocketState::kBound;
    case SocketCall::Kind::kSetOption:
      return set_forbidden(state, call.argument);
    case SocketCall::Kind::kGetOption:
      if (call.argument == XSK_SOCKOPT_RING_INFO) return state == SocketState::kClosing;
      return (call.argument == XSK_SOCKOPT_RX_PROCESSOR_AFFINITY ||
              call.argument == XSK_SOCKOPT_TX_PROCESSOR_AFFINITY) &&
             state < SocketState::kActive;
    default:
      return state != SocketState::kActive;
  }
}

// Calls whose parameters are known to be right here, or are looked at after the state.
bool state_decides(const SocketCall& call) {
  constexpr std::uint32_t kModes = XSK_BIND_FLAG_GENERIC | XSK_BIND_FLAG_NATIVE;
  constexpr std::uint32_t kDirections = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX;
  switch (call.kind) {
    case SocketCall::Kind::kBind:
      return (call.argument & ~(kModes | kDirections)) == 0 && (call.argument & kModes) != kModes &&
             (call.argument & kDirections) != 0;
    case SocketCall::Kind::kActivate:
      return call.argument == 0;
    case SocketCall::Kind::kNotify:
    case SocketCall::Kind::kNotifyAsync:
      return true;
    default:
      return false;
  }
}

bool refused_properly(const SocketCall& call, std::uint32_t status) {
  if (status == kBadState) return true;
  if (state_decides(call)) return false;
  return std::find(std::begin(kEarlierRefusals), std::end(kEarlierRefusals), status) !=
         std::end(kEarlierRefusals);
}

bool changes_something(SocketCall::Kind kind) {
  return kind != SocketCall::Kind::kGetOption && kind != SocketCall::Kind::kNotify &&
         kind != SocketCall::Kind::kNotifyAsync;
}

std::string name_of(const SocketCall& call) {
  const bool option = call.kind == SocketCall::Kind::kSetOption || call.kind == SocketCall::Kind::kGetOption;
  return option ? fmt::format("{} of option {}", socket_call_name(call.kind), call.argument)
                : fmt::format("{} with flags {:#x}", socket_call_name(call.kind), call.argument);
}

}  // namespace

void StateMonitor::state_changed(std::uint64_t number, SocketState from, SocketState to,
                                 std::uint64_t time_ps) {
  Socket& socket = sockets_[number];
  ++socket.changes;
  socket.trail.add("state {0} -> {1}", static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to),
                   time_ps);
  if (terminal(to)) {
    for (Open& open : socket.open) open.alone = false;
  }
  log_.checked(Invariant::k41);
  if (legal(from, to)) return;
  log_.violated(Invariant::k41, Party::kPlatform, Place::socket(number), socket.trail, time_ps, [&] {
    return fmt::format("the state went from {} to {}, which no cause does", socket_state_name(from),
                       socket_state_name(to));
  });
}

void StateMonitor::call_began(std::uint64_t number, const SocketCall& call, const SocketView& view,
                              std::uint64_t time_ps) {
  Socket& socket = sockets_[number];
  socket.trail.add("call {0} of {1:#x} began", static_cast<std::uint64_t>(call.kind), call.argument, time_ps);
  bool alone = socket.teardowns == 0;
  for (Open& open : socket.open) {
    if (changes_something(call.kind)) open.alone = false;
    if (changes_something(open.call.kind)) alone = false;
  }
  socket.open.push_back({call, view, socket.changes, alone});
}

void StateMonitor::teardown_begun(Teardown what, std::uint64_t object, std::uint64_t) {
  if (what != Teardown::kClose && what != Teardown::kDetach) return;
  Socket& socket = sockets_[object];
  ++socket.teardowns;
  for (Open& open : socket.open) open.alone = false;
}

void StateMonitor::teardown_ended(Teardown what, std::uint64_t object, std::uint64_t) {
  if (what != Teardown::kClose && what != Teardown::kDetach) return;
  Socket* socket = sockets_.find(object);
  if (socket != nullptr && socket->teardowns > 0) --socket->teardowns;
}

void StateMonitor::call_ended(std::uint64_t number, const SocketCall& call, std::uint32_t status,
                              const SocketView& view, std::uint64_t time_ps) {
  Socket* found = sockets_.find(number);
  if (found == nullptr) return;
  Socket& socket = *found;
  const auto same = [&](const Open& open) {
    return open.call.kind == call.kind && open.call.argument == call.argument;
  };
  const auto first = std::find_if(socket.open.begin(), socket.open.end(), same);
  if (first == socket.open.end()) return;
  // Of two equal calls at once nobody can tell which one ended.
  const bool ambiguous = std::find_if(first + 1, socket.open.end(), same) != socket.open.end();
  const Open open = *first;
  socket.open.erase(first);
  if (ambiguous) {
    for (Open& other : socket.open) {
      other.alone = false;
      if (same(other)) other.sure = false;
    }
    return;
  }
  check_state(number, socket, open, status, view, time_ps);
  check_unchanged(number, socket, open, status, view, time_ps);
}

void StateMonitor::check_state(std::uint64_t number, const Socket& socket, const Open& open,
                               std::uint32_t status, const SocketView& after, std::uint64_t time_ps) {
  if (forbidden(open.before.state, open.call)) {
    if (!open.sure || socket.changes != open.changes) return;
    log_.checked(Invariant::k41);
    if (refused_properly(open.call, status)) return;
    log_.violated(Invariant::k41, Party::kPlatform, Place::socket(number), socket.trail, time_ps, [&] {
      return fmt::format("{} in state {} answered {:#010x}; {:#010x} is expected", name_of(open.call),
                         socket_state_name(open.before.state), status, kBadState);
    });
    return;
  }
  const bool bind = open.call.kind == SocketCall::Kind::kBind;
  if ((!bind && open.call.kind != SocketCall::Kind::kActivate) || status != 0 || !open.alone) return;
  log_.checked(Invariant::k41);
  const SocketState expected = bind ? SocketState::kBound : SocketState::kActive;
  if (after.state == expected) return;
  log_.violated(Invariant::k41, Party::kPlatform, Place::socket(number), socket.trail, time_ps, [&] {
    return fmt::format("{} succeeded and left state {}; {} is expected", name_of(open.call),
                       socket_state_name(after.state), socket_state_name(expected));
  });
}

void StateMonitor::check_unchanged(std::uint64_t number, const Socket& socket, const Open& open,
                                   std::uint32_t status, const SocketView& after, std::uint64_t time_ps) {
  if (!failed(status) || status == kMoreData || !open.alone) return;
  log_.checked(Invariant::k42);
  const auto complain = [&](const char* what, const std::string& was, const std::string& is) {
    log_.violated(Invariant::k42, Party::kPlatform, Place::socket(number), socket.trail, time_ps, [&] {
      return fmt::format("{} failed with {:#010x}, and {} is {} where it was {}", name_of(open.call), status,
                         what, is, was);
    });
  };
  if (after.state != open.before.state) {
    complain("the state", socket_state_name(open.before.state), socket_state_name(after.state));
    return;
  }
  const bool poll_mode =
      open.call.kind == SocketCall::Kind::kSetOption && open.call.argument == XSK_SOCKOPT_POLL_MODE;
  const std::size_t fields = poll_mode ? SocketView::kFields - 1 : SocketView::kFields;
  for (std::size_t i = 0; i < fields; ++i) {
    if (after.fields[i] == open.before.fields[i]) continue;
    complain(SocketView::field_name(i), fmt::format("{:#x}", open.before.fields[i]),
             fmt::format("{:#x}", after.fields[i]));
    return;
  }
}

}  // namespace ringproof
