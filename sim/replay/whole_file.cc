#include "sim/replay/whole_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

[[noreturn]] void refuse(const std::string& path, int problem) {
  throw InputError(
      fmt::format("{}: expected a file that can be written, got: {}", path, std::strerror(problem)));
}

}  // namespace

void write_whole_file(const std::string& path, std::string_view text) {
  const std::string partial = path + ".partial";
  std::FILE* file = std::fopen(partial.c_str(), "wb");
  if (file == nullptr) refuse(path, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int write_problem = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed || std::rename(partial.c_str(), path.c_str()) != 0) {
    const int problem = written ? errno : write_problem;
    std::remove(partial.c_str());
    refuse(path, problem);
  }
}

}  // namespace ringproof
