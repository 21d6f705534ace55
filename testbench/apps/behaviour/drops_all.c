// A program of one rule that drops everything on every queue; no socket.
#include "one_socket.h"

int main(void) {
  XDP_RULE rule;
  HANDLE program;
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  memset(&rule, 0, sizeof(rule));
  rule.Match = XDP_MATCH_ALL;
  rule.Action = XDP_PROGRAM_ACTION_DROP;
  must(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES, &rule, 1, &program),
       "XdpCreateProgram");
  Sleep(INFINITE);
  return 0;
}
