// kept_exception.h: an exception on its way out of a SystemC process.
// Role     the kernel makes a report of its own of whatever leaves a process; what is kept here comes out of
//          sc_start() as what it was
// Errors   none of its own
// Source   sc_handle_exception() of SystemC, which copies the text alone
#pragma once

#include <exception>
#include <utility>

#include "model/nic/systemc.h"

namespace ringproof::nic {

class KeptException {
 public:
  // Around the body of a process; an exception ends the simulation.
  template <class Body>
  void keep(Body body) {
    try {
      body();
    } catch (...) {
      kept_ = std::current_exception();
      sc_core::sc_stop();
    }
  }
  // Behind sc_start().
  void rethrow() {
    if (kept_) std::rethrow_exception(std::exchange(kept_, nullptr));
  }

 private:
  std::exception_ptr kept_;
};

}  // namespace ringproof::nic
