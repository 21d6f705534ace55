// user_memory.h: careful access to memory that an application named by address.
// Role     tells whether a range can be read or written before the platform touches it, and copies it
// Errors   an address that is not mapped, or not with the needed right, gives false; nothing faults
// Source   XDP for Windows: probing of user buffers
#pragma once

#include <cstddef>
#include <cstdint>

namespace ringproof::xdp {

// An array or a value that a call is given by address lies as the system demands: at a multiple of 4.
bool argument_aligned(const void* address);
// Every byte of the range can be read.
bool user_readable(const void* address, std::uint64_t bytes);
// Every byte of the range can be read and written.
bool user_writable(void* address, std::uint64_t bytes);
// Copies `bytes` from the application; false leaves `to` unspecified.
bool copy_from_user(void* to, const void* from, std::size_t bytes);

}  // namespace ringproof::xdp
