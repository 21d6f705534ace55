#include "sim/run/output_guard.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <system_error>

#include "sim/replay/input_error.h"

namespace ringproof {

void OutputGuard::add_folder(const std::string& folder, const std::vector<std::string>& names) {
  if (folder.empty()) return;
  for (const std::string& name : names) {
    const std::string expected = fmt::format("a directory whose {} is no input of the run", name);
    for (const char* ending : {"", ".partial"}) {
      outputs_.push_back({folder + "/" + name + ending, "--out " + folder, expected});
    }
  }
}

void OutputGuard::add_file(const std::string& option, const std::string& path) {
  if (path.empty()) return;
  // The last one is that of an FST file.
  for (const char* ending : {"", ".partial", ".hier"}) {
    outputs_.push_back(
        {path + ending, fmt::format("{} {}", option, path), "a file that is no input of the run"});
  }
}

void OutputGuard::refuse(const std::vector<std::string>& inputs) const {
  for (const Output& output : outputs_) {
    for (const std::string& input : inputs) {
      std::error_code error;
      if (!std::filesystem::equivalent(output.path, input, error) || error) continue;
      throw InputError(fmt::format("{}: expected {}, got {}", output.option, output.expected, input));
    }
  }
  refuse_twins();
}

// They need not be there yet, so names are compared.
void OutputGuard::refuse_twins() const {
  std::map<std::filesystem::path, const Output*> places;
  for (const Output& output : outputs_) {
    std::error_code error;
    const auto place = std::filesystem::weakly_canonical(std::filesystem::absolute(output.path), error);
    if (error) continue;
    const auto [found, first] = places.emplace(place, &output);
    if (first || found->second->option == output.option) continue;
    throw InputError(fmt::format("{}: expected a place of its own, got one where {} puts a result",
                                 output.option, found->second->option));
  }
}

}  // namespace ringproof
