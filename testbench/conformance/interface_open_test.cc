// Interface handles: who gets one, how long it is good, and which calls take it: I-032, P-5.3.

#include "testbench/conformance/interface.h"
#include "testbench/conformance/machine.h"
#include "testbench/conformance/table_versions.h"

namespace ringproof::test {
namespace {

constexpr UINT32 kNoDriver = 0x80070002;

UINT32 open(UINT32 index, HANDLE* handle) { return number(XdpInterfaceOpen(index, handle)); }

// Every call that takes an interface handle, with arguments that are good but for the handle.
std::vector<UINT32> call_all(HANDLE handle, UINT32* sizes = nullptr) {
  alignas(8) std::array<unsigned char, 1024> buffer{};
  UINT32 capabilities_bytes = buffer.size();
  UINT32 rss_bytes = buffer.size();
  std::vector<unsigned char> wish = RssWish().bytes();
  XDP_QUIC_CONNECTION quic = quic_connection(1);
  std::vector<UINT32> answers = {
      number(XdpRssGetCapabilities(handle, reinterpret_cast<XDP_RSS_CAPABILITIES*>(buffer.data()),
                                   &capabilities_bytes)),
      number(XdpRssGet(handle, reinterpret_cast<XDP_RSS_CONFIGURATION*>(buffer.data()), &rss_bytes)),
      number(XdpRssSet(handle, reinterpret_cast<XDP_RSS_CONFIGURATION*>(wish.data()),  // NOLINT
                       static_cast<UINT32>(wish.size()))),
      number(XdpQeoSet(handle, &quic, sizeof quic))};
  if (sizes != nullptr) *sizes = capabilities_bytes + rss_bytes;
  return answers;
}

std::vector<UINT32> all(UINT32 answer) { return std::vector<UINT32>(4, answer); }

class InterfaceOpen : public Conformance {
 protected:
  static FaultRecord once(FaultId id, std::uint32_t kind) {
    FaultRecord record = fault_record(id, {.rate = 1});
    record.kind = kind;
    record.times = 1;
    return record;
  }
  void remove_adapter() { machine().platform().remove_adapter(1); }
  void add_adapter() { machine().platform().add_adapter(1); }
};

CONFORMANCE(InterfaceOpen, GivesAnyNumberOfHandlesOfAnInterface) {
  OpenInterface one;
  OpenInterface two;
  EXPECT_NE(one.handle(), two.handle());
  EXPECT_EQ(call_all(two.handle()), all(kOk));
  two.close();
  EXPECT_EQ(call_all(one.handle()), all(kOk));
}

CONFORMANCE(InterfaceOpen, KnowsNoInterfaceThatIsNotThere) {
  for (const UINT32 index : {0u, 2u, 0xFFFFFFFFu}) {
    HANDLE handle = &handle;
    EXPECT_EQ(open(index, &handle), kNotFound) << index;
    EXPECT_EQ(handle, nullptr);
  }
}

CONFORMANCE_ON(InterfaceOpen, TakesAGenericInterface, settings.interface.native = false) {
  const OpenInterface interface;
  EXPECT_EQ(call_all(interface.handle()), all(kOk));
}

CONFORMANCE_ON(InterfaceOpen, TakesANativeInterface, settings.interface.generic = false) {
  const OpenInterface interface;
  EXPECT_EQ(call_all(interface.handle()), all(kOk));
}

CONFORMANCE(InterfaceOpen, FindsNothingWhileTheAdapterIsAway) {
  remove_adapter();
  HANDLE handle = nullptr;
  EXPECT_EQ(open(1, &handle), kNotFound);
  add_adapter();
  const OpenInterface interface;
  EXPECT_EQ(call_all(interface.handle()), all(kOk));
}

// I-032: also when another adapter is in its place, and for ever.
CONFORMANCE(InterfaceOpen, AfterRemovalAHandleIsGoodForClosingOnly) {
  OpenInterface old;
  remove_adapter();
  UINT32 sizes = 1;
  EXPECT_EQ(call_all(old.handle(), &sizes), all(kNotReady));
  EXPECT_EQ(sizes, 0u);
  add_adapter();
  const OpenInterface fresh;
  EXPECT_EQ(call_all(old.handle()), all(kNotReady));
  EXPECT_EQ(call_all(fresh.handle()), all(kOk));
  old.close();
  EXPECT_EQ(call_all(fresh.handle()), (std::vector<UINT32>{kOk, kOk, kOk, kAlreadyExists}));
}

// What a request says of itself is judged before that the adapter is gone: 7.3, 8.
CONFORMANCE(InterfaceOpen, ARequestThatIsWrongIsWrongWithoutAnAdapterToo) {
  const OpenInterface interface;
  remove_adapter();
  EXPECT_EQ(interface.set(RssWish{.processors = std::vector<BYTE>(3)}), kBadParameter);
  EXPECT_EQ(number(XdpQeoSet(interface.handle(), nullptr, 0)), kBadParameter);
  XDP_QUIC_CONNECTION wrong = quic_connection(1);
  wrong.Header.Revision = 0;
  EXPECT_EQ(interface.qeo(wrong), kNotReady);
}

CONFORMANCE(InterfaceOpen, AStoppedDriverHasNone) {
  OpenInterface interface;
  machine().platform().stop();
  EXPECT_EQ(call_all(interface.handle()), all(kInvalidHandle));
  HANDLE handle = &handle;
  EXPECT_EQ(open(1, &handle), kNoDriver);
  EXPECT_EQ(handle, nullptr);
  interface.forget();
  machine().platform().start();
  const OpenInterface fresh;
  EXPECT_EQ(call_all(fresh.handle()), all(kOk));
}

CONFORMANCE(InterfaceOpen, AHandleOfAnotherKindIsNotSupported) {
  UINT32 sizes = 1;
  const RawSocket socket;
  EXPECT_EQ(call_all(socket.handle(), &sizes), all(kNotSupported));
  EXPECT_EQ(sizes, 0u);
  HANDLE program = nullptr;
  XDP_RULE rule{};
  rule.Match = XDP_MATCH_ALL;
  rule.Action = XDP_PROGRAM_ACTION_PASS;
  ASSERT_EQ(TestProgram::create({rule}, 0, 0, &program), kOk);
  EXPECT_EQ(call_all(program), all(kNotSupported));
  EXPECT_TRUE(CloseHandle(program));
  const OpenInterface interface;
  EXPECT_EQ(number(XskActivate(interface.handle(), XSK_ACTIVATE_FLAG_NONE)), kNotSupported);
}

// An event has no device that could refuse: xdp-programs, OBJECT_TYPE_MISMATCH.
CONFORMANCE(InterfaceOpen, AHandleOfNoDeviceIsInvalid) {
  for (const HANDLE handle : {CreateEventA(nullptr, TRUE, FALSE, nullptr),
                              CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0)}) {
    EXPECT_EQ(call_all(handle), all(kInvalidHandle));
    EXPECT_EQ(number(XskActivate(handle, XSK_ACTIVATE_FLAG_NONE)), kInvalidHandle);
    EXPECT_EQ(number(XskBind(handle, 1, 0, XSK_BIND_FLAG_RX)), kInvalidHandle);
    EXPECT_TRUE(CloseHandle(handle));
  }
}

CONFORMANCE(InterfaceOpen, AHandleThatIsNotOpenIsInvalid) {
  OpenInterface interface;
  const HANDLE closed = interface.handle();
  interface.close();
  UINT32 sizes = 1;
  EXPECT_EQ(call_all(closed, &sizes), all(kInvalidHandle));
  EXPECT_EQ(sizes, 0u);
  EXPECT_EQ(call_all(nullptr), all(kInvalidHandle));
  EXPECT_FALSE(CloseHandle(closed));
}

// Programs and sockets go on without the handle, and the handle without them.
CONFORMANCE(InterfaceOpen, IsNothingToSocketsAndPrograms) {
  std::optional<OpenInterface> interface;
  interface.emplace();
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  socket.post_chunks(0, 2);
  interface.reset();
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(socket.received().size(), 1u);
}

// The first attempt that finds no room, for each reason.
CONFORMANCE_ON(InterfaceOpen, SaysThatThereIsNoRoomForIt,
               settings.faults.records = {once(FaultId::kAlc01, fault_kind::kHandle),
                                          once(FaultId::kAlc03, fault_kind::kHandles)}) {
  for (const UINT32 answer : {kNoMemory, kNoResources}) {
    HANDLE handle = &handle;
    EXPECT_EQ(open(1, &handle), answer);
    EXPECT_EQ(handle, nullptr);
  }
  const OpenInterface interface;
}

// Versions 1 and 2 have the same calls, by name.
CONFORMANCE(InterfaceOpen, TheTablesHaveTheSameCalls) {
  for (const unsigned version : {1u, 2u}) {
    SCOPED_TRACE(version);
    EXPECT_EQ(use_interface_by_table(version), std::vector<UINT32>(5, kOk));
  }
}

}  // namespace
}  // namespace ringproof::test
