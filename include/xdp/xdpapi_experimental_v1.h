// xdpapi_experimental_v1.h: experimental calls of API versions 1 and 2.
// Role     function types, and the names under which XDP_GET_ROUTINE_FN finds the functions
// Source   docs of the XDP for Windows API, section "version 1 and 2 API"
#pragma once

#include "xdpapi_experimental.h"

EXTERN_C_START

#define XDP_RSS_GET_CAPABILITIES_FN_NAME "XdpRssGetCapabilitiesExperimental"
typedef HRESULT XDP_RSS_GET_CAPABILITIES_FN(HANDLE InterfaceHandle, XDP_RSS_CAPABILITIES* RssCapabilities,
                                            UINT32* RssCapabilitiesSize);

#define XDP_RSS_SET_FN_NAME "XdpRssSetExperimental"
typedef HRESULT XDP_RSS_SET_FN(HANDLE InterfaceHandle, const XDP_RSS_CONFIGURATION* RssConfiguration,
                               UINT32 RssConfigurationSize);

#define XDP_RSS_GET_FN_NAME "XdpRssGetExperimental"
typedef HRESULT XDP_RSS_GET_FN(HANDLE InterfaceHandle, XDP_RSS_CONFIGURATION* RssConfiguration,
                               UINT32* RssConfigurationSize);

#define XDP_QEO_SET_FN_NAME "XdpQeoSetExperimental"
typedef HRESULT XDP_QEO_SET_FN(HANDLE InterfaceHandle, XDP_QUIC_CONNECTION* QuicConnections,
                               UINT32 QuicConnectionsSize);

EXTERN_C_END
