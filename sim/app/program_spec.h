// program_spec.h: a program that shall run, before it is loaded.
// Role     plain values from the command line or a scenario file
// Source   docs/applications.md
#pragma once

#include <string>
#include <vector>

namespace ringproof {

struct ProgramSpec {
  std::string app;  // a path, or the name of an application that comes with Ringproof
  std::vector<std::string> arguments;
  std::string name{};   // in messages and reports
  std::string place{};  // where a file names it: "FILE: /applications/0/app"
};

// Gives those without a name one: a lone program that of its file, several the stem of it; and a number to
// those that would share one.
std::vector<ProgramSpec> with_names(std::vector<ProgramSpec> programs);
std::vector<std::string> names_of(const std::vector<ProgramSpec>& programs);

}  // namespace ringproof
