#include "sim/engine/engine_choice.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include "model/nic/engine_module.h"
#include "sim/app/bundled_objects.h"

namespace ringproof {
namespace {

constexpr const char* kModule = "an engine of ringproof_add_engine";

std::unique_ptr<nic::QueueEngine> make_cycle_engine(const std::string& wave_path, std::uint64_t /*seed*/) {
  if (!wave_path.empty()) {
    throw std::runtime_error("the cycle engine has no waveform: that of rtl shows the same");
  }
  return nic::make_cycle_engine();
}

}  // namespace

EngineChoice EngineChoice::find(const std::string& name, bool clocked) {
  for (const EngineKind kind : {EngineKind::kFunctional, EngineKind::kCycle, EngineKind::kRtl}) {
    if (name == engine_name(kind) && (kind != EngineKind::kFunctional || !clocked)) return kind;
  }
  EngineChoice choice;
  choice.kind_ = EngineKind::kModule;
  choice.name_ = name;
  if (is_path(name)) {
    choice.load(name.find('/') != std::string::npos ? name : "./" + name);
    return choice;
  }
  const std::string file = find_bundled("engines", name);
  if (file.empty()) {
    const std::vector<std::string> known = names(clocked);
    throw NoSuchEngine(fmt::format("{}, or the path of a shared object", fmt::join(known, ", ")),
                       fmt::format("\"{}\"", name));
  }
  choice.load(file);
  return choice;
}

std::vector<std::string> EngineChoice::names(bool clocked) {
  std::vector<std::string> all(kEngineNames.begin() + (clocked ? 1 : 0), kEngineNames.end());
  for (const std::string& name : names_of_bundled("engines")) all.push_back(name);
  return all;
}

void EngineChoice::load(const std::string& file) {
  if (access(file.c_str(), R_OK) != 0) {
    throw NoSuchEngine("a shared object that can be read", file);
  }
  // It stays: engines may be made of it at any time.
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw NoSuchEngine(kModule, dlerror());
  }
  module_ = static_cast<const nic::LoadedEngine*>(dlsym(library, nic::kEngineModuleSymbol));
  if (module_ == nullptr) {
    throw NoSuchEngine(kModule, fmt::format("{} without {}", file, nic::kEngineModuleSymbol));
  }
  if (module_->port != nic::kEnginePort) {
    throw NoSuchEngine("an engine built with this version", file);
  }
  file_ = file;
}

std::vector<std::string> EngineChoice::wave_endings() const {
  if (kind_ == EngineKind::kRtl) return {".fst", ".vcd"};
  if (kind_ == EngineKind::kModule) return {".fst"};
  return {};
}

EngineMaker EngineChoice::maker() const {
  if (kind_ == EngineKind::kRtl) return nic::make_rtl_engine;
  if (kind_ == EngineKind::kCycle) return make_cycle_engine;
  return [module = module_](const std::string& wave_path, std::uint64_t seed) {
    return std::unique_ptr<nic::QueueEngine>(module->make(wave_path, seed));
  };
}

}  // namespace ringproof
