// table_versions.h: the function tables of API versions 1 and 2, for tests that are written in version 3.
#pragma once

#include <vector>

#include "ringproof/win_types.h"

namespace ringproof::test {

// A socket made by the table of that version.
HANDLE create_by_table(unsigned version);
// XskGetSockopt of that version, into a buffer of 256 bytes.
UINT32 get_by_table(unsigned version, HANDLE socket, UINT32 option, UINT32* length);
// Opens interface 1, asks and sets RSS, adds a QUIC connection, and closes it: the answers.
std::vector<UINT32> use_interface_by_table(unsigned version);

}  // namespace ringproof::test
