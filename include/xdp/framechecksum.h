// framechecksum.h: checksum work asked of, or reported by, the NIC for one frame.
// Role     frame extension; TX reads it as actions, RX writes it as evaluations
// Source   docs of the XDP for Windows API, section "frame extension headers"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

typedef enum _XDP_FRAME_TX_CHECKSUM_ACTION RINGPROOF_ENUM_UINT32 {
  XdpFrameTxChecksumActionPassthrough = 0,
  XdpFrameTxChecksumActionRequired = 1,
} XDP_FRAME_TX_CHECKSUM_ACTION;

typedef enum _XDP_FRAME_RX_CHECKSUM_EVALUATION RINGPROOF_ENUM_UINT32 {
  XdpFrameRxChecksumEvaluationNotChecked = 0,
  XdpFrameRxChecksumEvaluationSucceeded = 1,
  XdpFrameRxChecksumEvaluationFailed = 2,
  XdpFrameRxChecksumEvaluationInvalid = 3,
} XDP_FRAME_RX_CHECKSUM_EVALUATION;

__extension__ typedef struct _XDP_FRAME_CHECKSUM {
  UINT8 Layer3 : 2;
  UINT8 Layer4 : 2;
  UINT8 Reserved : 4;
} XDP_FRAME_CHECKSUM;

C_ASSERT(sizeof(XDP_FRAME_CHECKSUM) == 1);

EXTERN_C_END
