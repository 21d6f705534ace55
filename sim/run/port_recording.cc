#include "sim/run/port_recording.h"

#include "sim/replay/whole_file.h"
#include "sim/run/result_folder.h"

namespace ringproof {

std::vector<std::string> port_files(const std::vector<nic::NicConfig>& ports) {
  std::vector<std::string> files;
  files.reserve(ports.size());
  for (const nic::NicConfig& port : ports) files.push_back("ports/" + port.name + ".pcapng");
  return files;
}

PortRecording::PortRecording(const std::string& folder, const std::vector<nic::NicConfig>& ports) {
  const std::vector<std::string> files = port_files(ports);
  make_folder(folder + "/ports");
  for (const std::string& file : files) expect_writable(folder + "/" + file);
  remove_earlier(folder, files);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    writers_.push_back(std::make_unique<PcapngWriter>(folder + "/" + files[i], std::vector{ports[i]}));
  }
}

void PortRecording::check() const {
  for (const auto& writer : writers_) writer->check();
}

void PortRecording::finish(OutputProblems& problems) {
  for (const auto& writer : writers_) problems.attempt([&writer] { writer->finish(); });
}

}  // namespace ringproof
