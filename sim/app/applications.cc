#include "sim/app/applications.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>

#include "model/base/check.h"
#include "sim/app/world.h"
#include "sim/win32/state.h"

namespace ringproof {
namespace {

// Names that mean the same file. As for loading it, what a name means is asked once per process.
std::string file_of(const std::string& app) {
  static auto& files = *new std::map<std::string, std::string>;
  if (const auto found = files.find(app); found != files.end()) return found->second;
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::canonical(find_application(app), error);
  // One that is not there may come.
  return error ? app : files[app] = whole.string();
}

}  // namespace

Applications::Applications(const std::vector<ProgramSpec>& programs) {
  SIM_CHECK(!programs.empty(), "a run without a program");
  const bool several = programs.size() > 1;
  for (const ProgramSpec& program : programs) add(program, several ? program.name + " " : "", false);
}

void Applications::add(const ProgramSpec& program, const std::string& task_prefix, bool child) {
  Application::Identity identity;
  identity.name = program.name;
  identity.task_prefix = task_prefix;
  identity.place = program.place;
  identity.process = next_process();
  identity.copy = copies_[file_of(program.app)]++;
  identity.group = this;
  identity.child = child;
  programs_.push_back(std::make_unique<Application>(program.app, program.arguments, identity));
  told_.push_back(false);
}

std::uint32_t Applications::start_child(const std::string& parent, const std::string& file,
                                        const std::vector<std::string>& arguments) {
  const std::string stem = std::filesystem::path(parent).stem().string();
  const std::string name = stem + " child " + std::to_string(next_process());
  add({file, arguments, name}, name + " ", true);
  programs_.back()->start(*kernel_);
  return programs_.back()->main_task();
}

void Applications::start(HostKernel& kernel) {
  kernel_ = &kernel;
  found_.emplace();
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
    if (program->status() != 0 && !program->is_child()) return program.get();
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

void Applications::closed(std::uint32_t process) {
  if (current_world != nullptr) current_world->win32->process_ended(process, programs_[process]->status());
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
