// table_api.c: a program of API version 1 or 2, warnings as errors, is not stopped by a deprecation mark.
// Role     compiled, never run; with RINGPROOF_WARN_DEPRECATED defined the same file must not compile
// Source   docs of the XDP for Windows API, section "version 1 and 2 API"

#include <xdpapi.h>

HRESULT open_and_close(HANDLE* socket);

HRESULT open_and_close(HANDLE* socket) {
  const XDP_API_TABLE* api;
  XDP_LOAD_API_CONTEXT context;
  HRESULT status = XdpLoadApi(XDP_API_VERSION_2, &context, &api);
  if (FAILED(status)) return status;
  XSK_CREATE_FN* create = api->XskCreate;
  status = create(socket);
  XdpUnloadApi(context, api);

  status = XdpOpenApi(XDP_API_VERSION_1, &api);
  if (SUCCEEDED(status)) XdpCloseApi(api);
  return status;
}
