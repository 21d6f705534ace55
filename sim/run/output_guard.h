// output_guard.h: what is asked of the places of results before anything runs.
// Role     no result replaces what it comes from, by whatever name: files are compared by device and inode. Nor does one
//          replace another
// Errors   a result that would be written into an input or into another result -> InputError, which names both
// Source   docs/command-line.md, "Results"
#pragma once

#include <string>
#include <vector>

namespace ringproof {

class OutputGuard {
 public:
  // These files of the folder that --out names, and what they are called until they are whole.
  void add_folder(const std::string& folder, const std::vector<std::string>& names);
  // The file that an option names; nothing when the path is empty.
  void add_file(const std::string& option, const std::string& path);
  // Files that are not there, and empty paths, are none.
  void refuse(const std::vector<std::string>& inputs) const;

 private:
  struct Output {
    std::string path;
    std::string option;    // "OPTION VALUE"
    std::string expected;  // "WHAT that is no input of the run"
  };
  void refuse_twins() const;

  std::vector<Output> outputs_;
};

}  // namespace ringproof
