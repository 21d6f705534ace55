#include "sim/explore/end_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <initializer_list>

namespace ringproof {

EndSignals::EndSignals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now {};
    // Someone who started us with a signal ignored (nohup) wants it ignored.
    if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&wanted, signal);
  }
  sigprocmask(SIG_BLOCK, &wanted, &before_);
  file_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

EndSignals::~EndSignals() {
  if (file_ >= 0) close(file_);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int EndSignals::take() const {
  signalfd_siginfo info;
  return read(file_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)
             ? static_cast<int>(info.ssi_signo)
             : 0;
}

}  // namespace ringproof
