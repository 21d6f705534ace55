#include "sim/app/application.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <utility>

namespace ringproof {
namespace {

// libc calls the handler on the stack of whoever called exit().
Application* running_application = nullptr;

void on_process_exit(int status, void*) {
  if (running_application != nullptr) running_application->exit_called(status);
}

}  // namespace

// Applications that come with Ringproof lie beside the executable in the build tree, and under lib when it
// is installed.
std::string find_application(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  if (name.ends_with(".so")) return "./" + name;
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const std::filesystem::path& folder : {program / "apps", program / "../lib/ringproof/apps"}) {
    const std::filesystem::path candidate = folder / (name + ".so");
    if (std::filesystem::exists(candidate, error)) return candidate.string();
  }
  return {};
}

Application::Application(std::string name, std::vector<std::string> arguments)
    : name_(std::move(name)), arguments_(std::move(arguments)) {}

void Application::start(HostKernel& kernel) {
  kernel_ = &kernel;
  if (running_application == nullptr) on_exit(on_process_exit, nullptr);
  running_application = this;
  kernel.start_application("main", [this] { run(); });
}

void Application::fail(std::string problem) {
  problem_ = std::move(problem);
  ended_ = true;
}

Application::Main Application::load() {
  const std::string path = find_application(name_);
  if (path.empty()) {
    fail(
        fmt::format("--app {}: expected the path of a shared object, or an application that comes with "
                    "Ringproof (such as xskfwd)",
                    name_));
    return nullptr;
  }
  if (access(path.c_str(), R_OK) != 0) {
    fail(fmt::format("{}: expected a shared object that can be read, there is none", path));
    return nullptr;
  }
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    fail(fmt::format("{}: cannot be loaded as an application: {}", path, reason));
    return nullptr;
  }
  // The search goes on into libraries that the object needs; a main found there is not the application's.
  void* symbol = dlsym(library, "main");
  Dl_info found;
  link_map* map = nullptr;
  if (symbol == nullptr || dladdr(symbol, &found) == 0 || dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 ||
      reinterpret_cast<std::uintptr_t>(found.dli_fbase) != map->l_addr) {
    fail(fmt::format("{}: expected a function main, found none", path));
    return nullptr;
  }
  return reinterpret_cast<Main>(symbol);
}

void Application::run() {
  const Main entry = load();
  if (entry == nullptr) return;
  std::vector<std::string> words = {name_};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  // argv belongs to the application, which may keep it after main returned.
  char** argv = static_cast<char**>(std::calloc(words.size() + 1, sizeof(char*)));
  for (std::size_t i = 0; i < words.size(); ++i) argv[i] = ::strdup(words[i].c_str());
  started_ = true;
  try {
    status_ = entry(static_cast<int>(words.size()), argv, environ);
  } catch (const std::exception& problem) {
    threw(problem.what());
  } catch (...) {
    threw("of unknown type");
  }
  ended_ = true;
}

void Application::threw(const char* what) {
  fail(fmt::format("application {} ended by an exception that nobody caught: {}", name_, what));
  kernel_->end_current_task();
}

void Application::exit_called(int status) {
  if (kernel_ == nullptr || !kernel_->in_application()) return;
  status_ = status;
  ended_ = true;
  kernel_->end_current_task();
}

}  // namespace ringproof
