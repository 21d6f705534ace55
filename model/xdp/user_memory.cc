#include "model/xdp/user_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include "model/base/task_stacks.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::size_t kPagesPerCall = 256;

enum class Answer : std::uint8_t { kYes, kNo, kCannotTell };

// The kernel makes the pages present, as a first access would; it refuses where there are none. What it says
// of missing rights, older kernels say of the question.
Answer populate(std::uintptr_t first, std::uintptr_t last, bool write) {
#if defined(MADV_POPULATE_READ) && defined(MADV_POPULATE_WRITE)
  const std::uintptr_t page = first / kPageBytes * kPageBytes;
  const std::uintptr_t bytes = last / kPageBytes * kPageBytes + kPageBytes - page;
  const int advice = write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
  if (madvise(reinterpret_cast<void*>(page), bytes, advice) == 0) return Answer::kYes;
  if (errno == ENOMEM || errno == EFAULT) return Answer::kNo;
#else
  static_cast<void>(first + last + write);
#endif
  return Answer::kCannotTell;
}

// The kernel copies between our memory and our memory, and stops where we would fault. One byte of each page
// is enough: rights are per page.

Answer ask(const iovec* places, std::size_t count, bool write) {
  std::array<unsigned char, kPagesPerCall> bytes;
  const iovec mine{bytes.data(), count};
  const pid_t self = getpid();
  const auto all = static_cast<ssize_t>(count);
  ssize_t done = process_vm_readv(self, &mine, 1, places, count, 0);
  if (done < 0 && errno != EFAULT) return Answer::kCannotTell;
  if (done != all) return Answer::kNo;
  if (!write) return Answer::kYes;
  // Puts the bytes that are there in their places again.
  done = process_vm_writev(self, &mine, 1, places, count, 0);
  if (done < 0 && errno != EFAULT) return Answer::kCannotTell;
  return done == all ? Answer::kYes : Answer::kNo;
}

// Where the system does not let a process do that: a pipe answers the same question, byte by byte.
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

bool ask_pipe(const iovec* places, std::size_t count, bool write) {
  Probe probe;
  return std::all_of(places, places + count, [&](const iovec& place) {
    auto* byte = static_cast<unsigned char*>(place.iov_base);
    return write ? probe.writable(byte) : probe.readable(byte);
  });
}

bool every_page(std::uintptr_t first, std::uint64_t bytes, bool write) {
  if (bytes == 0 || on_running_task_stack(first, bytes)) return true;
  if (bytes > std::numeric_limits<std::uintptr_t>::max() - first) return false;
  const std::uintptr_t last = first + bytes - 1;
  const Answer present = populate(first, last, write);
  if (present != Answer::kCannotTell) return present == Answer::kYes;
  std::array<iovec, kPagesPerCall> places;
  for (std::uintptr_t at = first; at <= last;) {
    std::size_t count = 0;
    for (; count < kPagesPerCall && at <= last; at = (at / kPageBytes + 1) * kPageBytes) {
      places[count++] = {reinterpret_cast<void*>(at), 1};
    }
    const Answer answer = ask(places.data(), count, write);
    if (answer == Answer::kNo) return false;
    if (answer == Answer::kCannotTell && !ask_pipe(places.data(), count, write)) return false;
  }
  return true;
}

}  // namespace

bool argument_aligned(const void* address) { return reinterpret_cast<std::uintptr_t>(address) % 4 == 0; }

bool user_readable(const void* address, std::uint64_t bytes) {
  return every_page(reinterpret_cast<std::uintptr_t>(address), bytes, false);
}

bool user_writable(void* address, std::uint64_t bytes) {
  return every_page(reinterpret_cast<std::uintptr_t>(address), bytes, true);
}

bool copy_from_user(void* to, const void* from, std::size_t bytes) {
  if (!user_readable(from, bytes)) return false;
  std::memcpy(to, from, bytes);
  return true;
}

}  // namespace ringproof::xdp
