// layout_c11.c: the published layouts as a C program sees them.
// Role     compile-time list and byte checks in C11, and the conversions that C programs rely on
// Errors   does not compile, or exits with 1 and one line per difference
// Source   docs of the XDP for Windows API, section "checklist of compile-time assertions"

// Before and after: glibc's own address types and macros stay usable.
#include <netinet/in.h>

#include "layout_bytes.h"
// Not sorted in above: it must also work as the later one.
#include <arpa/inet.h>

// struct tags exist beside the typedefs.
_Static_assert(sizeof(struct _XSK_RING) == sizeof(XSK_RING), "tag");
_Static_assert(sizeof(struct _XDP_RULE) == sizeof(XDP_RULE), "tag");
_Static_assert(sizeof(enum _XSK_ERROR) == sizeof(XSK_ERROR), "tag");

static void check_c_only(void) {
  XSK_NOTIFY_FLAGS flags = 0;  // an integer converts without a cast
  flags |= XSK_NOTIFY_FLAG_POKE_RX;
  expect_true("flags combine", (flags | XSK_NOTIFY_FLAG_WAIT_TX) == 9);
  expect_true("error codes are positive", XSK_ERROR_INVALID_RING > 0);

  struct in_addr theirs;
  IN_ADDR ours = {{{192, 0, 2, 1}}};
  theirs.s_addr = htonl(0xC0000201);
  expect_true("IPv4 addresses agree", theirs.s_addr == ours.s_addr && ours.S_un.S_addr == ours.s_addr);

  struct in6_addr theirs6 = IN6ADDR_LOOPBACK_INIT;
  IN6_ADDR ours6;
  memcpy(&ours6, &theirs6, sizeof(ours6));
  expect_true("IPv6 addresses agree", ours6.s6_addr[15] == 1 && ours6.u.Byte[15] == theirs6.s6_addr[15]);
}

int main(void) {
  check_c_only();
  return check_bytes() == 0 ? 0 : 1;
}
