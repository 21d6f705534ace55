// Which call is legal in which state (1.4), and that a call that fails changes nothing: INV-42.

#include <functional>
#include <string>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/snapshot.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using StateTable = Conformance;

enum State : std::uint8_t { kUnbound, kBound, kActive, kDetached };
constexpr std::array<State, 4> kStates = {kUnbound, kBound, kActive, kDetached};
constexpr std::array<const char*, 4> kStateNames = {"Unbound", "Bound", "Active", "Detached"};
constexpr std::array<UINT32, 4> kRingSizes = {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE,
                                              XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE};

// What a socket has been given before the call.
enum class Has : std::uint8_t {
  kNothing,  // so that only the state can stand against UMEM, rings and offloads; never Active
  kAll       // UMEM and four rings, so that only the state can stand against activation
};

std::vector<unsigned char>& some_memory() {
  static std::vector<unsigned char> memory(4 * 2048);
  return memory;
}

XSK_UMEM_REG some_umem() { return umem_at(some_memory().data(), some_memory().size()); }

// A socket in a state; bound for both directions if the state says so.
class SocketIn : public RawSocket {
 public:
  SocketIn(Machine& machine, const Mode& mode, State state, Has has) {
    if (has == Has::kAll || state == kActive) {
      EXPECT_EQ(set(XSK_SOCKOPT_UMEM_REG, some_umem()), kOk);
      for (const UINT32 option : kRingSizes) EXPECT_EQ(set_number(option, 8), kOk);
    }
    if (state != kUnbound) {
      EXPECT_EQ(bind(1, 0, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX | mode.bind_flag), kOk);
    }
    if (state == kActive || (state == kDetached && has == Has::kAll)) {
      EXPECT_EQ(activate(), kOk);
    }
    if (state == kDetached) {
      machine.platform().remove_adapter(1);
      machine.platform().add_adapter(1);
    }
  }
};

using Call = std::function<UINT32(const RawSocket&)>;

struct Row {
  std::string name;
  Has has;
  Call call;
  std::array<UINT32, 4> answers;  // by state
  bool once = false;              // after a success the state, or what there is, stands against it
};

template <typename Value>
Call setting(UINT32 option, const Value& value, UINT32 length = sizeof(Value)) {
  return [=](const RawSocket& socket) { return socket.set(option, value, length); };
}
Call getting(UINT32 option, UINT32 bytes) {
  return [=](const RawSocket& socket) {
    UINT32 length = bytes;
    return socket.try_get(option, &length);
  };
}
Call notifying(UINT32 flags) {
  return [=](const RawSocket& socket) { return socket.notify(flags); };
}
// A request that is started is cancelled at once, so that its memory is free again.
Call notifying_later(UINT32 flags) {
  return [=](const RawSocket& socket) {
    OVERLAPPED overlapped{};
    const UINT32 answer =
        number(XskNotifyAsync(socket.handle(), static_cast<XSK_NOTIFY_FLAGS>(flags), &overlapped));
    EXPECT_EQ(CancelIoEx(socket.handle(), &overlapped) != FALSE, answer == kPending);
    return answer;
  };
}
Call binding(const Mode& mode, UINT32 flags) {
  return [=](const RawSocket& socket) { return socket.bind(1, 0, flags | mode.bind_flag); };
}
Call activating(UINT32 flags) {
  return [=](const RawSocket& socket) { return socket.activate(flags); };
}

constexpr std::array<UINT32, 4> kInAll = {kOk, kOk, kOk, kOk};
constexpr std::array<UINT32, 4> kInNone = {kBadState, kBadState, kBadState, kBadState};
constexpr std::array<UINT32, 4> kInUnbound = {kOk, kBadState, kBadState, kBadState};
constexpr std::array<UINT32, 4> kInBound = {kBadState, kOk, kBadState, kBadState};
constexpr std::array<UINT32, 4> kInActive = {kBadState, kBadState, kOk, kBadState};
constexpr std::array<UINT32, 4> kBeforeActive = {kOk, kOk, kBadState, kBadState};

