// end_signals.h: the signals that ask for an end, as something to look at.
// Role     keeps SIGINT, SIGTERM and SIGHUP from ending this process and those that it forks, while it lives
// Threads  the caller must be the only thread of its process
// Errors   none; a signal that is ignored stays so
#pragma once

#include <csignal>

namespace ringproof {

class EndSignals {
 public:
  EndSignals();
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  // Readable when a signal has come.
  int file() const { return file_; }
  // The signal that came, or 0.
  int take() const;

 private:
  sigset_t before_{};
  int file_ = -1;
};

}  // namespace ringproof
