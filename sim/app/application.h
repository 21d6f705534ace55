// application.h: a user's program, loaded from a shared object and run as tasks of the host kernel.
// Role     finds the file, loads it, calls its main, and notices every way in which it can end
// Threads  main and every thread it starts are tasks; exit() from any of them ends the application
// Errors   a file that cannot be loaded or has no main: problem() tells in one line
// Source   docs/applications.md
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/app/loaded_program.h"
#include "sim/app/program.h"

namespace ringproof {

class Application final : public Program {
 public:
  // `name`: a path (it has a slash, or ends in .so), or the name of an application that comes with Ringproof.
  Application(std::string name, std::vector<std::string> arguments);
  ~Application() override;
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  // Program
  void start(HostKernel& kernel) override;
  bool ended() const override { return ended_; }
  int status() const override { return status_; }
  const std::string& problem() const override { return problem_; }
  void threw(const char* what) override;

  // 2 when it could not be loaded, 1 when it ran and failed.
  int problem_status() const { return started_ ? 1 : 2; }

  // exit() was called by the running task; does not return when that is a task of the application.
  void exit_called(int status);

 private:
  void run();
  void fail(std::string problem);

  std::string name_;
  std::vector<std::string> arguments_;
  HostKernel* kernel_ = nullptr;
  bool started_ = false;
  bool ended_ = false;
  int status_ = 0;
  std::string problem_;
};

}  // namespace ringproof