std::vector<Row> rows(const Mode& mode) {
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  std::vector<Row> table = {
      {"bind RX", Has::kNothing, binding(mode, XSK_BIND_FLAG_RX), kInUnbound, true},
      {"bind TX", Has::kNothing, binding(mode, XSK_BIND_FLAG_TX), kInUnbound, true},
      {"activate", Has::kAll, activating(0), kInBound, true},
      {"activate with nothing", Has::kNothing, activating(0), kInNone},
      {"UMEM", Has::kNothing, setting(XSK_SOCKOPT_UMEM_REG, some_umem()), kBeforeActive, true},
      {"UMEM again", Has::kAll, setting(XSK_SOCKOPT_UMEM_REG, some_umem()), kInNone},
      {"poll default", Has::kAll, setting(XSK_SOCKOPT_POLL_MODE, UINT32{XSK_POLL_MODE_DEFAULT}), kInAll},
      {"poll busy", Has::kAll, setting(XSK_SOCKOPT_POLL_MODE, UINT32{XSK_POLL_MODE_BUSY}), kInActive},
      {"poll socket", Has::kAll, setting(XSK_SOCKOPT_POLL_MODE, UINT32{XSK_POLL_MODE_SOCKET}), kInActive},
      {"ring info", Has::kAll, getting(XSK_SOCKOPT_RING_INFO, 160), kInAll},
      {"statistics", Has::kAll, getting(XSK_SOCKOPT_STATISTICS, 32), kInAll},
      {"poke", Has::kAll, notifying(XSK_NOTIFY_FLAG_POKE_TX), kInActive},
      {"wait", Has::kAll, notifying(XSK_NOTIFY_FLAG_WAIT_RX), {kBadState, kBadState, kTimeout, kBadState}},
      // The state comes before the flags here, and only here.
      {"notify nothing", Has::kAll, notifying(0), {kBadState, kBadState, kBadParameter, kBadState}},
      {"wait asynchronously",
       Has::kAll,
       notifying_later(kWaitRx),
       {kBadState, kBadState, kPending, kBadState}},
      {"poke asynchronously", Has::kAll, notifying_later(kPokeTx), kInActive},
      {"ioctl",
       Has::kAll,
       [](const RawSocket& socket) {
         return number(XskIoctl(socket.handle(), 0, nullptr, 0, nullptr, nullptr));
       },
       {kNotSupported, kNotSupported, kNotSupported, kNotSupported}},
  };
  const auto add = [&](const char* name, UINT32 option, Has has, const Call& call,
                       const std::array<UINT32, 4>& answers, bool once = false) {
    table.push_back({name + (" " + std::to_string(option)), has, call, answers, once});
  };
  for (const UINT32 option : kRingSizes) {
    add("size ring", option, Has::kNothing, setting(option, UINT32{8}), kBeforeActive, true);
    add("size ring again", option, Has::kAll, setting(option, UINT32{8}), kInNone);
  }
  for (const UINT32 option : {XSK_SOCKOPT_RX_HOOK_ID, XSK_SOCKOPT_TX_HOOK_ID}) {
    add("set hook", option, Has::kNothing, setting(option, hook), kInUnbound);
    add("get hook", option, Has::kAll, getting(option, 12), kInAll);
  }
  for (const UINT32 option : {XSK_SOCKOPT_RX_ERROR, XSK_SOCKOPT_RX_FILL_ERROR, XSK_SOCKOPT_TX_ERROR,
                              XSK_SOCKOPT_TX_COMPLETION_ERROR}) {
    add("error", option, Has::kNothing, getting(option, 4), kInAll);
  }
  for (const UINT32 option : {XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, XSK_SOCKOPT_TX_PROCESSOR_AFFINITY}) {
    add("set affinity", option, Has::kNothing, setting(option, UINT32{1}), kInAll);
    add("get affinity", option, Has::kAll, getting(option, 4), {kBadState, kBadState, kNotReady, kNotReady});
  }
  for (const UINT32 option :
       {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_ORIGINAL_LENGTH,
        XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP, XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP}) {
    add("offload", option, Has::kNothing, setting(option, UINT32{1}), kInBound, true);
    add("offload off", option, Has::kNothing, setting(option, UINT32{0}), kInBound);
    add("offload after rings", option, Has::kAll, setting(option, UINT32{1}), kInNone);
  }
  for (const UINT32 option :
       {XSK_SOCKOPT_TX_FRAME_LAYOUT_EXTENSION, XSK_SOCKOPT_TX_FRAME_CHECKSUM_EXTENSION,
        XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION, XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION,
        XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION, XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION,
        XSK_SOCKOPT_TX_FRAME_TIMESTAMP_EXTENSION}) {
    add("extension", option, Has::kAll, getting(option, 2), {kNotFound, kNotFound, kNotFound, kNotFound});
  }
  for (const UINT32 option :
       {XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM, XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM}) {
    add("current config", option, Has::kNothing, getting(option, 10), {kBadState, kOk, kOk, kBadState});
  }
  return table;
}

