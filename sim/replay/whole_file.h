// whole_file.h: files that appear whole or not at all.
// Role     the one way in which results are written that are made in one piece
// Errors   a file that cannot be written -> InputError; then nothing of it stays, and what was there before does
#pragma once

#include <string>
#include <string_view>

namespace ringproof {

// A device or a pipe: it cannot be replaced, and takes what comes.
bool is_written_in_place(const std::string& path);
// Before a long run: the file could be begun, and have its name. Whatever is there stays.
void expect_writable(const std::string& path);
void write_whole_file(const std::string& path, std::string_view text);

}  // namespace ringproof
