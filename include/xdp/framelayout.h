// framelayout.h: which headers a frame has and how long they are.
// Role     frame extension; tells the NIC where the checksums of a frame belong
// Shapes   5 bytes without alignment; header lengths [bytes]
// Source   docs of the XDP for Windows API, section "frame extension headers"
#pragma once

#include "xdp/wincommon.h"

EXTERN_C_START

typedef enum _XDP_FRAME_LAYER2_TYPE RINGPROOF_ENUM_UINT32 {
  XdpFrameLayer2TypeUnspecified = 0,
  XdpFrameLayer2TypeNull = 1,
  XdpFrameLayer2TypeEthernet = 2,
} XDP_FRAME_LAYER2_TYPE;

typedef enum _XDP_FRAME_LAYER3_TYPE RINGPROOF_ENUM_UINT32 {
  XdpFrameLayer3TypeUnspecified = 0,
  XdpFrameLayer3TypeIPv4UnspecifiedOptions = 1,
  XdpFrameLayer3TypeIPv4WithOptions = 2,
  XdpFrameLayer3TypeIPv4NoOptions = 3,
  XdpFrameLayer3TypeIPv6UnspecifiedExtensions = 4,
  XdpFrameLayer3TypeIPv6WithExtensions = 5,
  XdpFrameLayer3TypeIPv6NoExtensions = 6,
} XDP_FRAME_LAYER3_TYPE;

typedef enum _XDP_FRAME_LAYER4_TYPE RINGPROOF_ENUM_UINT32 {
  XdpFrameLayer4TypeUnspecified = 0,
  XdpFrameLayer4TypeTcp = 1,
  XdpFrameLayer4TypeUdp = 2,
  XdpFrameLayer4TypeIPFragment = 3,
  XdpFrameLayer4TypeIPNotFragment = 4,
} XDP_FRAME_LAYER4_TYPE;

// The base types decide the packing: one 16-bit unit, then bytes.
#pragma pack(push, 1)
__extension__ typedef struct _XDP_FRAME_LAYOUT {
  UINT16 Layer2HeaderLength : 7;
  UINT16 Layer3HeaderLength : 9;
  UINT8 Layer4HeaderLength : 8;
  UINT8 Layer2Type : 4;
  UINT8 Layer3Type : 4;
  UINT8 Layer4Type : 4;
  UINT8 Reserved0 : 4;
} XDP_FRAME_LAYOUT;
#pragma pack(pop)

C_ASSERT(sizeof(XDP_FRAME_LAYOUT) == 5);

EXTERN_C_END
