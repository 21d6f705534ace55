#include "model/nic/waves.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace ringproof::nic {
namespace {

bool is_regular(const std::string& path) {
  std::error_code error;
  return std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::regular;
}

}  // namespace

bool VcdFile::open(const std::string& name) {
  constexpr int kEverybody = 0666;
  file_ = ::open(name.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, kEverybody);
  if (file_ < 0) problem_ = errno;
  return file_ >= 0;
}

void VcdFile::close() {
  if (::close(file_) != 0 && problem_ == 0) problem_ = errno;
  file_ = -1;
}

ssize_t VcdFile::write(const char* bytes, ssize_t count) {
  if (problem_ != 0) return count;
  const ssize_t written = ::write(file_, bytes, static_cast<std::size_t>(count));
  if (written >= 0 || errno == EINTR) return written;
  problem_ = errno;
  return count;
}

void VcdFile::check() const {
  if (problem_ != 0) throw WaveProblem(std::strerror(problem_));
}

FstWave::~FstWave() {
  // Where it fails it remembers that it has been closed, and does nothing the second time.
  try {
    close();
  } catch (const WaveProblem&) {
  }
}

void remove_wave(const std::string& path) {
  std::error_code error;
  if (is_regular(path)) std::filesystem::remove(path, error);
  std::filesystem::remove(path + ".hier", error);
}

void remove_empty_wave(const std::string& path) {
  std::error_code error;
  if (is_regular(path) && std::filesystem::file_size(path, error) == 0) remove_wave(path);
}

}  // namespace ringproof::nic
