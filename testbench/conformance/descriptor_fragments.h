// descriptor_fragments.h: the descriptor helpers as called from C.
#pragma once

#ifndef XDP_API_VERSION
#define XDP_API_VERSION 3
#endif
#include <afxdp.h>
#include <afxdp_helper.h>

EXTERN_C_START

UCHAR* fragment_get(XSK_BUFFER_DESCRIPTOR* Buffer, UINT32* Length);
void fragment_set(XSK_BUFFER_DESCRIPTOR* Buffer, VOID* PacketAddress, UINT32 PacketLength);

EXTERN_C_END
