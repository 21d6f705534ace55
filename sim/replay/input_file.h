// input_file.h: files that somebody names, before they are read.
// Role     the one check that captures, NIC files, scenarios, fault plans and failure files go through: what is no
//          regular file may have no end, or no beginning
// Errors   InputError
// Source   docs/command-line.md, "Exit status"
#pragma once

#include <cstdint>
#include <string>

namespace ringproof {

// How long the file is that shall be `what` ("a NIC file"). It must be a regular one.
std::uint64_t regular_file_bytes(const std::string& path, const std::string& what);

// The whole of it: not empty, and at most `bytes_max`, also where it says that it is shorter.
std::string read_regular_file(const std::string& path, const std::string& what, std::uint64_t bytes_max);

}  // namespace ringproof
