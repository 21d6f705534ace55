#include "sim/replay/input_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

[[noreturn]] void refuse_unreadable(const std::string& path, const std::string& what) {
  throw InputError(
      fmt::format("{}: expected {} that can be read, got: {}", path, what, std::strerror(errno)));
}

}  // namespace

std::uint64_t regular_file_bytes(const std::string& path, const std::string& what) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) refuse_unreadable(path, what);
  if (!S_ISREG(status.st_mode)) {
    throw InputError(fmt::format("{}: expected {}, got {}", path, what,
                                 S_ISDIR(status.st_mode) ? "a directory" : "no regular file"));
  }
  return static_cast<std::uint64_t>(status.st_size);
}

std::string read_regular_file(const std::string& path, const std::string& what, std::uint64_t bytes_max) {
  const std::uint64_t promised = regular_file_bytes(path, what);
  const auto refuse_longer = [&](std::uint64_t bytes) {
    throw InputError(
        fmt::format("{}: expected {} of at most {} bytes, got {} bytes", path, what, bytes_max, bytes));
  };
  if (promised > bytes_max) refuse_longer(promised);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse_unreadable(path, what);
  std::string text;
  std::array<char, 1 << 16> piece{};
  do {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > bytes_max) refuse_longer(text.size());
  } while (file);
  if (file.bad()) refuse_unreadable(path, what);
  if (text.empty()) throw InputError(fmt::format("{}: expected {}, got an empty file", path, what));
  return text;
}

}  // namespace ringproof
