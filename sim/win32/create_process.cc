// Processes that a Windows program starts: further copies of its own file, or of another application.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/process.h>
#include <ringproof/win32/threads.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/app/application.h"
#include "sim/app/handle_owners.h"
#include "sim/win32/crt_text.h"
#include "sim/win32/environment.h"
#include "sim/win32/process_object.h"
#include "sim/win32/state.h"
#include "sim/win32/thread_object.h"

using ringproof::ApiCall;
using ringproof::Application;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::ThreadObject;
using ringproof::Win32Process;
using ringproof::World;

namespace {

// What the calls have in common, with text as UTF-8.
struct Wish {
  std::string application;  // empty: the first word of the line says it
  std::string line;
  std::string directory;                 // empty: the parent's
  std::vector<std::string> environment;  // "NAME=value"
  bool own_environment = false;
  bool inherits = false;
  DWORD flags = 0;
  bool with_standard_handles = false;
  HANDLE standard_handles[3] = {};
  bool restricted = false;
};

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

// The name of the program, which knows no backslashes before quotes.
std::string take_first_word(std::string_view& line) {
  std::string word;
  bool quoted = false;
  while (!line.empty() && (quoted || !is_blank(line.front()))) {
    if (line.front() == '"') {
      quoted = !quoted;
    } else {
      word += line.front();
    }
    line.remove_prefix(1);
  }
  return word;
}

// One word as Microsoft's C runtime takes it: backslashes mean something before quotes only.
std::string take_word(std::string_view& line) {
  std::string word;
  bool quoted = false;
  while (!line.empty() && (quoted || !is_blank(line.front()))) {
    const std::size_t slashes = std::min(line.find_first_not_of('\\'), line.size());
    line.remove_prefix(slashes);
    const bool before_quote = !line.empty() && line.front() == '"';
    word.append(before_quote ? slashes / 2 : slashes, '\\');
    if (before_quote && slashes % 2 == 1) {
      word += '"';
    } else if (before_quote && quoted && line.substr(1).starts_with('"')) {
      word += '"';
      line.remove_prefix(1);
    } else if (before_quote) {
      quoted = !quoted;
    } else if (slashes == 0) {
      word += line.front();
    } else {
      continue;  // what follows the backslashes is looked at anew
    }
    line.remove_prefix(1);
  }
  return word;
}

std::vector<std::string> take_words(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty()) return words;
    words.push_back(take_word(line));
  }
}

std::string stem_of(const std::string& name) {
  const std::string plain = name.substr(name.find_last_of("/\\") + 1);
  return plain.substr(0, plain.rfind('.'));
}

// The file of a program that is named so: the caller's own, whatever its folder, or one that exists.
std::string program_file(const Win32Process& own, const std::string& name) {
  const std::string& own_file = own.command_line.front();
  if (stem_of(name) == stem_of(own_file)) return own_file;
  std::error_code error;
  std::string path = ringproof::win32::host_path(name);
  if (path.find('/') != std::string::npos && std::filesystem::is_regular_file(path, error)) return path;
  return ringproof::find_application(stem_of(name)).empty() ? std::string() : stem_of(name);
}

void set_environment(const Wish& wish, const Win32Process& parent, Win32Process& child) {
  child.current_directory = parent.current_directory;
  child.environment = parent.environment;
  if (!wish.own_environment) return;
  for (const std::string& line : parent.environment.all()) {
    child.environment.remove(std::string_view(line).substr(0, line.find('=', 1)));
  }
  for (const std::string& line : wish.environment) {
    const std::size_t equals = line.find('=', 1);
    if (equals != std::string::npos) child.environment.set(line.substr(0, equals), line.substr(equals + 1));
  }
}

void prepare_child(World& world, const Wish& wish, std::uint32_t number) {
  const Win32Process& parent = world.win32->process();
  Win32Process& child = world.win32->process(number);
  set_environment(wish, parent, child);
  if (!wish.directory.empty()) {
    std::error_code error;
    child.current_directory =
        std::filesystem::canonical(ringproof::win32::host_path(wish.directory), error).string();
  }
  child.restricted = wish.restricted;
  child.ignores_ctrl_c = parent.ignores_ctrl_c;
  for (int i = 0; wish.with_standard_handles && i < 3; ++i) {
    // Nothing would mean that the host's is still to be opened.
    const HANDLE given = wish.standard_handles[i];
    child.standard_handles[i] = given == nullptr ? INVALID_HANDLE_VALUE : given;
  }
  if (!wish.inherits || world.owners == nullptr) return;
  for (const HANDLE handle : world.win32->inheritable()) {
    world.owners->share(handle, world.kernel.current_process(), number);
  }
}

// What a token says comes to the caller's own restriction. False: it is no token.
bool find_rights(const ApiCall& call, const HANDLE* token, bool* restricted) {
  *restricted = call.world().win32->process().restricted;
  if (token == nullptr || *token == nullptr) return true;
  const auto found = find_object<ringproof::Token>(call, *token);
  if (found == nullptr) return false;
  *restricted = *restricted || found->restricted;
  return true;
}

bool is_folder(const std::string& name) {
  std::error_code error;
  return std::filesystem::is_directory(ringproof::win32::host_path(name), error);
}

// Its first thread, which has begun.
std::shared_ptr<ThreadObject> start_child(World& world, const Wish& wish, std::uint32_t process,
                                          const std::string& file, std::string_view arguments) {
  const auto task = static_cast<int>(Application::start_child(file, take_words(arguments)));
  const auto thread = std::make_shared<ThreadObject>(world, world.win32->new_thread_id(), process);
  thread->task = task;
  world.win32->add_thread(thread, task);
  if ((wish.flags & CREATE_SUSPENDED) != 0) thread->suspend();
  return thread;
}

