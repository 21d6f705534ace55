// ebpfhook.h: what an eBPF program attached to XDP is given and what it returns.
// Role     types of the eBPF hook, for programs that compile their eBPF side for the host as well
// Errors   Linux gives other numbers to the same names: never include <linux/bpf.h> in the same file
// Source   docs of the XDP for Windows API, section "small headers"
#pragma once

#include <stdint.h>

#include "ringproof/win_types.h"

EXTERN_C_START

typedef struct xdp_md {
  void* data;      // first byte of the frame
  void* data_end;  // one past the last
  uint64_t data_meta;
  uint32_t ingress_ifindex;
} xdp_md_t;

C_ASSERT(sizeof(xdp_md_t) == 32);

typedef enum _xdp_action RINGPROOF_ENUM_UINT32 {
  XDP_PASS = 1,
  XDP_DROP = 2,
  XDP_TX = 3,  // back out of the interface it came from
} xdp_action_t;

typedef xdp_action_t xdp_hook_t(xdp_md_t* context);

EXTERN_C_END
