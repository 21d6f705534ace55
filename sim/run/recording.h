// recording.h: the captures that a run leaves in its folder.
// Role     tx.pcapng: what left the ports; stack.pcapng, if asked for: what the host's own stack received
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
#include "sim/run/stack_frames.h"
#include "sim/run/wire_recorder.h"

namespace ringproof {

// What a run leaves in its folder.
std::vector<std::string> result_files(bool with_stack);
// What is there while it is written.
std::vector<std::string> partial_result_files(const std::string& folder, bool with_stack);

// That is checked before anything runs; the folder must be there.
void expect_results_writable(const std::string& folder, bool with_stack);

class Recording {
 public:
  // Makes the folder; nothing stays there that could be taken for a result of this run.
  Recording(const std::string& folder, const std::vector<nic::NicConfig>& ports, bool with_stack);

  std::vector<Tap*> taps();
  // Throws what went wrong while they were written.
  void check() const;
  // Gives the files their names, as many as can be written.
  void finish(OutputProblems& problems);

 private:
  std::unique_ptr<PcapngWriter> wire_;
  std::unique_ptr<WireRecorder> wire_tap_;
  std::unique_ptr<PcapngWriter> stack_;  // null: not asked for
  StackFrames stack_tap_;
};

}  // namespace ringproof
