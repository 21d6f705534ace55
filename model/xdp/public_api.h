// public_api.h: the published headers, as the platform itself includes them.
// Role     one place that chooses the API version before the first include
#pragma once

#define XDP_API_VERSION 3
#include <afxdp.h>
#include <afxdp_experimental.h>
#include <afxdp_helper.h>
#include <xdpapi.h>
#include <xdpapi_experimental.h>
