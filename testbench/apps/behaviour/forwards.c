// Lets the interface itself send every UDP frame for port 1234 back; there is no socket.
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <arpa/inet.h>
#include <xdpapi.h>

int main(void) {
  static const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  XDP_RULE rule = {
      .Match = XDP_MATCH_UDP_DST,
      .Pattern.Port = htons(1234),
      .Action = XDP_PROGRAM_ACTION_L2FWD,
  };
  HANDLE program;
  if (XDP_FAILED(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES, &rule, 1, &program)))
    return 1;
  Sleep(5000);  // longer than any bundled capture
  CloseHandle(program);
  return 0;
}
