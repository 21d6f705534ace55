// applications.h: the programs of a run, each a process of its own.
// Role     one Program made of several: it has ended when all have; what one leaves is told of while others
//          go on
// Shapes   process numbers count from 0, in the order in which the programs are given and started
// Threads  simulation thread
// Errors   those of Application, for whichever has one first
// Source   docs/applications.md, "Several programs"
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/app/application.h"
#include "sim/app/process_state.h"
#include "sim/app/program.h"
#include "sim/app/program_spec.h"
#include "sim/replay/run_result.h"

namespace ringproof {

class Applications final : public Program, private ProcessGroup {
 public:
  // REQUIRES: each has a name.
  explicit Applications(const std::vector<ProgramSpec>& programs);

  // Program
  void start(HostKernel& kernel) override;
  bool ended() const override;
  // Of the first, in order, whose is not 0; those that another program started do not count.
  int status() const override;
  const std::string& problem() const override;
  void threw(const char* what) override;
  std::vector<std::uint32_t> take_ended() override;
  void closed(std::uint32_t process) override;

  // 2 when it could not be loaded, 1 when it ran and failed.
  int problem_status() const;
  // The one whose status() it is.
  const std::string& failed_name() const;
  // How each ended; empty for one alone, of which the run itself tells.
  std::vector<ProgramResult> results() const;

 private:
  // ProcessGroup
  std::uint32_t next_process() const override { return static_cast<std::uint32_t>(programs_.size()); }
  std::uint32_t start_child(const std::string& parent, const std::string& file,
                            const std::vector<std::string>& arguments) override;
  void add(const ProgramSpec& program, const std::string& task_prefix, bool child);
  const Application* with_problem() const;
  const Application* with_status() const;

  std::vector<std::unique_ptr<Application>> programs_;
  std::map<std::string, std::uint32_t> copies_;  // how many have this file
  std::vector<bool> told_;
  std::optional<ProcessState> found_;  // as they found it
  HostKernel* kernel_ = nullptr;
};

}  // namespace ringproof
