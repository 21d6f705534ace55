// bundled_objects.h: shared objects that come with Ringproof, found by their names.
// Role     applications and queue engines lie beside the executable in the build tree, and under lib when it is
//          installed
// Errors   a name that is not there is an empty path
// Source   docs/packaging.md
#pragma once

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>

namespace ringproof {

// `kind`: "apps" or "engines", the name of their folder.
inline std::array<std::filesystem::path, 2> folders_of_bundled(const std::string& kind) {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  return {program / kind, program / "../lib/ringproof" / kind};
}

inline std::string find_bundled(const std::string& kind, const std::string& name) {
  std::error_code error;
  for (const std::filesystem::path& folder : folders_of_bundled(kind)) {
    const std::filesystem::path candidate = folder / (name + ".so");
    if (!name.empty() && std::filesystem::exists(candidate, error)) return candidate.string();
  }
  return {};
}

inline std::set<std::string> names_of_bundled(const std::string& kind) {
  std::set<std::string> names;
  for (const std::filesystem::path& folder : folders_of_bundled(kind)) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".so") names.insert(entry.path().stem().string());
    }
  }
  return names;
}

}  // namespace ringproof
