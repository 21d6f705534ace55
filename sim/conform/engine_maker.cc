#include "sim/conform/engine_maker.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/nic/engine_module.h"
#include "sim/app/bundled_objects.h"

namespace ringproof::conform {
namespace {

std::unique_ptr<nic::QueueEngine> make_cycle_engine(const std::string& wave_path, std::uint64_t /*x_seed*/) {
  if (!wave_path.empty())
    throw std::runtime_error("the cycle engine has no waveform: that of rtl shows the same");
  return nic::make_cycle_engine();
}

constexpr struct {
  std::string_view name;
  std::unique_ptr<nic::QueueEngine> (*make)(const std::string& wave_path, std::uint64_t x_seed);
} kEngines[] = {{"rtl", nic::make_rtl_engine}, {"cycle", make_cycle_engine}};

EngineMaker load(const std::string& path) {
  if (access(path.c_str(), R_OK) != 0) {
    throw std::runtime_error(fmt::format("expected a shared object that can be read, got {}", path));
  }
  // It stays: engines may be made of it at any time.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw std::runtime_error(fmt::format("expected an engine of ringproof_add_engine, got {}", dlerror()));
  }
  const auto* module = static_cast<const nic::LoadedEngine*>(dlsym(library, nic::kEngineModuleSymbol));
  if (module == nullptr) {
    throw std::runtime_error(fmt::format("expected an engine of ringproof_add_engine, got {} without {}",
                                         path, nic::kEngineModuleSymbol));
  }
  if (module->port != nic::kEnginePort) {
    throw std::runtime_error(fmt::format("expected an engine built with this version, got {}", path));
  }
  return [module](const std::string& wave_path, std::uint64_t x_seed) {
    return std::unique_ptr<nic::QueueEngine>(module->make(wave_path, x_seed));
  };
}

}  // namespace

EngineMaker find_engine(const std::string& name) {
  const std::string_view word = name;
  for (const auto& engine : kEngines) {
    if (word == engine.name) return engine.make;
  }
  if (word.find('/') != std::string_view::npos) return load(name);
  if (word.ends_with(".so")) return load("./" + name);
  if (const std::string path = find_bundled("engines", name); !path.empty()) return load(path);
  throw std::runtime_error(fmt::format("expected {}, or the path of a shared object, got \"{}\"",
                                       fmt::join(engine_names(), ", "), name));
}

std::vector<std::string> engine_names() {
  const std::set<std::string> names = names_of_bundled("engines");
  std::vector<std::string> all;
  for (const auto& engine : kEngines) all.emplace_back(engine.name);
  all.insert(all.end(), names.begin(), names.end());
  return all;
}

}  // namespace ringproof::conform
