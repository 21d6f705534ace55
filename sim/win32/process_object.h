// process_object.h: a process, as handles to it see it, and what a token says of it.
// Shapes   signalled from its end on, when what it had open is closed
// Threads  simulation thread
// Source   Windows: process and thread functions, access tokens
#pragma once

#include <cstdint>

#include "sim/app/waitable.h"

namespace ringproof {

class ProcessObject final : public Waitable {
 public:
  explicit ProcessObject(std::uint32_t the_number) : number(the_number) {}

  void end(DWORD code) {
    ended_ = true;
    exit_code_ = code;
  }
  DWORD exit_code() const { return exit_code_; }
  bool ended() const { return ended_; }
  bool signalled() const override { return ended_; }
  bool taken() override { return false; }
  void close() override {}

  const std::uint32_t number;  // of the process in the kernel

 private:
  static constexpr DWORD kStillActive = 259;
  bool ended_ = false;
  DWORD exit_code_ = kStillActive;
};

class Token final : public xdp::KernelObject {
 public:
  explicit Token(bool is_restricted) : restricted(is_restricted) {}
  void close() override {}
  const bool restricted;
};

}  // namespace ringproof
