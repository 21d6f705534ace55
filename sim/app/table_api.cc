// API versions 1 and 2: the same calls, reached through a table.

#define XDP_API_VERSION 2
#include <afxdp.h>
#include <xdpapi.h>
#include <xdpapi_experimental.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sim/app/create_socket.h"

extern "C" {

// The direct functions of version 3 have the same parameters.
RINGPROOF_API XDP_CREATE_PROGRAM_FN XdpCreateProgram;
RINGPROOF_API XDP_INTERFACE_OPEN_FN XdpInterfaceOpen;
RINGPROOF_API XSK_CREATE_FN XskCreate;
RINGPROOF_API XSK_BIND_FN XskBind;
RINGPROOF_API XSK_ACTIVATE_FN XskActivate;
RINGPROOF_API XSK_NOTIFY_SOCKET_FN XskNotifySocket;
RINGPROOF_API XSK_NOTIFY_ASYNC_FN XskNotifyAsync;
RINGPROOF_API XSK_GET_NOTIFY_ASYNC_RESULT_FN XskGetNotifyAsyncResult;
RINGPROOF_API XSK_SET_SOCKOPT_FN XskSetSockopt;
RINGPROOF_API XSK_GET_SOCKOPT_FN XskGetSockopt;
RINGPROOF_API XSK_IOCTL_FN XskIoctl;
RINGPROOF_API XDP_RSS_GET_CAPABILITIES_FN XdpRssGetCapabilities;
RINGPROOF_API XDP_RSS_SET_FN XdpRssSet;
RINGPROOF_API XDP_RSS_GET_FN XdpRssGet;
RINGPROOF_API XDP_QEO_SET_FN XdpQeoSet;

}  // extern "C"

namespace {

// Versions 1 and 2 leave the length alone when the call fails.
HRESULT get_sockopt(HANDLE socket, UINT32 option, VOID* value, UINT32* length) {
  const UINT32 before = *length;
  const HRESULT result = XskGetSockopt(socket, option, value, length);
  if (FAILED(result)) *length = before;
  return result;
}

HRESULT create_socket_v1(HANDLE* socket) { return ringproof::create_socket(socket, true); }

VOID* get_routine_v1(const CHAR* name);
VOID* get_routine_v2(const CHAR* name);

constexpr XDP_API_TABLE make_table(XDP_GET_ROUTINE_FN* get_routine, XSK_CREATE_FN* create_socket) {
  return {XdpOpenApi,  XdpCloseApi, get_routine,     XdpCreateProgram, XdpInterfaceOpen,        create_socket,
          XskBind,     XskActivate, XskNotifySocket, XskNotifyAsync,   XskGetNotifyAsyncResult, XskSetSockopt,
          get_sockopt, XskIoctl};
}

constexpr XDP_API_TABLE kTableV1 = make_table(get_routine_v1, create_socket_v1);
constexpr XDP_API_TABLE kTableV2 = make_table(get_routine_v2, XskCreate);

template <typename Function>
VOID* pointer(Function* function) {
  return reinterpret_cast<VOID*>(function);
}

VOID* get_routine(const XDP_API_TABLE& table, const CHAR* name) {
  const struct {
    const char* name;
    VOID* routine;
  } routines[] = {
      {"XdpOpenApi", pointer(table.XdpOpenApi)},
      {"XdpCloseApi", pointer(table.XdpCloseApi)},
      {"XdpGetRoutine", pointer(table.XdpGetRoutine)},
      {"XdpCreateProgram", pointer(table.XdpCreateProgram)},
      {"XdpInterfaceOpen", pointer(table.XdpInterfaceOpen)},
      {"XskCreate", pointer(table.XskCreate)},
      {"XskBind", pointer(table.XskBind)},
      {"XskActivate", pointer(table.XskActivate)},
      {"XskNotifySocket", pointer(table.XskNotifySocket)},
      {"XskNotifyAsync", pointer(table.XskNotifyAsync)},
      {"XskGetNotifyAsyncResult", pointer(table.XskGetNotifyAsyncResult)},
      {"XskSetSockopt", pointer(table.XskSetSockopt)},
      {"XskGetSockopt", pointer(table.XskGetSockopt)},
      {"XskIoctl", pointer(table.XskIoctl)},
      {XDP_RSS_GET_CAPABILITIES_FN_NAME, pointer(XdpRssGetCapabilities)},
      {XDP_RSS_SET_FN_NAME, pointer(XdpRssSet)},
      {XDP_RSS_GET_FN_NAME, pointer(XdpRssGet)},
      {XDP_QEO_SET_FN_NAME, pointer(XdpQeoSet)},
  };
  for (const auto& routine : routines) {
    if (std::strcmp(routine.name, name) == 0) return routine.routine;
  }
  return nullptr;
}

VOID* get_routine_v1(const CHAR* name) { return get_routine(kTableV1, name); }
VOID* get_routine_v2(const CHAR* name) { return get_routine(kTableV2, name); }

}  // namespace

extern "C" {

HRESULT XdpOpenApi(UINT32 XdpApiVersion, const XDP_API_TABLE** XdpApiTable) {
  *XdpApiTable = nullptr;
  if (XdpApiVersion == XDP_API_VERSION_1) *XdpApiTable = &kTableV1;
  if (XdpApiVersion == XDP_API_VERSION_2) *XdpApiTable = &kTableV2;
  return *XdpApiTable == nullptr ? E_NOINTERFACE : S_OK;
}

VOID XdpCloseApi(const XDP_API_TABLE* XdpApiTable) {
  if (XdpApiTable == &kTableV1 || XdpApiTable == &kTableV2) return;
  std::fflush(stdout);
  std::fputs("ringproof: XdpCloseApi: expected a table that XdpOpenApi gave\n", stderr);
  std::abort();
}

}  // extern "C"
