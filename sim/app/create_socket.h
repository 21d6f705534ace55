// create_socket.h: what the API versions do differently when a socket is created.
// Source   XDP for Windows: XskCreate
#pragma once

#include "ringproof/win_types.h"

namespace ringproof {

// `affinity`: the processor of the data path is told from the start, as version 1 does it.
HRESULT create_socket(HANDLE* socket, bool affinity);

}  // namespace ringproof
