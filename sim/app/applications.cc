#include "sim/app/applications.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "model/base/check.h"

namespace ringproof {
namespace {

// Names that mean the same file.
std::string file_of(const std::string& app) {
  const std::string path = find_application(app);
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::canonical(path, error);
  return error ? app : whole.string();
}

}  // namespace

Applications::Applications(const std::vector<ProgramSpec>& programs) {
  SIM_CHECK(!programs.empty(), "a run without a program");
  std::map<std::string, std::uint32_t> copies;
  for (const ProgramSpec& program : programs) {
    Application::Identity identity;
    identity.name = program.name;
    identity.process = static_cast<std::uint32_t>(programs_.size());
    if (programs.size() > 1) identity.task_prefix = program.name + " ";
    identity.copy = copies[file_of(program.app)]++;
    programs_.push_back(std::make_unique<Application>(program.app, program.arguments, identity));
  }
  told_.resize(programs_.size());
}

void Applications::start(HostKernel& kernel) {
  kernel_ = &kernel;
  for (const auto& program : programs_) program->start(kernel);
}

// One that cannot go on ends the run.
bool Applications::ended() const {
  return with_problem() != nullptr || std::all_of(programs_.begin(), programs_.end(),
                                                  [](const auto& program) { return program->ended(); });
}

const Application* Applications::with_problem() const {
  for (const auto& program : programs_) {
    if (!program->problem().empty()) return program.get();
  }
  return nullptr;
}

const Application* Applications::with_status() const {
  for (const auto& program : programs_) {
    if (program->status() != 0) return program.get();
  }
  return nullptr;
}

int Applications::status() const {
  const Application* program = with_status();
  return program == nullptr ? 0 : program->status();
}

const std::string& Applications::problem() const {
  const Application* program = with_problem();
  return program == nullptr ? programs_.front()->problem() : program->problem();
}

int Applications::problem_status() const {
  const Application* program = with_problem();
  return program == nullptr ? 0 : program->problem_status();
}

const std::string& Applications::failed_name() const {
  const Application* program = with_status();
  return program == nullptr ? programs_.front()->name() : program->name();
}

void Applications::threw(const char* what) { programs_[kernel_->current_process()]->threw(what); }

std::vector<std::uint32_t> Applications::take_ended() {
  std::vector<std::uint32_t> ended;
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    if (told_[i] || !programs_[i]->ended()) continue;
    told_[i] = true;
    ended.push_back(static_cast<std::uint32_t>(i));
  }
  return ended;
}

std::vector<ProgramResult> Applications::results() const {
  std::vector<ProgramResult> results;
  if (programs_.size() == 1) return results;
  for (const auto& program : programs_) {
    results.push_back({program->name(), program->ended(), program->status()});
  }
  return results;
}

}  // namespace ringproof
