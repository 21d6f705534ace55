#include "sim/replay/whole_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

[[noreturn]] void refuse(const std::string& path, int problem) {
  throw InputError(
      fmt::format("{}: expected a file that can be written, got: {}", path, std::strerror(problem)));
}

std::string partial_of(const std::string& path) {
  return is_written_in_place(path) ? path : path + ".partial";
}

}  // namespace

bool is_written_in_place(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

void expect_writable(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) refuse(path, EISDIR);
  if (is_written_in_place(path)) return;
  const std::string partial = partial_of(path);
  std::FILE* file = std::fopen(partial.c_str(), "wb");
  if (file == nullptr) refuse(path, errno);
  std::fclose(file);
  std::remove(partial.c_str());
}

void write_whole_file(const std::string& path, std::string_view text) {
  const std::string partial = partial_of(path);
  const bool in_place = partial == path;
  std::FILE* file = std::fopen(partial.c_str(), "wb");
  if (file == nullptr) refuse(path, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int write_problem = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed || (!in_place && std::rename(partial.c_str(), path.c_str()) != 0)) {
    const int problem = written ? errno : write_problem;
    if (!in_place) std::remove(partial.c_str());
    refuse(path, problem);
  }
}

}  // namespace ringproof
