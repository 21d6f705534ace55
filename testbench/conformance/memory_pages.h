// memory_pages.h: memory of an application with rights of its own on each page.
// Role     buffers that end at, or lie in, pages that cannot be read or written
// Units    sizes [pages] of kPageBytes
// Errors   a machine without memory fails the test
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstring>

namespace ringproof::test {

constexpr std::size_t kPageBytes = 4096;

class MemoryPages {
 public:
  explicit MemoryPages(std::size_t pages) : bytes_(pages * kPageBytes) {
    void* mapped = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(mapped, MAP_FAILED);
    base_ = static_cast<unsigned char*>(mapped);
  }
  ~MemoryPages() { munmap(base_, bytes_); }
  MemoryPages(const MemoryPages&) = delete;
  MemoryPages& operator=(const MemoryPages&) = delete;

  unsigned char* at(std::size_t page, std::size_t byte = 0) const { return base_ + page * kPageBytes + byte; }
  void forbid(std::size_t page) { protect(page, PROT_NONE); }
  void make_read_only(std::size_t page) { protect(page, PROT_READ); }
  // A copy of the value that ends where the page does.
  template <typename Value>
  void* at_end(std::size_t page, const Value& value) {
    return std::memcpy(at(page + 1) - sizeof value, &value, sizeof value);
  }

 private:
  void protect(std::size_t page, int rights) { EXPECT_EQ(mprotect(at(page), kPageBytes, rights), 0); }

  const std::size_t bytes_;
  unsigned char* base_ = nullptr;
};

}  // namespace ringproof::test
