#include "sim/app/application.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <utility>

namespace ringproof {
namespace {

// libc calls the handler on the stack of whoever called exit().
Application* running_application = nullptr;
bool handler_registered = false;

void on_process_exit(int status, void*) {
  handler_registered = false;
  if (running_application != nullptr) running_application->exit_called(status);
}

}  // namespace

Application::Application(std::string name, std::vector<std::string> arguments)
    : name_(std::move(name)), arguments_(std::move(arguments)) {}

Application::~Application() {
  if (running_application == this) running_application = nullptr;
}

void Application::start(HostKernel& kernel) {
  kernel_ = &kernel;
  // The C library forgets a handler that it has called.
  if (!std::exchange(handler_registered, true)) on_exit(on_process_exit, nullptr);
  running_application = this;
  kernel.start_application("main", [this] { run(); });
}

void Application::fail(std::string problem) {
  problem_ = std::move(problem);
  ended_ = true;
}

void Application::run() {
  LoadedProgram& program = LoadedProgram::of(name_);
  const LoadedProgram::Main entry = program.main();
  if (entry == nullptr) {
    fail(program.problem());
    return;
  }
  program.restore();
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
