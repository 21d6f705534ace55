#include "sim/app/loaded_program.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "sim/app/bundled_objects.h"
#include "sim/app/raw_memory.h"

namespace ringproof {
namespace {

constexpr std::uintptr_t kPageBytes = 4096;
// Zeros beyond so many are taken from the system anew instead of being written.
constexpr std::size_t kZerosToWriteMax = std::size_t{256} << 10;

template <typename Visit>
void for_each_object(Visit visit) {
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* context) {
        (*static_cast<Visit*>(context))(*info);
        return 0;
      },
      &visit);
}

std::vector<const void*> loaded_objects() {
  std::vector<const void*> objects;
  for_each_object([&](const dl_phdr_info& info) { objects.push_back(info.dlpi_phdr); });
  return objects;
}

void write_zeros(unsigned char* memory, std::size_t bytes, bool anonymous) {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first_page = (begin + kPageBytes - 1) / kPageBytes * kPageBytes;
  const std::uintptr_t end_page = (begin + bytes) / kPageBytes * kPageBytes;
  if (!anonymous || bytes <= kZerosToWriteMax || end_page <= first_page ||
      madvise(reinterpret_cast<void*>(first_page), end_page - first_page, MADV_DONTNEED) != 0) {
    raw_zero(memory, bytes);
    return;
  }
  raw_zero(memory, first_page - begin);
  raw_zero(reinterpret_cast<unsigned char*>(end_page), begin + bytes - end_page);
}

// What of a writable segment is writable still: its beginning may have been closed after relocation.
std::uintptr_t writable_begin(const dl_phdr_info& info, const ElfW(Phdr) & segment) {
  std::uintptr_t begin = info.dlpi_addr + segment.p_vaddr;
  for (ElfW(Half) i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& other = info.dlpi_phdr[i];
    if (other.p_type != PT_GNU_RELRO) continue;
    const std::uintptr_t closed = info.dlpi_addr + other.p_vaddr;
    const std::uintptr_t closed_end = (closed + other.p_memsz) / kPageBytes * kPageBytes;
    if (closed <= begin && begin < closed_end) begin = closed_end;
  }
  return begin;
}

// main, and what Windows programs may have instead: wmain of C, and of C++ with one of its argument lists.
constexpr std::array kMains = {"main",          "wmain",          "_Z5wmainiPPw", "_Z5wmainiPPKw",
                               "_Z5wmainiPPDs", "_Z5wmainiPPKDs", "_Z5wmainv",    "_Z5wmainiPPwS0_"};

// The search for a symbol goes on into libraries that the object needs; what is found there is not the
// application's.
void* own_symbol(void* library, const char* name) {
  void* const symbol = dlsym(library, name);
  Dl_info found;
  link_map* map = nullptr;
  const bool own = symbol != nullptr && dladdr(symbol, &found) != 0 &&
                   dlinfo(library, RTLD_DI_LINKMAP, &map) == 0 &&
                   reinterpret_cast<std::uintptr_t>(found.dli_fbase) == map->l_addr;
  return own ? symbol : nullptr;
}

// A file of the same bytes that the loader takes for another one. It stays open, because the loader knows
// objects by their names, and this name must not come to mean something else.
std::string copy_of(const std::string& path) {
  const int copy = memfd_create(std::filesystem::path(path).filename().c_str(), MFD_CLOEXEC);
  const int original = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool whole = copy >= 0 && original >= 0;
  for (ssize_t sent = 1; whole && sent > 0;) {
    sent = sendfile(copy, original, nullptr, std::size_t{1} << 30);
    whole = sent >= 0;
  }
  if (original >= 0) close(original);
  // What cannot be copied is told of as what cannot be loaded.
  return whole ? fmt::format("/proc/self/fd/{}", copy) : std::string("a copy of ") + path;
}

}  // namespace

std::string find_application(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  if (name.ends_with(".so")) return "./" + name;
  return find_bundled("apps", name);
}

