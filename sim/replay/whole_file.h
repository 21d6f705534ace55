// whole_file.h: files that appear whole or not at all.
// Role     the one way in which results are written that are made in one piece
// Errors   a file that cannot be written -> InputError; then nothing of it stays
#pragma once

#include <string>
#include <string_view>

namespace ringproof {

void write_whole_file(const std::string& path, std::string_view text);

}  // namespace ringproof
