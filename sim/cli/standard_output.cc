#include "sim/cli/standard_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sim/cli/command_line.h"

namespace ringproof {

int with_output_written(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  // An earlier call may have failed, of which the reason is gone but for what it left here.
  constexpr std::array kOfWriting = {ENOSPC, EFBIG, EDQUOT, EIO, EPIPE, EBADF};
  const bool known = std::find(kOfWriting.begin(), kOfWriting.end(), errno) != kOfWriting.end();
  const char* reason = known ? std::strerror(errno) : "an error";
  fmt::print(stderr, "ringproof: standard output: expected to be written, got: {}\n", reason);
  return status == kStatusFine ? kStatusFound : status;
}

}  // namespace ringproof
