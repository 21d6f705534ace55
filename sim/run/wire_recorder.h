// wire_recorder.h: what leaves each port, into a capture.
// Role     listens to a run; the writer makes the file
// Errors   those of the writer
#pragma once

#include "model/base/tap.h"
#include "sim/replay/pcapng_writer.h"

namespace ringproof {

class WireRecorder final : public Tap {
 public:
  explicit WireRecorder(PcapngWriter& writer) : writer_(writer) {}
  void wire_out(std::uint32_t port, std::uint32_t, std::uint64_t time_ps, Bytes bytes) override {
    writer_.write(port, time_ps / 1000, bytes);
  }

 private:
  PcapngWriter& writer_;
};

}  // namespace ringproof
