// both_generations.cc: the table types next to the functions of version 3.
// Role     compiled, never run; the library that implements both generations includes the headers like this
// Source   docs of the XDP for Windows API, section "header inventory"

#define XDP_API_VERSION XDP_API_VERSION_3  // a name defined only by the header included next

#include <afxdp.h>
#include <xdp/afxdp_v1.h>
#include <xdp/xdpapi_experimental_v1.h>
#include <xdp/xdpapi_v1.h>
#include <xdpapi.h>
#include <xdpapi_experimental.h>

extern XDP_API_TABLE table_of_direct_functions;
XDP_API_TABLE table_of_direct_functions = {
    XdpOpenApi,    XdpCloseApi, nullptr,         XdpCreateProgram, XdpInterfaceOpen,        XskCreate,
    XskBind,       XskActivate, XskNotifySocket, XskNotifyAsync,   XskGetNotifyAsyncResult, XskSetSockopt,
    XskGetSockopt, XskIoctl,
};

static_assert(sizeof(XDP_QEO_SET_FN*) == 8);
