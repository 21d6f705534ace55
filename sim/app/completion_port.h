// completion_port.h: a queue of completion packets that tasks wait for.
// Shapes   packets leave in the order in which they came
// Threads  simulation thread; next() blocks the calling task
// Errors   a closed port gives no packets any more
// Source   Windows: I/O completion ports
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "model/xdp/handle_table.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

struct CompletionPacket {
  std::uint32_t bytes = 0;
  std::uint64_t key = 0;
  OVERLAPPED* overlapped = nullptr;
  std::uint32_t error = 0;  // of the operation; 0: it succeeded
};

class CompletionPort final : public xdp::KernelObject {
 public:
  enum class Outcome : std::uint8_t { kPacket, kTimeout, kClosed, kAlerted };

  explicit CompletionPort(HostKernel& kernel) : kernel_(kernel) {}

  void post(const CompletionPacket& packet) {
    packets_.push_back(packet);
    kernel_.notify(changed_);
  }
  // `alerted` is asked whenever there is no packet; true ends the wait.
  Outcome next(std::uint64_t deadline_ps, CompletionPacket* packet,
               const std::function<bool()>& alerted = nullptr) {
    while (packets_.empty() && !closed_) {
      if (alerted && alerted()) return Outcome::kAlerted;
      if (kernel_.now_ps() >= deadline_ps) return Outcome::kTimeout;
      kernel_.wait(changed_, deadline_ps);
    }
    if (closed_) return Outcome::kClosed;
    *packet = packets_.front();
    packets_.pop_front();
    return Outcome::kPacket;
  }
  // What those who wait here are woken by.
  Signal& changed() { return changed_; }
  void close() override {
    closed_ = true;
    kernel_.notify(changed_);
  }

 private:
  HostKernel& kernel_;
  std::deque<CompletionPacket> packets_;
  bool closed_ = false;
  Signal changed_;
};

}  // namespace ringproof
