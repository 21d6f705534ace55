// xdpapi_v1.h: API versions 1 and 2, a table of functions.
// Role     opens the table for a version and names the types of its members
// Threads  the two tables are constant; opening one twice gives the same pointer and counts nothing
// Errors   E_NOINTERFACE for any version but 1 and 2, version 3 included
// Source   docs of the XDP for Windows API, section "version 1 and 2 API"
//
// Upstream marks XdpOpenApi and XdpLoadApi as deprecated; see RINGPROOF_WARN_DEPRECATED in
// ringproof/export.h.
#pragma once

#include "afxdp.h"
#include "xdp/afxdp_v1.h"
#include "xdpapi.h"

// Decoration of the imported functions and of their names, for programs that set them.
#ifndef XDPAPI
#define XDPAPI RINGPROOF_API
#endif
#ifndef XDPEXPORT
#define XDPEXPORT(RoutineName) RoutineName
#endif

EXTERN_C_START

typedef struct _XDP_API_TABLE XDP_API_TABLE;

typedef HRESULT XDP_OPEN_API_FN(UINT32 XdpApiVersion, const XDP_API_TABLE** XdpApiTable);
typedef VOID XDP_CLOSE_API_FN(const XDP_API_TABLE* XdpApiTable);
// The name is exact, case included; NULL when there is no such routine.
typedef VOID* XDP_GET_ROUTINE_FN(const CHAR* RoutineName);
typedef HRESULT XDP_CREATE_PROGRAM_FN(UINT32 InterfaceIndex, const XDP_HOOK_ID* HookId, UINT32 QueueId,
                                      XDP_CREATE_PROGRAM_FLAGS Flags, const XDP_RULE* Rules, UINT32 RuleCount,
                                      HANDLE* Program);
typedef HRESULT XDP_INTERFACE_OPEN_FN(UINT32 InterfaceIndex, HANDLE* InterfaceHandle);

struct _XDP_API_TABLE {
  XDP_OPEN_API_FN* XdpOpenApi;
  XDP_CLOSE_API_FN* XdpCloseApi;
  XDP_GET_ROUTINE_FN* XdpGetRoutine;
  XDP_CREATE_PROGRAM_FN* XdpCreateProgram;
  XDP_INTERFACE_OPEN_FN* XdpInterfaceOpen;
  XSK_CREATE_FN* XskCreate;
  XSK_BIND_FN* XskBind;
  XSK_ACTIVATE_FN* XskActivate;
  XSK_NOTIFY_SOCKET_FN* XskNotifySocket;
  XSK_NOTIFY_ASYNC_FN* XskNotifyAsync;
  XSK_GET_NOTIFY_ASYNC_RESULT_FN* XskGetNotifyAsyncResult;
  XSK_SET_SOCKOPT_FN* XskSetSockopt;
  XSK_GET_SOCKOPT_FN* XskGetSockopt;
  XSK_IOCTL_FN* XskIoctl;
};

C_ASSERT(sizeof(XDP_API_TABLE) == 112);

// `*XdpApiTable` is NULL on failure.
RINGPROOF_DEPRECATED("Use XDP_API_VERSION_3 or greater")
XDPAPI HRESULT XDPEXPORT(XdpOpenApi)(UINT32 XdpApiVersion, const XDP_API_TABLE** XdpApiTable);

// Aborts the process when given anything but an open table, NULL included.
XDPAPI VOID XDPEXPORT(XdpCloseApi)(const XDP_API_TABLE* XdpApiTable);

typedef struct _XDP_LOAD_CONTEXT* XDP_LOAD_API_CONTEXT;

// Opens the table without the program importing XdpOpenApi. On Linux the library is loaded already, so this
// differs from XdpOpenApi only in the context: not NULL after success, NULL after a failure, never to be
// looked into.
// NOLINTBEGIN(modernize-use-nullptr,performance-no-int-to-ptr): also C; the cast takes the const away quietly
RINGPROOF_DEPRECATED("Use XDP_API_VERSION_3 or greater")
static inline HRESULT XdpLoadApi(UINT32 XdpApiVersion, XDP_LOAD_API_CONTEXT* XdpLoadApiContext,
                                 const XDP_API_TABLE** XdpApiTable) {
  HRESULT Result;
  *XdpLoadApiContext = NULL;
  *XdpApiTable = NULL;
  Result = XDPEXPORT(XdpOpenApi)(XdpApiVersion, XdpApiTable);
  if (SUCCEEDED(Result)) *XdpLoadApiContext = (XDP_LOAD_API_CONTEXT)(ULONG_PTR)*XdpApiTable;
  return Result;
}
// NOLINTEND(modernize-use-nullptr,performance-no-int-to-ptr)

static inline VOID XdpUnloadApi(XDP_LOAD_API_CONTEXT XdpLoadApiContext, const XDP_API_TABLE* XdpApiTable) {
  (VOID) XdpLoadApiContext;
  XdpApiTable->XdpCloseApi(XdpApiTable);
}

EXTERN_C_END
