#include "sim/win32/environment.h"

#include <strings.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "sim/win32/crt_text.h"
#include "sim/win32/state.h"

namespace ringproof::win32 {
namespace {

constexpr std::pair<const char*, const char*> kFirstVariables[] = {
    {"COMPUTERNAME", "ringproof"},
    {"ComSpec", "C:\\Windows\\System32\\cmd.exe"},
    {"NUMBER_OF_PROCESSORS", "16"},
    {"OS", "Windows_NT"},
    {"Path", "C:\\Windows\\System32"},
    {"PROCESSOR_ARCHITECTURE", "AMD64"},
    {"SystemDrive", "C:"},
    {"SystemRoot", "C:\\Windows"},
    {"TEMP", "/tmp"},
    {"TMP", "/tmp"},
    {"USERNAME", "ringproof"},
    {"windir", "C:\\Windows"},
};

std::string capitals(std::string_view name) {
  std::string result;
  std::transform(name.begin(), name.end(), std::back_inserter(result),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return result;
}

// Empty: that of the simulator.
std::string& directory() {
  static std::string& outside = *new std::string;
  const SystemEntry entry;
  return current_world == nullptr ? outside : current_world->win32->process().current_directory;
}

}  // namespace

Environment::Environment() {
  for (const auto& [name, value] : kFirstVariables) set(name, value);
}

const char* Environment::find(std::string_view name) const {
  const auto found = variables_.find(capitals(name));
  return found == variables_.end() ? nullptr : found->second.second.c_str();
}

// The first letter may be '=', as in the names that shells make for directories of drives.
bool Environment::set(std::string_view name, std::string_view value) {
  if (name.empty() || name.find('=', 1) != std::string_view::npos) return false;
  auto& variable = variables_[capitals(name)];
  if (variable.first.empty()) variable.first = name;
  variable.second = value;
  return true;
}

void Environment::remove(std::string_view name) { variables_.erase(capitals(name)); }

std::vector<std::string> Environment::all() const {
  std::vector<std::string> lines;
  for (const auto& [key, variable] : variables_) lines.push_back(variable.first + '=' + variable.second);
  return lines;
}

Environment& environment() {
  static Environment& outside = *new Environment;
  const SystemEntry entry;
  return current_world == nullptr ? outside : current_world->win32->process().environment;
}

std::string host_path(std::string name) {
  if (strcasecmp(name.c_str(), "NUL") == 0) return "/dev/null";
  if (strcasecmp(name.c_str(), "CONOUT$") == 0) return "/dev/stdout";
  if (strcasecmp(name.c_str(), "CONIN$") == 0) return "/dev/stdin";
  if (name.rfind("\\\\?\\", 0) == 0) name.erase(0, 4);
  std::replace(name.begin(), name.end(), '\\', '/');
  if (name.empty() || name.front() == '/' || directory().empty()) return name;
  return directory() + '/' + name;
}

std::string host_path(std::u16string_view name) { return host_path(to_utf8(name)); }

std::string current_directory() {
  std::error_code error;
  return directory().empty() ? std::filesystem::current_path(error).string() : directory();
}

bool set_current_directory(const std::string& name) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::canonical(host_path(name), error);
  if (error || !std::filesystem::is_directory(whole, error)) return false;
  directory() = whole.string();
  return true;
}

}  // namespace ringproof::win32
