// status.h: what API calls return.
// Role     names for the results that a program usually tests for; other failures are
//          HRESULT_FROM_WIN32(ERROR_...)
// Errors   PENDING and TIMEOUT are failing values: XDP_FAILED is true for both
// Source   docs of the XDP for Windows API, section "status codes"
#pragma once

#include "xdp/wincommon.h"

#define XDP_STATUS HRESULT
#define XDP_FAILED(x) FAILED(x)
#define XDP_SUCCEEDED(x) SUCCEEDED(x)

#define XDP_STATUS_SUCCESS S_OK
#define XDP_STATUS_PENDING HRESULT_FROM_WIN32(ERROR_IO_PENDING)
#define XDP_STATUS_TIMEOUT HRESULT_FROM_WIN32(ERROR_TIMEOUT)
// Differs from what an allocation failure inside the platform looks like: that is ERROR_NOT_ENOUGH_MEMORY or
// ERROR_NO_SYSTEM_RESOURCES.
#define XDP_STATUS_OUT_OF_MEMORY E_OUTOFMEMORY
#define XDP_STATUS_INTERNAL_ERROR HRESULT_FROM_WIN32(ERROR_INTERNAL_ERROR)
#define XDP_STATUS_NOT_SUPPORTED HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED)
#define XDP_STATUS_INVALID_PARAMETER HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER)
