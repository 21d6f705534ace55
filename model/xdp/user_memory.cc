#include "model/xdp/user_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

// The kernel copies to and from a pipe and answers EFAULT where we would fault. One byte of each page is
// enough: rights are per page.
class Probe {
 public:
  Probe() {
    if (pipe2(ends_, O_CLOEXEC) != 0) ends_[0] = ends_[1] = -1;
  }
  ~Probe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  bool readable(const unsigned char* byte) {
    if (write(ends_[1], byte, 1) != 1) return false;
    char sink;
    return read(ends_[0], &sink, 1) == 1;
  }
  // Puts the byte that is there in its place again.
  bool writable(unsigned char* byte) {
    if (write(ends_[1], byte, 1) != 1) return false;
    if (read(ends_[0], byte, 1) == 1) return true;
    char sink;
    static_cast<void>(read(ends_[0], &sink, 1) == 1);
    return false;
  }

 private:
  int ends_[2];
};

template <typename Check>
bool every_page(std::uintptr_t first, std::uint64_t bytes, Check check) {
  if (bytes == 0) return true;
  if (bytes > std::numeric_limits<std::uintptr_t>::max() - first) return false;
  const std::uintptr_t last = first + bytes - 1;
  for (std::uintptr_t at = first; at <= last; at = (at / kPageBytes + 1) * kPageBytes) {
    if (!check(at)) return false;
  }
  return true;
}

}  // namespace

bool user_readable(const void* address, std::uint64_t bytes) {
  if (bytes == 0) return true;
  Probe probe;
  return every_page(reinterpret_cast<std::uintptr_t>(address), bytes, [&probe](std::uintptr_t at) {
    return probe.readable(reinterpret_cast<const unsigned char*>(at));
  });
}

bool user_writable(void* address, std::uint64_t bytes) {
  Probe probe;
  return every_page(reinterpret_cast<std::uintptr_t>(address), bytes, [&probe](std::uintptr_t at) {
    return probe.writable(reinterpret_cast<unsigned char*>(at));
  });
}

bool copy_from_user(void* to, const void* from, std::size_t bytes) {
  if (!user_readable(from, bytes)) return false;
  std::memcpy(to, from, bytes);
  return true;
}

}  // namespace ringproof::xdp
