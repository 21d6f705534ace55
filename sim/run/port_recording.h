// port_recording.h: a capture for each port, of what it received and what it sent.
// Role     ports/NAME.pcapng: as a probe on the port's wire would see it; frames that the MAC refuses are
//          there too
// Errors   a folder or a file that cannot be made or written -> InputError
// Source   docs/command-line.md
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/replay/pcapng_writer.h"
#include "sim/run/output_problems.h"

namespace ringproof {

// "ports/port1.pcapng", …, in the folder of the results.
std::vector<std::string> port_files(const std::vector<nic::NicConfig>& ports);

class PortRecording final : public Tap {
 public:
  PortRecording(const std::string& folder, const std::vector<nic::NicConfig>& ports);

  // Throws what went wrong while they were written.
  void check() const;
  // Gives the files their names, as many as can be written.
  void finish(OutputProblems& problems);

  // Tap
  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override {
    writers_[port]->write(0, timestamp_ns, bytes, FrameDirection::kIn);
  }
  void wire_out(std::uint32_t port, std::uint32_t, std::uint64_t end_ps, Bytes bytes) override {
    writers_[port]->write(0, end_ps / 1000, bytes, FrameDirection::kOut);
  }

 private:
  std::vector<std::unique_ptr<PcapngWriter>> writers_;
};

}  // namespace ringproof
