#include "sim/app/application.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <utility>

#include "sim/app/world.h"
#include "sim/win32/crt_text.h"
#include "sim/win32/state.h"

namespace ringproof {

namespace {

// What the world keeps for the program.
void prepare_world(const LoadedProgram& program, const std::vector<std::string>& words) {
  World* const world = current_world;
  if (world == nullptr) return;
  world->win32->process().command_line = words;
  if (program.thread_locals().empty() || simulated_world == nullptr) return;
  const auto task = static_cast<std::uint32_t>(world->kernel.current_task());
  world->thread_locals.push_back(std::make_unique<ThreadLocals>(program.thread_locals(), task));
  world->kernel.on_turn_change([world](std::uint32_t next) {
    for (const auto& locals : world->thread_locals) locals->switch_to(next);
  });
}

// Texts for a program, which they belong to, and null behind them.
char16_t** wide_words(const std::vector<std::string>& words) {
  auto** wide = static_cast<char16_t**>(std::calloc(words.size() + 1, sizeof(char16_t*)));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::u16string word = win32::to_utf16(words[i]);
    const std::size_t bytes = (word.size() + 1) * sizeof(char16_t);
    wide[i] = static_cast<char16_t*>(std::malloc(bytes));
    std::memcpy(wide[i], word.c_str(), bytes);
  }
  return wide;
}

// A main of Windows with wide characters: wmain(int, WCHAR**, WCHAR**).
int call_wide_main(LoadedProgram::Main entry, const std::vector<std::string>& words) {
  using WideMain = int (*)(int, char16_t**, char16_t**);
  const auto wide_main = reinterpret_cast<WideMain>(reinterpret_cast<void*>(entry));
  return wide_main(static_cast<int>(words.size()), wide_words(words), wide_words(win32::environment().all()));
}

// Its constructors are the program's own code.
LoadedProgram& load(const std::string& file, std::uint32_t copy) {
  static std::mutex one_at_a_time;
  const OutsideSystem outside;
  const std::lock_guard lock(one_at_a_time);
  return LoadedProgram::of(file, copy);
}

// Outside the system, where the program's own code runs.
int call_main(const LoadedProgram& program, const std::vector<std::string>& words, char** argv) {
  const OutsideSystem outside;
  return program.is_wide() ? call_wide_main(program.main(), words)
                           : program.main()(static_cast<int>(words.size()), argv, environ);
}

}  // namespace

std::vector<Application*> Application::running_;
bool Application::handler_registered_ = false;

Application::Application(std::string file, std::vector<std::string> arguments, Identity identity)
    : file_(std::move(file)), arguments_(std::move(arguments)), identity_(std::move(identity)) {
  if (identity_.name.empty()) identity_.name = file_;
}

Application::~Application() { std::erase(running_, this); }

// The C library forgets a handler that it has called.
void Application::register_handler() {
  if (!std::exchange(handler_registered_, true)) on_exit(on_process_exit, nullptr);
}

void Application::start(HostKernel& kernel) {
  kernel_ = &kernel;
  register_handler();
  running_.push_back(this);
  main_task_ = kernel.start_process(identity_.process, identity_.task_prefix, [this] { run(); });
}

Application* Application::of_running_task() {
  for (Application* application : running_) {
    const HostKernel& kernel = *application->kernel_;
    if (kernel.in_application() && kernel.current_process() == application->identity_.process) {
      return application;
    }
  }
  return nullptr;
}

bool Application::running_is_restored() {
  const Application* application = of_running_task();
  return application != nullptr && application->started_;
}

// The C library calls the handler on the stack of whoever called exit().
void Application::on_process_exit(int status, void*) {
  const SystemEntry entry;
  handler_registered_ = false;
  Application* application = of_running_task();
  if (application == nullptr) return;
  register_handler();  // for those that go on
  application->exit_called(status);
}

void Application::exit_among_others(int status) {
  const SystemEntry entry;
  Application* application = running_.size() > 1 ? of_running_task() : nullptr;
  if (application != nullptr) application->exit_called(status);
}

// A program that was linked and started by itself is its process: the C library ends that.
void Application::end_process(int status) {
  {
    const SystemEntry entry;
    Application* application = of_running_task();
    if (application != nullptr) application->exit_called(status);
  }
  if (!runs_freely()) return;
  const OutsideSystem outside;
  std::exit(status);
}

// A process is stopped between steps: one that ends at once brings the next of those.
bool Application::terminate(std::uint32_t process, int status) {
  HostKernel& kernel = current_world->kernel;
  for (Application* application : running_) {
    const bool meant = application->kernel_ == &kernel && application->identity_.process == process;
    if (!meant || application->ended_) continue;
    application->status_ = status;
    application->ended_ = true;
    kernel.start_service("process end", 0, [] {});
    return true;
  }
  return false;
}

int Application::next_process() {
  const Application* application = of_running_task();
  if (application == nullptr || application->identity_.group == nullptr) return -1;
  return static_cast<int>(application->identity_.group->next_process());
}

std::uint32_t Application::start_child(const std::string& file, const std::vector<std::string>& arguments) {
  const Application* application = of_running_task();
  return application->identity_.group->start_child(application->name(), file, arguments);
}

// How a process was terminated is how it ended, whatever its threads did until they were stopped.
void Application::fail(std::string problem) {
  if (ended_) return;
  problem_ = std::move(problem);
  ended_ = true;
}

void Application::run() {
  const SystemEntry inside;
  LoadedProgram& program = load(file_, identity_.copy);
  if (program.main() == nullptr) {
    fail(identity_.place.empty() ? program.problem() : identity_.place + ": " + program.problem());
    return;
  }
  program.restore();
  std::vector<std::string> words = {file_};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  // argv belongs to the application, which may keep it after main returned.
  char** argv = static_cast<char**>(std::calloc(words.size() + 1, sizeof(char*)));
  for (std::size_t i = 0; i < words.size(); ++i) argv[i] = ::strdup(words[i].c_str());
  prepare_world(program, words);
  started_ = true;
  try {
    const int status = call_main(program, words, argv);
    if (!ended_) status_ = status;
  } catch (const std::exception& problem) {
    threw(problem.what());
  } catch (...) {
    threw("of unknown type");
  }
  ended_ = true;
}

void Application::threw(const char* what) {
  fail(fmt::format("application {} ended by an exception that nobody caught: {}", name(), what));
  kernel_->end_current_task();
}

// A free thread is inside of exit(), which must not be left but by its end.
void Application::exit_called(int status) {
  if (!ended_) status_ = status;
  ended_ = true;
  if (kernel_->runs_freely()) kernel_->stand_still();
  kernel_->end_current_task();
}

}  // namespace ringproof
