// decision_tape.h: a run's decisions as numbers, in memory that may outlive the run.
// Role     written by the recorder, decision by decision, so that a program that crashes leaves its schedule
//          behind
// Shapes   only answers that differ from what happens without exploration; plain data, all zero at first
// Threads  one writer; read when it is done, perhaps by another process
// Errors   what does not fit is not kept: `lost` says so; a reader trusts no number on it
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_log.h"

namespace ringproof {

struct DecisionTape {
  static constexpr std::uint32_t kEntriesMax = 1U << 20;
  static constexpr std::uint32_t kActorsMax = 1024;
  static constexpr std::size_t kNameBytesMax = 56;

  struct Entry {
    DecisionKind kind;
    ActorId at;
    std::uint32_t number;
    std::uint32_t pick;  // schedule: the actor; memory: the value
  };
  struct Name {
    ActorId actor;
    char text[kNameBytesMax];
  };

  std::atomic<std::uint32_t> entry_count;
  std::atomic<std::uint32_t> name_count;
  std::atomic<bool> lost;
  std::array<Entry, kEntriesMax> entries;
  std::array<Name, kActorsMax> names;

  void clear();
  void add(const Entry& entry);
  void add_name(ActorId actor, const char* name);
};

DecisionLog read_tape(const DecisionTape& tape);

}  // namespace ringproof
