// afxdp_v1.h: socket calls of API versions 1 and 2.
// Role     types of the functions that XDP_API_TABLE points to; meaning and parameters are those of version 3
// Errors   a failed XSK_GET_SOCKOPT_FN leaves `*OptionLength` alone, unlike XskGetSockopt
// Source   docs of the XDP for Windows API, section "version 1 and 2 API"
//
// These are function types: a pointer is declared as XSK_CREATE_FN *create.
#pragma once

#include "afxdp.h"

EXTERN_C_START

typedef HRESULT XSK_CREATE_FN(HANDLE* Socket);
typedef HRESULT XSK_BIND_FN(HANDLE Socket, UINT32 IfIndex, UINT32 QueueId, XSK_BIND_FLAGS Flags);
typedef HRESULT XSK_ACTIVATE_FN(HANDLE Socket, XSK_ACTIVATE_FLAGS Flags);
typedef HRESULT XSK_NOTIFY_SOCKET_FN(HANDLE Socket, XSK_NOTIFY_FLAGS Flags, UINT32 WaitTimeoutMilliseconds,
                                     XSK_NOTIFY_RESULT_FLAGS* Result);
typedef HRESULT XSK_NOTIFY_ASYNC_FN(HANDLE Socket, XSK_NOTIFY_FLAGS Flags, OVERLAPPED* Overlapped);
typedef HRESULT XSK_GET_NOTIFY_ASYNC_RESULT_FN(OVERLAPPED* Overlapped, XSK_NOTIFY_RESULT_FLAGS* Result);
typedef HRESULT XSK_SET_SOCKOPT_FN(HANDLE Socket, UINT32 OptionName, const VOID* OptionValue,
                                   UINT32 OptionLength);
typedef HRESULT XSK_GET_SOCKOPT_FN(HANDLE Socket, UINT32 OptionName, VOID* OptionValue, UINT32* OptionLength);
typedef HRESULT XSK_IOCTL_FN(HANDLE Socket, UINT32 OptionName, const VOID* InputValue, UINT32 InputLength,
                             VOID* OutputValue, UINT32* OutputLength);

EXTERN_C_END
