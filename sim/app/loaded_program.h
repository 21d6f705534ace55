// loaded_program.h: a shared object with a main, as it was when it had just been loaded.
// Role     finds and loads an application once a process, and gives it back its first state before each run
// Shapes   that state: the writable segments and the thread-local block of the object, and of every library
//          that came with it; not the heap, open files, or anything else of the process
// Threads  simulation thread
// Errors   problem() tells in one line
// Source   docs/applications.md, docs/design/many-worlds.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/app/thread_locals.h"

namespace ringproof {

// The file of an application that was named so; empty when there is none.
std::string find_application(const std::string& name);

class LoadedProgram {
 public:
  using Main = int (*)(int, char**, char**);

  // The one of this name; loaded when it is asked for the first time. Each further copy has memory of its
  // own.
  static LoadedProgram& of(const std::string& name, std::uint32_t copy = 0);

  // Null when there is a problem.
  Main main() const { return main_; }
  // It is wmain, which takes UTF-16.
  bool is_wide() const { return wide_; }
  const std::string& problem() const { return problem_; }
  // Everything of the object is as it was before its main ran for the first time.
  void restore();
  const std::vector<ThreadLocals::Block>& thread_locals() const { return thread_locals_; }

 private:
  // Writable memory of an object.
  struct Part {
    unsigned char* memory;
    std::vector<unsigned char> bytes;  // as they were
    std::size_t zeros;                 // behind them, up to the end
    bool anonymous;                    // no file lies behind it
  };
  void load(const std::string& name, std::uint32_t copy);
  void take_snapshot(const std::vector<const void*>& loaded_before);
  void keep(std::uintptr_t begin, std::uintptr_t end, bool anonymous);

  Main main_ = nullptr;
  bool wide_ = false;
  std::string problem_;
  std::vector<Part> parts_;
  std::vector<ThreadLocals::Block> thread_locals_;
  bool used_ = false;
};

}  // namespace ringproof