// Calls whose parameters are wrong: the same answer in every state.
std::vector<Row> wrong_parameters(const Mode& mode) {
  XSK_UMEM_REG no_chunks = some_umem();
  no_chunks.ChunkSize = 0;
  std::vector<Row> table;
  const auto add = [&](const char* name, const Call& call, UINT32 answer) {
    table.push_back({name, Has::kNothing, call, {answer, answer, answer, answer}});
    table.push_back({name, Has::kAll, call, {answer, answer, answer, answer}});
  };
  add("bind no direction", binding(mode, 0), kBadParameter);
  add("bind unknown flag", binding(mode, XSK_BIND_FLAG_RX | 0x10), kBadParameter);
  add("activate with flags", activating(1), kBadParameter);
  add("UMEM without chunks", setting(XSK_SOCKOPT_UMEM_REG, no_chunks), kBadParameter);
  add("UMEM nowhere", setting(XSK_SOCKOPT_UMEM_REG, umem_at(nullptr, 4096)), kNoAccess);
  add("short UMEM", setting(XSK_SOCKOPT_UMEM_REG, some_umem(), 23), kBadParameter);
  for (const UINT32 option : kRingSizes) {
    add("ring of 3", setting(option, UINT32{3}), kBadParameter);
    add("short ring size", setting(option, UINT32{8}, 3), kBadParameter);
  }
  add("short hook", setting(XSK_SOCKOPT_RX_HOOK_ID, XDP_HOOK_ID{}, 11), kTooSmall);
  add("short affinity", setting(XSK_SOCKOPT_TX_PROCESSOR_AFFINITY, UINT32{1}, 3), kTooSmall);
  add("short offload", setting(XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, UINT32{1}, 3), kTooSmall);
  add("short poll mode", setting(XSK_SOCKOPT_POLL_MODE, UINT32{0}, 3), kBadParameter);
  add("unknown option", setting(77, UINT32{1}), kNotSupported);
  add("unknown question", getting(77, 4), kNotSupported);
  add("short ring info", getting(XSK_SOCKOPT_RING_INFO, 159), kBadParameter);
  add("short extension", getting(XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION, 1), kBadParameter);
  return table;
}

// Makes the call of each row on a new socket in each state, and compares what it says, and what the socket
// says before and after it.
void expect_table(Machine& machine, const Mode& mode, const std::vector<Row>& table) {
  for (const Row& row : table) {
    for (const State state : kStates) {
      SCOPED_TRACE(testing::Message() << mode.name << ": " << row.name << " in " << kStateNames[state]);
      const SocketIn socket(machine, mode, state, row.has);
      const Snapshot before = snapshot_of(socket);
      EXPECT_EQ(row.call(socket), row.answers[state]);
      if (row.answers[state] != kOk) {
        EXPECT_EQ(snapshot_of(socket), before);
      } else if (row.once) {
        const Snapshot done = snapshot_of(socket);
        EXPECT_EQ(row.call(socket), kBadState);
        EXPECT_EQ(snapshot_of(socket), done);
      }
    }
  }
}

// 1.4, INV-42
CONFORMANCE(StateTable, EachCallInEachState) {
  for (const Mode& mode : kModes) expect_table(machine(), mode, rows(mode));
}

// 1.4, INV-42: parameters come before the state.
CONFORMANCE(StateTable, WrongParametersInEachState) {
  for (const Mode& mode : kModes) expect_table(machine(), mode, wrong_parameters(mode));
}

// 1.4: the state stands against a ring that was never sized.
CONFORMANCE(StateTable, ActiveSocketGetsNoFurtherRings) {
  for (const Mode& mode : kModes) {
    const ReadySocket receiver(SocketShape().in(mode, XSK_BIND_FLAG_RX));
    const ReadySocket sender(SocketShape().in(mode, XSK_BIND_FLAG_TX));
    for (const UINT32 option : {XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
      EXPECT_EQ(receiver.set_number(option, 8), kBadState) << mode.name << ", " << option;
    }
    for (const UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE}) {
      EXPECT_EQ(sender.set_number(option, 8), kBadState) << mode.name << ", " << option;
    }
  }
}

// 1.4: a refused bind of a whole socket leaves it Unbound with what it had.
CONFORMANCE(StateTable, RefusedBindChangesNothing) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const SocketIn socket(machine(), mode, kUnbound, Has::kAll);
    const Snapshot before = snapshot_of(socket);
    EXPECT_EQ(socket.bind(7, 0, XSK_BIND_FLAG_RX | mode.bind_flag), kNotFound);
    EXPECT_EQ(socket.bind(1, 99, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX | mode.bind_flag),
              mode.bind_flag == XSK_BIND_FLAG_GENERIC ? kBadParameter : kNotFound);
    EXPECT_EQ(snapshot_of(socket), before);
    EXPECT_EQ(binding(mode, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX)(socket), kOk);
    EXPECT_EQ(socket.activate(), kOk);
  }
}

}  // namespace
}  // namespace ringproof::test
