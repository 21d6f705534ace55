#include "sim/run/result_folder.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "sim/replay/input_error.h"
#include "sim/replay/whole_file.h"

namespace ringproof {

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder)) {
    throw InputError(
        fmt::format("--out {}: expected a directory that can be made, got: {}", folder, error.message()));
  }
}

void remove_earlier(const std::string& folder, const std::vector<std::string>& files) {
  std::error_code error;
  for (const std::string& name : files) {
    const std::string path = folder + "/" + name;
    // remove() would take an empty directory too.
    if (is_written_in_place(path) || std::filesystem::is_directory(path, error)) continue;
    std::filesystem::remove(path, error);
  }
}

}  // namespace ringproof
