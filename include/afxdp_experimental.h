// afxdp_experimental.h: socket options that may still change.
// Role     poll modes, and the checksum and layout extensions
// Source   docs of the XDP for Windows API, section "afxdp_experimental.h"
//
// The payload of the current checksum configuration is declared in xdpapi_experimental.h.
#pragma once

#include "ringproof/win_types.h"

EXTERN_C_START

// The comment gives direction and payload.
#define XSK_SOCKOPT_POLL_MODE 1000                           // set XSK_POLL_MODE
#define XSK_SOCKOPT_TX_FRAME_LAYOUT_EXTENSION 1001           // get UINT16 offset in the TX element
#define XSK_SOCKOPT_TX_FRAME_CHECKSUM_EXTENSION 1002         // get UINT16 offset in the TX element
#define XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM 1003                 // set UINT32 on or off
#define XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM 1004  // get XDP_CHECKSUM_CONFIGURATION
#define XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION 1005         // get UINT16 offset in the RX element
#define XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION 1006           // get UINT16 offset in the RX element
#define XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM 1007                 // set UINT32 on or off

typedef enum _XSK_POLL_MODE RINGPROOF_ENUM_UINT32 {
  XSK_POLL_MODE_DEFAULT = 0,  // interrupts and pokes
  XSK_POLL_MODE_BUSY = 1,     // the driver polls all the time
  XSK_POLL_MODE_SOCKET = 2,   // the driver polls inside notify calls only
} XSK_POLL_MODE;

C_ASSERT(sizeof(XSK_POLL_MODE) == 4);

EXTERN_C_END
