// fst_writer.cc: Verilator's writer of FST files, with every answer of the file system looked at.
// Role     stands for verilated_fst_c.cpp, which it is made of: the C code in there goes on when its files are
//          full, and maps into memory what was never written
// Threads  as waves.h
// Errors   the first call that fails, and each one after it -> WaveProblem, through the C code, which is
//          compiled as C++
// Source   gtkwave/fstapi.c, "in the future there needs to be results checking"

// Everything that the file includes, before the names below mean something else.
#include <unistd.h>
#include <verilated.h>
#include <verilated_fst_c.h>
#include <verilated_intrinsics.h>
#include <verilated_threads.h>
#include <verilated_trace.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <list>
#include <sstream>
#include <string>
#include <vector>

#include "model/nic/waves.h"

namespace ringproof::nic {
namespace {

// Of the file that this thread writes; empty: nothing went wrong.
thread_local std::string problem;
// In another folder than the waveform, which may be full instead.
thread_local std::vector<std::FILE*> temporary_files;

void remember(bool temporary) {
  problem = std::strerror(errno);
  if (temporary) problem += ", for a temporary file in " P_tmpdir;
}

void expect_no_problem() {
  if (!problem.empty()) throw WaveProblem(problem);
}

[[noreturn]] void fail(std::FILE* file) {
  remember(std::find(temporary_files.begin(), temporary_files.end(), file) != temporary_files.end());
  throw WaveProblem(problem);
}

// A file that cannot be opened is the one thing that the C code looks at: it gives up by itself.

std::FILE* checked_fopen(const char* name, const char* mode) {
  std::FILE* file = std::fopen(name, mode);
  if (file == nullptr && mode[0] == 'w') remember(false);
  return file;
}

std::FILE* checked_tmpfile() {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) {
    remember(true);
  } else {
    temporary_files.push_back(file);
  }
  return file;
}

std::size_t checked_fwrite(const void* bytes, std::size_t size, std::size_t count, std::FILE* file) {
  expect_no_problem();
  const std::size_t written = std::fwrite(bytes, size, count, file);
  if (written != count && size != 0) fail(file);
  return written;
}

int checked_fputc(int byte, std::FILE* file) {
  expect_no_problem();
  if (std::fputc(byte, file) == EOF) fail(file);
  return byte;
}

int checked_fflush(std::FILE* file) {
  expect_no_problem();
  if (std::fflush(file) != 0) fail(file);
  return 0;
}

int checked_fseeko(std::FILE* file, off_t offset, int whence) {
  expect_no_problem();
  if (fseeko(file, offset, whence) != 0) fail(file);
  return 0;
}

int checked_fclose(std::FILE* file) {
  if (std::fclose(file) != 0 && problem.empty()) fail(file);
  std::erase(temporary_files, file);
  return 0;
}

}  // namespace

FstWave::FstWave() {
  problem.clear();
  temporary_files.clear();
}

void FstWave::open(const char* name) {
  VerilatedFstC::open(name);
  expect_no_problem();
}

}  // namespace ringproof::nic

#define fopen ringproof::nic::checked_fopen
#define tmpfile ringproof::nic::checked_tmpfile
#define fwrite ringproof::nic::checked_fwrite
#define fputc ringproof::nic::checked_fputc
#define fflush ringproof::nic::checked_fflush
#define fseeko ringproof::nic::checked_fseeko
#define fclose ringproof::nic::checked_fclose
#include "verilated_fst_c.cpp"  // NOLINT(bugprone-suspicious-include)
