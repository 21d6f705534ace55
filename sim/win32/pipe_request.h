// pipe_request.h: overlapped operations on pipes that are under way.
// Role     joins what a thread of the system does at the end of a pipe to the OVERLAPPED, the event and the
//          port that hear of it
// Shapes   operations of one kind at one end have their turns in the order in which they were made
// Threads  simulation thread
// Errors   an OVERLAPPED that cannot be written any more hears nothing; nor does anything of a process that
//          has ended
// Source   Windows: overlapped I/O, pipe functions
#pragma once

#include <ringproof/app.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/app/waitable.h"

namespace ringproof {

class Pipe;
class PipeEnd;

class PipeRequest {
 public:
  enum class Kind : std::uint8_t { kConnect, kRead, kWrite };
  struct Where {
    std::shared_ptr<PipeEnd> end;
    Kind kind = Kind::kRead;
    HANDLE handle = nullptr;  // that it was asked for through
  };
  // Of the running task. `event`: set at the end; null: none.
  PipeRequest(World& world, Where where, OVERLAPPED* overlapped, std::shared_ptr<Event> event);

  // Tells everybody who waits for it; only the first end counts.
  void finish(DWORD error, DWORD bytes);
  // Ends it now; what it wrote and nobody has read is gone.
  void cancel();
  bool over() const { return over_; }
  bool has_turn() const;
  // One behind the other: what is begun for the next client waits for nothing of the former.
  bool same_kind(const PipeRequest& other) const {
    return pipe_ == other.pipe_ && where_.end == other.where_.end && where_.kind == other.where_.kind;
  }

  const Where& where() const { return where_; }
  const OVERLAPPED* overlapped() const { return overlapped_; }
  // What the end was the end of when it was made.
  const std::shared_ptr<Pipe>& pipe() const { return pipe_; }

  const int maker;
  const std::uint32_t process;
  std::uint64_t message = 0;  // that it wrote; 0: none yet

 private:
  void tell(DWORD error, DWORD bytes);

  World& world_;
  const Where where_;
  const std::shared_ptr<Pipe> pipe_;
  OVERLAPPED* const overlapped_;
  const bool wants_packet_;
  const std::shared_ptr<Event> event_;
  bool over_ = false;
};

// The reason that an operation gives, as the OVERLAPPED keeps it.
ULONG_PTR pipe_status_of(DWORD error);

// Those of one world, in the order in which they were made.
class PipeRequests {
 public:
  void add(std::shared_ptr<PipeRequest> request) { requests_.push_back(std::move(request)); }
  void remove(const PipeRequest& request);
  bool has_turn(const PipeRequest& request) const;
  // What is under way at the end for this OVERLAPPED (null: any), made by this task (-1: any). False:
  // nothing.
  bool cancel(const PipeEnd& end, const OVERLAPPED* overlapped, int maker);
  // A thread takes along what it has under way, except where a port collects it.
  void task_ended(World& world, int task);
  void process_ended(std::uint32_t process);

 private:
  template <typename Meant>
  std::vector<std::shared_ptr<PipeRequest>> those(Meant meant) const;

  std::vector<std::shared_ptr<PipeRequest>> requests_;
};

}  // namespace ringproof
