#include "sim/run/recording.h"

#include "sim/replay/whole_file.h"
#include "sim/run/result_folder.h"

namespace ringproof {

std::vector<std::string> result_files(bool with_stack) {
  std::vector<std::string> files = {"stats.json", "tx.pcapng"};
  if (with_stack) files.emplace_back("stack.pcapng");
  return files;
}

std::vector<std::string> partial_result_files(const std::string& folder, bool with_stack) {
  std::vector<std::string> files = result_files(with_stack);
  for (std::string& file : files) file = folder + "/" + file + ".partial";
  return files;
}

void expect_results_writable(const std::string& folder, bool with_stack) {
  for (const std::string& file : result_files(with_stack)) expect_writable(folder + "/" + file);
}

Recording::Recording(const std::string& folder, const std::vector<nic::NicConfig>& ports, bool with_stack) {
  make_folder(folder);
  expect_results_writable(folder, with_stack);
  remove_earlier(folder, result_files(true));
  wire_ = std::make_unique<PcapngWriter>(folder + "/tx.pcapng", ports);
  wire_tap_ = std::make_unique<WireRecorder>(*wire_);
  if (!with_stack) return;
  stack_ = std::make_unique<PcapngWriter>(folder + "/stack.pcapng", ports);
  stack_tap_.on_received(
      [this](const StackFrame& frame) { stack_->write(frame.port, frame.time_ps / 1000, frame.bytes); });
}

std::vector<Tap*> Recording::taps() {
  std::vector<Tap*> taps = {wire_tap_.get()};
  if (stack_ != nullptr) taps.push_back(&stack_tap_);
  return taps;
}

void Recording::check() const {
  wire_->check();
  if (stack_ != nullptr) stack_->check();
}

void Recording::finish(OutputProblems& problems) {
  problems.attempt([this] { wire_->finish(); });
  if (stack_ != nullptr) problems.attempt([this] { stack_->finish(); });
}

}  // namespace ringproof
