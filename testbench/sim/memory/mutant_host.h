// mutant_host.h: a host whose shared accesses can be made wrong on purpose.
// Role     stands between ring code and the kernel: what a barrier is worth shows when it is taken away
// Shapes   everything is passed on, except what `Mutation` says
#pragma once

#include <string>
#include <utility>

#include "model/base/host.h"

namespace ringproof::test {

struct Mutation {
  bool drop_fences = false;
  bool relax_stores = false;
  bool relax_loads = false;
};

class MutantHost final : public Host {
 public:
  MutantHost(Host& host, const Mutation& mutation) : host_(host), mutation_(mutation) {}

  std::uint32_t load_shared(const std::uint32_t* word, MemoryOrder order) override {
    return host_.load_shared(word, mutation_.relax_loads ? MemoryOrder::kRelaxed : order);
  }
  void store_shared(std::uint32_t* word, std::uint32_t value, MemoryOrder order) override {
    host_.store_shared(word, value, mutation_.relax_stores ? MemoryOrder::kRelaxed : order);
  }
  std::uint32_t change_shared(std::uint32_t* word, std::uint32_t set, std::uint32_t cleared) override {
    return host_.change_shared(word, set, cleared);
  }
  void fence(MemoryOrder order) override {
    if (!mutation_.drop_fences) host_.fence(order);
  }
  Forgotten forget_shared(const void* memory, std::size_t bytes) override {
    return host_.forget_shared(memory, bytes);
  }

  std::uint64_t now_ps() const override { return host_.now_ps(); }
  void spend(std::uint64_t cost_ps) override { host_.spend(cost_ps); }
  void meet_hardware() override { host_.meet_hardware(); }
  bool wait(Signal& signal, std::uint64_t deadline_ps) override { return host_.wait(signal, deadline_ps); }
  void notify(Signal& signal) override { host_.notify(signal); }
  void start_service(const std::string& name, std::uint32_t cpu, std::function<void()> body) override {
    host_.start_service(name, cpu, std::move(body));
  }
  using Host::at;
  void at(std::uint64_t time_ps, const EventSource& source, std::function<void()> action) override {
    host_.at(time_ps, source, std::move(action));
  }
  std::uint64_t next_due_ps() const override { return host_.next_due_ps(); }
  void shared_word_changed(const volatile void* address) override { host_.shared_word_changed(address); }
  std::uint32_t cpu_count() const override { return host_.cpu_count(); }
  std::uint32_t current_cpu() const override { return host_.current_cpu(); }
  void move_to_cpu(std::uint32_t cpu) override { host_.move_to_cpu(cpu); }

 private:
  Host& host_;
  const Mutation mutation_;
};

}  // namespace ringproof::test
