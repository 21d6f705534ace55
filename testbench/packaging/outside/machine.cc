// machine.cc: a test of somebody else: a frame goes through a machine to the host's own stack.
#include <ringproof/testbench.h>

#include <cstdio>

int main() {
  ringproof::testbench::Testbench machine;
  machine.inject(ringproof::testbench::Bytes(64, 0x55));
  machine.run_until_idle();
  std::printf("passed %llu\n", static_cast<unsigned long long>(machine.snapshot().counters["passed"]));
  return 0;
}
