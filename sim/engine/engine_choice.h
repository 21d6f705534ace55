// engine_choice.h: the queue engines by name.
// Role     the one list of what --engine, scenario and failure files can ask for: ours, and those of
//          ringproof_add_engine, which are loaded when they are asked for
// Shapes   a path has a slash or ends in .so; other names are ours, or modules in engines/ beside the executable
// Errors   no such engine -> NoSuchEngine; a waveform that cannot be written, or is asked of an engine that has
//          none -> std::runtime_error when it is made
// Source   docs/design/queue-engine.md, docs/design/functional-port.md, docs/your-own-engine.md
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "model/nic/queue_engine.h"

namespace ringproof {

namespace nic {
struct LoadedEngine;
}

enum class EngineKind : std::uint8_t { kFunctional, kCycle, kRtl, kModule };
inline constexpr std::array<const char*, 3> kEngineNames = {"functional", "cycle", "rtl"};  // ours

inline const char* engine_name(EngineKind kind) { return kEngineNames[static_cast<std::size_t>(kind)]; }

// Makes an engine with a clock. `wave_path`: as in make_rtl_engine().
using EngineMaker =
    std::function<std::unique_ptr<nic::QueueEngine>(const std::string& wave_path, std::uint64_t seed)>;

// Reads as "expected THIS, got THAT".
class NoSuchEngine : public std::runtime_error {
 public:
  NoSuchEngine(std::string expected, std::string got)
      : std::runtime_error("expected " + expected + ", got " + got),
        expected_(std::move(expected)),
        got_(std::move(got)) {}
  const std::string& expected() const { return expected_; }
  const std::string& got() const { return got_; }

 private:
  std::string expected_;
  std::string got_;
};

class EngineChoice {
 public:
  // One of ours. REQUIRES: not kModule.
  EngineChoice(EngineKind kind = EngineKind::kFunctional)  // NOLINT(google-explicit-constructor)
      : kind_(kind), name_(engine_name(kind)) {}
  // `clocked`: not the one without a clock. Errors: NoSuchEngine.
  static EngineChoice find(const std::string& name, bool clocked = false);
  // What find() knows without a path.
  static std::vector<std::string> names(bool clocked = false);
  static bool is_path(const std::string& name) {
    return name.find('/') != std::string::npos || name.ends_with(".so");
  }

  EngineKind kind() const { return kind_; }
  bool has_clock() const { return kind_ != EngineKind::kFunctional; }
  // Of an engine that is not ours; empty: it is.
  std::string own_name() const { return kind_ == EngineKind::kModule ? name_ : std::string(); }
  // As find() takes it.
  const std::string& name() const { return name_; }
  // The file of a module; empty: one of ours.
  const std::string& file() const { return file_; }
  // What a waveform may end in; none: it has none.
  std::vector<std::string> wave_endings() const;
  // REQUIRES: it has a clock.
  EngineMaker maker() const;

  friend bool operator==(const EngineChoice& a, const EngineChoice& b) { return a.name_ == b.name_; }
  friend std::ostream& operator<<(std::ostream& out, const EngineChoice& choice) {
    return out << choice.name_;
  }

 private:
  void load(const std::string& file);

  EngineKind kind_;
  std::string name_;
  std::string file_;
  const nic::LoadedEngine* module_ = nullptr;
};

}  // namespace ringproof
