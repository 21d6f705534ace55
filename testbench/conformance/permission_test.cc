// Who may open which kind of object: P-104, P-106.

#include <ringproof/win32/handles.h>
#include <ringproof/win32/process.h>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/programs.h"

namespace ringproof::test {
namespace {

// What the four calls that open something answer.
class Permission : public Conformance {
 protected:
  struct Answers {
    UINT32 socket = kOk;
    UINT32 program = kOk;
    UINT32 interface = kOk;
    UINT32 map = kOk;
    bool operator==(const Answers&) const = default;
  };
  // With parameters that are wrong, unless the kind may be opened: permission comes first.
  static Answers open_each(const Answers& expected) {
    Answers answers;
    const auto opened = [](Handle& handle, UINT32 answer) {
      EXPECT_EQ(handle.get() != nullptr, answer == kOk);
      return answer;
    };
    Handle socket;
    answers.socket = opened(socket, number(XskCreate(socket.out())));
    const bool programs = expected.program == kOk;
    answers.program = try_create({.rules = {rule_all(XDP_PROGRAM_ACTION_PASS)},
                                  .flags = programs ? kGeneric : 0x8,
                                  .interface = programs ? 1u : 7u});
    Handle interface;
    const UINT32 index = expected.interface == kOk ? 1 : 7;
    answers.interface = opened(interface, number(XdpInterfaceOpen(index, interface.out())));
    Handle map;
    const auto type = static_cast<XDP_MAP_TYPE>(expected.map == kOk ? UINT32{XDP_MAP_TYPE_XSKMAP} : 5u);
    answers.map = opened(map, number(XdpMapCreate(map.out(), type)));
    return answers;
  }
  static void expect_answers(const Answers& expected) { EXPECT_EQ(open_each(expected), expected); }
};

// P-104
CONFORMANCE(Permission, WithoutListsEverythingIsOpen) { expect_answers({}); }
CONFORMANCE_ON(Permission, SocketsAreDeniedByThemselves, settings.platform.access.sockets = false) {
  expect_answers({.socket = kDenied});
}
CONFORMANCE_ON(Permission, ProgramsAreDeniedByThemselves, settings.platform.access.programs = false) {
  expect_answers({.program = kDenied});
}
CONFORMANCE_ON(Permission, InterfacesAreDeniedByThemselves, settings.platform.access.interfaces = false) {
  expect_answers({.interface = kDenied});
}
CONFORMANCE_ON(Permission, MapsAreDeniedByThemselves, settings.platform.access.maps = false) {
  expect_answers({.map = kDenied});
}

// P-106: a second handle of a socket is as good a target as the first, and may be closed afterwards.
CONFORMANCE(Permission, ADuplicateNamesItsSocket) {
  for (const bool by_map : {false, true}) {
    SCOPED_TRACE(by_map ? "in a map" : "of a rule");
    ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
    EXPECT_EQ(socket.post_chunks(0, 2), 2u);
    Handle duplicate;
    ASSERT_TRUE(DuplicateHandle(GetCurrentProcess(), socket.handle(), GetCurrentProcess(), duplicate.out(), 0,
                                FALSE, DUPLICATE_SAME_ACCESS));
    const TestMap map;
    XDP_RULE rule = redirected(rule_all(XDP_PROGRAM_ACTION_DROP), socket);
    rule.Redirect.Target = duplicate.get();
    if (by_map) {
      EXPECT_EQ(map.insert(0, duplicate.get()), kOk);
      rule = redirected(rule, map);
    }
    const Handle program = program_of({.rules = {rule}});
    const HANDLE was_open = duplicate.get();
    duplicate.close();
    machine().wire({udp_frame(64, 1)});
    machine().settle();
    EXPECT_EQ(socket.received().size(), 1u);
    // A handle that is closed names nobody.
    XDP_RULE gone = redirected(rule_all(XDP_PROGRAM_ACTION_DROP), socket);
    gone.Redirect.Target = was_open;
    EXPECT_EQ(try_create({.rules = {gone}}), kInvalidHandle);
  }
}

}  // namespace
}  // namespace ringproof::test
