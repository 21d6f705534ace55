#include "sim/run/result_files.h"

#include "sim/replay/report.h"

namespace ringproof {

ResultFiles::ResultFiles(const std::string& folder, const std::vector<nic::NicConfig>& ports)
    : folder_(folder), recording_(folder, ports, false), ports_(folder, ports) {}

std::vector<Tap*> ResultFiles::taps() {
  std::vector<Tap*> taps = recording_.taps();
  taps.push_back(&ports_);
  return taps;
}

void ResultFiles::check() const {
  recording_.check();
  ports_.check();
}

void ResultFiles::finish(const RunResult& result, OutputProblems& problems) {
  recording_.finish(problems);
  ports_.finish(problems);
  problems.attempt([&] { write_stats_json(result, folder_ + "/stats.json"); });
}

}  // namespace ringproof