// `token`: null: the caller's own.
BOOL create_process(const char* name, Wish wish, const HANDLE* token, LPPROCESS_INFORMATION info) {
  const ApiCall call(name);
  if (!call.has_world()) return FALSE;
  World& world = call.world();
  if (!find_rights(call, token, &wish.restricted)) return fail_with(ERROR_INVALID_HANDLE);
  // A program that is linked and started by itself is no file that could be loaded again.
  if (world.win32->process().command_line.empty()) return fail_with(ERROR_NOT_SUPPORTED);
  std::string_view rest = wish.line;
  const std::string first_word = take_first_word(rest);
  const std::string& program = wish.application.empty() ? first_word : wish.application;
  const std::string file = program_file(world.win32->process(), program);
  if (file.empty()) return fail_with(ERROR_FILE_NOT_FOUND);
  if (!wish.directory.empty() && !is_folder(wish.directory)) return fail_with(ERROR_DIRECTORY);
  call.acted();
  const int number = Application::next_process();
  if (number < 0) return fail_with(ERROR_NOT_SUPPORTED);
  const auto process = static_cast<std::uint32_t>(number);
  prepare_child(world, wish, process);
  const auto thread = start_child(world, wish, process, file, rest);
  *info = {world.open_handle(world.win32->process_object(process)), world.open_handle(thread),
           ringproof::kFirstProcessId + 4 * process, thread->id};
  return TRUE;
}

std::string text_of(LPCSTR text) { return text == nullptr ? std::string() : std::string(text); }
std::string text_of(LPCWSTR text) {
  return text == nullptr ? std::string() : ringproof::win32::to_utf8(reinterpret_cast<const char16_t*>(text));
}

// Texts one behind the other, with an empty one at the end.
template <typename Unit>
void read_environment(const void* block, Wish* wish) {
  wish->own_environment = block != nullptr;
  if (block == nullptr) return;
  const auto* at = static_cast<const Unit*>(block);
  while (*at != 0) {
    wish->environment.push_back(text_of(at));
    while (*at++ != 0) continue;
  }
}

template <typename Unit, typename StartupInfo>
Wish wish_of(const Unit* application, const Unit* line, BOOL inherits, DWORD flags, LPVOID environment,
             const Unit* directory, const StartupInfo* startup) {
  Wish wish;
  wish.application = text_of(application);
  wish.line = line == nullptr ? wish.application : text_of(line);
  wish.directory = text_of(directory);
  wish.inherits = inherits != FALSE;
  wish.flags = flags;
  if ((flags & CREATE_UNICODE_ENVIRONMENT) != 0) {
    read_environment<WCHAR>(environment, &wish);
  } else {
    read_environment<CHAR>(environment, &wish);
  }
  wish.with_standard_handles = (startup->dwFlags & STARTF_USESTDHANDLES) != 0;
  wish.standard_handles[0] = startup->hStdInput;
  wish.standard_handles[1] = startup->hStdOutput;
  wish.standard_handles[2] = startup->hStdError;
  return wish;
}

}  // namespace

extern "C" {

BOOL CreateProcessA(LPCSTR Name, LPSTR CommandLine, LPSECURITY_ATTRIBUTES, LPSECURITY_ATTRIBUTES,
                    BOOL InheritHandles, DWORD Flags, LPVOID Environment, LPCSTR Directory,
                    LPSTARTUPINFOA StartupInfo, LPPROCESS_INFORMATION Information) {
  return create_process(
      "CreateProcess",
      wish_of<CHAR>(Name, CommandLine, InheritHandles, Flags, Environment, Directory, StartupInfo), nullptr,
      Information);
}

BOOL CreateProcessW(LPCWSTR Name, LPWSTR CommandLine, LPSECURITY_ATTRIBUTES, LPSECURITY_ATTRIBUTES,
                    BOOL InheritHandles, DWORD Flags, LPVOID Environment, LPCWSTR Directory,
                    LPSTARTUPINFOW StartupInfo, LPPROCESS_INFORMATION Information) {
  return create_process(
      "CreateProcess",
      wish_of<WCHAR>(Name, CommandLine, InheritHandles, Flags, Environment, Directory, StartupInfo), nullptr,
      Information);
}

BOOL CreateProcessAsUserA(HANDLE Token, LPCSTR Name, LPSTR CommandLine, LPSECURITY_ATTRIBUTES,
                          LPSECURITY_ATTRIBUTES, BOOL InheritHandles, DWORD Flags, LPVOID Environment,
                          LPCSTR Directory, LPSTARTUPINFOA StartupInfo, LPPROCESS_INFORMATION Information) {
  return create_process(
      "CreateProcessAsUser",
      wish_of<CHAR>(Name, CommandLine, InheritHandles, Flags, Environment, Directory, StartupInfo), &Token,
      Information);
}

BOOL CreateProcessAsUserW(HANDLE Token, LPCWSTR Name, LPWSTR CommandLine, LPSECURITY_ATTRIBUTES,
                          LPSECURITY_ATTRIBUTES, BOOL InheritHandles, DWORD Flags, LPVOID Environment,
                          LPCWSTR Directory, LPSTARTUPINFOW StartupInfo, LPPROCESS_INFORMATION Information) {
  return create_process(
      "CreateProcessAsUser",
      wish_of<WCHAR>(Name, CommandLine, InheritHandles, Flags, Environment, Directory, StartupInfo), &Token,
      Information);
}

}  // extern "C"
