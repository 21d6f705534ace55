// null_host.h: a host on which nothing happens.
// Role     for tests of parts that have a host and need nothing of it
// Shapes   counts the changes of shared words
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "model/base/host.h"

namespace ringproof::xdp {

class NullHost final : public Host {
 public:
  std::uint64_t now_ps() const override { return 0; }
  void spend(std::uint64_t) override {}
  void meet_hardware() override {}
  bool wait(Signal&, std::uint64_t) override { return false; }
  void notify(Signal&) override {}
  void start_service(const std::string&, std::uint32_t, std::function<void()>) override {}
  void at(std::uint64_t, const EventSource&, std::function<void()>) override {}
  std::uint64_t next_due_ps() const override { return kNever; }
  void shared_word_changed(const volatile void*) override { ++changes; }
  std::uint32_t cpu_count() const override { return 1; }
  std::uint32_t current_cpu() const override { return 0; }
  void move_to_cpu(std::uint32_t) override {}
  int changes = 0;
};

}  // namespace ringproof::xdp
