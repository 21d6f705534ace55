#include "sim/app/program_spec.h"

#include <filesystem>
#include <set>

namespace ringproof {

std::vector<ProgramSpec> with_names(std::vector<ProgramSpec> programs) {
  if (programs.size() == 1 && programs[0].name.empty()) programs[0].name = programs[0].app;
  std::set<std::string> taken;
  for (const ProgramSpec& program : programs) taken.insert(program.name);
  for (ProgramSpec& program : programs) {
    if (!program.name.empty()) continue;
    const std::string stem = std::filesystem::path(program.app).stem().string();
    program.name = stem;
    for (int number = 2; !taken.insert(program.name).second; ++number) {
      program.name = stem + " " + std::to_string(number);
    }
  }
  return programs;
}

std::vector<std::string> names_of(const std::vector<ProgramSpec>& programs) {
  std::vector<std::string> names;
  names.reserve(programs.size());
  for (const ProgramSpec& program : programs) names.push_back(program.name);
  return names;
}

}  // namespace ringproof
