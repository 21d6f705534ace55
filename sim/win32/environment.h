// environment.h: environment variables and current directory of a process.
// Role     what a program sets stays with its process, and is gone in the next run; nothing of the host's
//          environment is seen, so that runs do not depend on who starts them
// Shapes   names are found whatever their case, and kept as they were written; the current directory is one
//          of the host, at first that of the simulator
// Source   Windows: environment variables, SetCurrentDirectory; docs/windows-programs.md
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringproof::win32 {

class Environment {
 public:
  // With the variables that every process begins with.
  Environment();

  // Null when there is none. The text stays where it is until the variable is set or removed.
  const char* find(std::string_view name) const;
  // False for a name that no variable can have.
  bool set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  // "NAME=value", in the order of their names.
  std::vector<std::string> all() const;

 private:
  std::map<std::string, std::pair<std::string, std::string>> variables_;  // by name in capitals
};

// The running process's; outside a world, one that all share.
Environment& environment();

// The path of the host for one that a Windows program writes: devices, either slash, relative to the current
// directory of the running process.
std::string host_path(std::string name);
std::string host_path(std::u16string_view name);
std::string current_directory();
// False when there is no such directory.
bool set_current_directory(const std::string& name);

// What calls answer that give text into a buffer of `units`: how much was written, without the terminator, or
// what would have been needed with it.
template <typename Unit>
std::size_t give_text(const std::basic_string<Unit>& text, void* buffer, std::size_t units) {
  if (text.size() + 1 > units) return text.size() + 1;
  __builtin_memcpy(buffer, text.c_str(), (text.size() + 1) * sizeof(Unit));
  return text.size();
}

}  // namespace ringproof::win32
