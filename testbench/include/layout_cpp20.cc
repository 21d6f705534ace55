// layout_cpp20.cc: the published layouts as a C++ program sees them.
// Role     compile-time list and byte checks in C++20, flag operators, and C++ headers next to ours
// Errors   does not compile, or exits with 1 and one line per difference
// Source   docs of the XDP for Windows API, section "checklist of compile-time assertions"

#include "layout_bytes.h"
// After ours on purpose: no macro of the API may break the standard library or the socket headers.
#include <netinet/in.h>

#include <algorithm>
#include <limits>
#include <type_traits>
#include <vector>

static_assert(std::is_standard_layout_v<XDP_RULE> && std::is_trivially_copyable_v<XDP_RULE>);
static_assert(std::is_standard_layout_v<XSK_RING> && std::is_trivially_copyable_v<XSK_RING>);
static_assert(std::is_same_v<UINT64, unsigned long long>);
static_assert(std::is_same_v<std::underlying_type_t<XSK_ERROR>, unsigned int>);

static_assert((XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX) == 3);
static_assert((XSK_RING_FLAG_ERROR ^ XSK_RING_FLAG_NEED_POKE) == 3);
static_assert((~XSK_NOTIFY_FLAG_POKE_RX & XSK_NOTIFY_FLAG_POKE_RX) == XSK_NOTIFY_FLAG_NONE);
static_assert(std::is_same_v<decltype(XSK_NOTIFY_RESULT_FLAG_NONE | XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE),
                             XSK_NOTIFY_RESULT_FLAGS>);
static_assert(std::is_same_v<decltype(~XDP_CREATE_PROGRAM_FLAG_NONE), XDP_CREATE_PROGRAM_FLAGS>);
static_assert(std::is_same_v<decltype(~XSK_ACTIVATE_FLAG_NONE), XSK_ACTIVATE_FLAGS>);

static void check_cpp_only() {
  XSK_BIND_FLAGS flags = XSK_BIND_FLAG_RX;
  flags |= XSK_BIND_FLAG_NATIVE;
  flags &= ~XSK_BIND_FLAG_RX;
  flags ^= XSK_BIND_FLAG_TX;
  expect_true("flags combine in place", flags == (XSK_BIND_FLAG_NATIVE | XSK_BIND_FLAG_TX));

  // WCHAR is a character type of its own only where wchar_t is wider than 16 bits.
  expect_true("min and max are functions",
              std::min(1, std::numeric_limits<int>::max()) == 1 && std::vector<WCHAR>(2).size() == 2);
  in6_addr theirs = IN6ADDR_LOOPBACK_INIT;
  IN6_ADDR ours{};
  ours.s6_addr[15] = 1;
  expect_true("IPv6 addresses agree", std::equal(ours.u.Byte, ours.u.Byte + 16, theirs.s6_addr));
}

int main() {
  check_cpp_only();
  return check_bytes() == 0 ? 0 : 1;
}
