// waiting_thread.h: a thread of the application that is blocked in a notify call.
// Role     the other side of tests about what ends a wait, and what does not
// Threads  the constructor returns when the thread has had ample time to be inside the call
#pragma once

#include <cstdint>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {

class WaitingThread {
 public:
  WaitingThread(Machine& machine, const RawSocket& socket, UINT32 flags, UINT32 timeout_ms = kNoTimeout)
      : machine_(machine), begin_us_(machine.now_us()) {
    thread_ = machine.start_thread([this, &socket, flags, timeout_ms] {
      status_ = socket.notify(flags, timeout_ms, &result_);
      took_us_ = machine_.now_us() - begin_us_;
      ended_ = true;
    });
    machine.sleep_us(5);
  }
  WaitingThread(const WaitingThread&) = delete;
  WaitingThread& operator=(const WaitingThread&) = delete;

  bool waits() const { return !ended_; }
  void join() { machine_.join(thread_); }

  // Once the call has returned.
  UINT32 status() const { return status_; }
  UINT32 result() const { return result_; }
  std::uint64_t took_us() const { return took_us_; }

  static constexpr UINT32 kUntouched = 0x5A5A5A5A;

 private:
  Machine& machine_;
  const std::uint64_t begin_us_;
  std::uint32_t thread_ = 0;
  bool ended_ = false;
  UINT32 status_ = 0;
  UINT32 result_ = kUntouched;
  std::uint64_t took_us_ = 0;
};

}  // namespace ringproof::test