LoadedProgram& LoadedProgram::of(const std::string& name, std::uint32_t copy) {
  static auto& programs =
      *new std::map<std::pair<std::string, std::uint32_t>, std::unique_ptr<LoadedProgram>>;
  std::unique_ptr<LoadedProgram>& program = programs[{name, copy}];
  if (program == nullptr || !program->problem_.empty()) {
    program = std::make_unique<LoadedProgram>();
    program->load(name, copy);
  }
  return *program;
}

void LoadedProgram::load(const std::string& name, std::uint32_t copy) {
  const std::string path = find_application(name);
  if (path.empty()) {
    problem_ = fmt::format(
        "application \"{}\": expected the path of a shared object, or one that comes with Ringproof: {}",
        name, fmt::join(names_of_bundled("apps"), ", "));
    return;
  }
  if (access(path.c_str(), R_OK) != 0) {
    problem_ = fmt::format("{}: expected a shared object that can be read, got: {}", path, strerror(errno));
    return;
  }
  const std::vector<const void*> loaded_before = loaded_objects();
  const std::string file = copy == 0 ? path : copy_of(path);
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    problem_ = fmt::format("{}: cannot be loaded as an application: {}", path, dlerror());
    return;
  }
  for (const char* candidate : kMains) {
    void* const symbol = own_symbol(library, candidate);
    if (symbol == nullptr) continue;
    take_snapshot(loaded_before);
    main_ = reinterpret_cast<Main>(symbol);
    wide_ = std::string_view(candidate) != kMains[0];
    return;
  }
  problem_ = fmt::format("{}: expected a function main, found none", path);
}

void LoadedProgram::take_snapshot(const std::vector<const void*>& loaded_before) {
  for_each_object([&](const dl_phdr_info& info) {
    const void* object = info.dlpi_phdr;
    if (std::find(loaded_before.begin(), loaded_before.end(), object) != loaded_before.end()) return;
    for (ElfW(Half) i = 0; i < info.dlpi_phnum; ++i) {
      const ElfW(Phdr)& segment = info.dlpi_phdr[i];
      if (segment.p_type == PT_TLS) {
        const auto* first = reinterpret_cast<const unsigned char*>(info.dlpi_addr + segment.p_vaddr);
        thread_locals_.push_back(
            {info.dlpi_tls_modid, {first, first + segment.p_filesz}, segment.p_memsz - segment.p_filesz});
      }
      if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) == 0) continue;
      const std::uintptr_t begin = writable_begin(info, segment);
      const std::uintptr_t end = info.dlpi_addr + segment.p_vaddr + segment.p_memsz;
      if (begin >= end) continue;
      // Behind the page in which the file ends there is memory of no file, which can be had anew as zeros.
      const std::uintptr_t file_end = info.dlpi_addr + segment.p_vaddr + segment.p_filesz;
      const std::uintptr_t split =
          std::clamp((file_end + kPageBytes - 1) / kPageBytes * kPageBytes, begin, end);
      keep(begin, split, false);
      keep(split, end, true);
    }
  });
}

void LoadedProgram::keep(std::uintptr_t begin, std::uintptr_t end, bool anonymous) {
  if (begin == end) return;
  auto* memory = reinterpret_cast<unsigned char*>(begin);
  std::vector<unsigned char> bytes = raw_bytes(memory, end - begin);
  const std::size_t zeros = end - begin - bytes.size();
  parts_.push_back({memory, std::move(bytes), zeros, anonymous});
}

void LoadedProgram::restore() {
  if (!std::exchange(used_, true)) return;
  for (const Part& part : parts_) {
    raw_write(part.memory, part.bytes);
    write_zeros(part.memory + part.bytes.size(), part.zeros, part.anonymous);
  }
  if (thread_locals_.empty()) return;
  for_each_object([&](const dl_phdr_info& info) {
    for (const ThreadLocals::Block& block : thread_locals_) {
      // Without a block nobody has used it yet.
      if (info.dlpi_tls_modid != block.module || info.dlpi_tls_data == nullptr) continue;
      auto* memory = static_cast<unsigned char*>(info.dlpi_tls_data);
      raw_write(memory, block.bytes);
      raw_zero(memory + block.bytes.size(), block.zeros);
    }
  });
}

}  // namespace ringproof
