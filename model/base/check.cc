#include "model/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace ringproof {

void check_failed(const char* file, int line, const char* condition, const char* text) {
  std::fflush(stdout);
  std::fprintf(stderr, "ringproof: internal error at %s:%d: %s (%s)\n", file, line, text, condition);
  std::abort();
}

}  // namespace ringproof
