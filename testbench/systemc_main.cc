// systemc_main.cc: the entry point of every test program.
// Role     GoogleTest under the name that the packaged SystemC library's own main would call

#include <gtest/gtest.h>

extern "C" __attribute__((visibility("default"))) int sc_main(int argc, char* argv[]) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

int main(int argc, char* argv[]) { return sc_main(argc, argv); }
