// net_link.h: addresses of the link layer.
// Role     what netiodef.h and mstcpip.h both need
// Source   Windows: netiodef.h
#pragma once

#include "ringproof/win32/base.h"

typedef enum { DlUnicast, DlMulticast, DlBroadcast } DL_ADDRESS_TYPE, *PDL_ADDRESS_TYPE;

typedef union _DL_OUI {
  UINT8 Byte[3];
  __extension__ struct {
    UINT8 Group : 1;
    UINT8 Local : 1;
  };
} DL_OUI, *PDL_OUI;

typedef union _DL_EI48 {
  UINT8 Byte[3];
} DL_EI48, *PDL_EI48;

typedef union _DL_EUI48 {
  UINT8 Byte[6];
  __extension__ struct {
    DL_OUI Oui;
    DL_EI48 Ei48;
  };
} DL_EUI48, *PDL_EUI48;

C_ASSERT(sizeof(DL_EUI48) == 6);
