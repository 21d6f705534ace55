// applications.h: the programs of a run, each a process of its own.
// Role     one Program made of several: it has ended when all have; what one leaves is told of while others
// go on Shapes   process numbers count from 0, in the order in which the programs are given and started
// Threads  simulation thread
// Errors   those of Application, for whichever has one first
// Source   docs/applications.md, "Several programs"
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/app/application.h"
#include "sim/app/program.h"
#include "sim/app/program_spec.h"
#include "sim/replay/run_result.h"

namespace ringproof {

class Applications final : public Program {
 public:
  // REQUIRES: each has a name.
  explicit Applications(const std::vector<ProgramSpec>& programs);

  // Program
  void start(HostKernel& kernel) override;
  bool ended() const override;
  // Of the first, in order, whose is not 0.
  int status() const override;
  const std::string& problem() const override;
  void threw(const char* what) override;
  std::vector<std::uint32_t> take_ended() override;

  // 2 when it could not be loaded, 1 when it ran and failed.
  int problem_status() const;
  // The one whose status() it is.
  const std::string& failed_name() const;
  // How each ended; empty for one alone, of which the run itself tells.
  std::vector<ProgramResult> results() const;

 private:
  const Application* with_problem() const;
  const Application* with_status() const;

  std::vector<std::unique_ptr<Application>> programs_;
  std::vector<bool> told_;
  HostKernel* kernel_ = nullptr;
};

}  // namespace ringproof
