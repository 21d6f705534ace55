// application.h: a user's program, loaded from a shared object and run as tasks of the host kernel.
// Role     finds the file, loads it, calls its main, and notices every way in which it can end
// Threads  main and every thread it starts are tasks; exit() from any of them ends the application, and no
//          other
// Errors   a file that cannot be loaded or has no main: problem() tells in one line Source
//          docs/applications.md
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/app/loaded_program.h"
#include "sim/app/program.h"

namespace ringproof {

// What starts further processes for a program.
class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;
  // The number of the next process.
  virtual std::uint32_t next_process() const = 0;
  // Starts a program; the number of its first task. `file` as an application is named.
  virtual std::uint32_t start_child(const std::string& parent, const std::string& file,
                                    const std::vector<std::string>& arguments) = 0;
};

class Application final : public Program {
 public:
  // What tells it from others in the same run.
  struct Identity {
    std::string name{};         // in messages; empty: as the file was named
    std::string task_prefix{};  // before the names of its tasks
    std::string place{};        // where a file names it, if one does
    std::uint32_t process = 0;
    std::uint32_t copy = 0;  // how many programs of the run have the same file, and come before it
    ProcessGroup* group = nullptr;
    bool child = false;  // another program started it, and says what its status means
  };
  // `file`: a path (it has a slash, or ends in .so), or the name of an application that comes with Ringproof.
  Application(std::string file, std::vector<std::string> arguments, Identity identity);
  Application(std::string file, std::vector<std::string> arguments)
      : Application(std::move(file), std::move(arguments), Identity()) {}
  ~Application() override;
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  // Program
  void start(HostKernel& kernel) override;
  bool ended() const override { return ended_; }
  int status() const override { return status_; }
  const std::string& problem() const override { return problem_; }
  void threw(const char* what) override;

  const std::string& name() const { return identity_.name; }
  bool is_child() const { return identity_.child; }
  // REQUIRES: it was started.
  std::uint32_t main_task() const { return main_task_; }
  // 2 when it could not be loaded, 1 when it ran and failed.
  int problem_status() const { return started_ ? 1 : 2; }

  // The running task called exit(): ends its application, and does not return. Returns when it is no task of
  // any, or when its application is alone, and the C library may do all that it does at the end of a process.
  static void exit_among_others(int status);
  // The same, whether it is alone or not: no handlers of exit() run. Returns when it is no task of any.
  static void end_process(int status);
  // Another process of the same run ends with this status, wherever it is. False: it has ended already.
  static bool terminate(std::uint32_t process, int status);
  // The running task is of a program that is loaded, and that begins its next run with the same memory as
  // this one.
  static bool running_is_restored();
  // The running task's program starts another; see ProcessGroup. -1: there is no group.
  static int next_process();
  static std::uint32_t start_child(const std::string& file, const std::vector<std::string>& arguments);

 private:
  void run();
  void fail(std::string problem);
  [[noreturn]] void exit_called(int status);
  static Application* of_running_task();
  static void on_process_exit(int status, void*);
  static void register_handler();

  static std::vector<Application*> running_;
  static bool handler_registered_;

  std::string file_;
  std::vector<std::string> arguments_;
  Identity identity_;
  HostKernel* kernel_ = nullptr;
  std::uint32_t main_task_ = 0;
  bool started_ = false;
  bool ended_ = false;
  int status_ = 0;
  std::string problem_;
};

}  // namespace ringproof
