#include "sim/run/output_guard.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "sim/replay/input_error.h"

namespace ringproof {

void OutputGuard::add_folder(const std::string& folder, const std::vector<std::string>& names) {
  if (folder.empty()) return;
  for (const std::string& name : names) {
    const std::string expected =
        fmt::format("--out {}: expected a directory whose {} is no input of the run", folder, name);
    outputs_.push_back({folder + "/" + name, expected});
    outputs_.push_back({folder + "/" + name + ".partial", expected});
  }
}

void OutputGuard::add_file(const std::string& option, const std::string& path) {
  if (path.empty()) return;
  // The last one is that of an FST file.
  for (const char* ending : {"", ".partial", ".hier"}) {
    outputs_.push_back(
        {path + ending, fmt::format("{} {}: expected a file that is no input of the run", option, path)});
  }
}

void OutputGuard::refuse(const std::vector<std::string>& inputs) const {
  for (const Output& output : outputs_) {
    for (const std::string& input : inputs) {
      std::error_code error;
      if (!std::filesystem::equivalent(output.path, input, error) || error) continue;
      throw InputError(fmt::format("{}, got {}", output.expected, input));
    }
  }
}

}  // namespace ringproof
