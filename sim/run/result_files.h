// result_files.h: what `ringproof run` leaves in its folder: stats.json, tx.pcapng, and a capture of each
// port.
// Errors   a folder or a file that cannot be made or written -> InputError
// Source   docs/command-line.md
#pragma once

#include <string>
#include <vector>

#include "sim/replay/run_result.h"
#include "sim/run/output_problems.h"
#include "sim/run/port_recording.h"
#include "sim/run/recording.h"

namespace ringproof {

class ResultFiles {
 public:
  ResultFiles(const std::string& folder, const std::vector<nic::NicConfig>& ports);
  std::vector<Tap*> taps();
  // Throws what went wrong while they were written.
  void check() const;
  // Gives the files their names, as many as can be written.
  void finish(const RunResult& result, OutputProblems& problems);

 private:
  const std::string folder_;
  Recording recording_;
  PortRecording ports_;
};

}  // namespace ringproof
