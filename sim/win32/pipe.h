// pipe.h: a pipe of two ends, as ReadFile and WriteFile see it.
// Role     what flows each way, and when who reads or writes has to wait
// Shapes   ends: 0 is the server's, 1 the client's; a flow is named by the end that reads it
// Units    bytes
// Threads  simulation thread; read, write and connect block the calling task
// Errors   as Windows error numbers; 0: none
// Source   Windows: pipe functions, named pipe operations
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "model/xdp/handle_table.h"
#include "sim/app/world.h"

namespace ringproof {

class Pipe {
 public:
  enum class State : std::uint8_t { kListening, kConnected, kDisconnected };
  struct Flow {
    std::deque<std::vector<std::uint8_t>> messages;  // each as it was written, without what was read of it
    std::size_t bytes = 0;
    std::size_t room = 0;  // writers wait while there is more
  };

  Pipe(World& the_world, State the_state) : world(the_world), state(the_state) {}
  void tell_change() { world.kernel.notify(changed); }

  World& world;
  State state;
  std::array<Flow, 2> flows;
  std::array<bool, 2> open = {true, false};
  std::array<std::uint32_t, 2> processes{};  // who opened each end
  Signal changed;
};

class PipeEnd final : public xdp::KernelObject {
 public:
  // How it was opened, and what may be changed.
  struct Mode {
    bool reads = true;
    bool writes = true;
    bool by_messages = false;  // a read takes one message
    bool waits = true;
    bool overlapped = false;
  };
  // REQUIRES: made by a task of the process that has it.
  PipeEnd(std::shared_ptr<Pipe> pipe, std::size_t side, Mode the_mode, bool messages);

  // ERROR_MORE_DATA: the message is longer.
  DWORD read(void* buffer, DWORD room, DWORD* got);
  DWORD write(const void* buffer, DWORD bytes, DWORD* put);
  // Until the other end has read everything.
  DWORD flush();
  // The same without taking it away; `left`: of the first message.
  DWORD peek(void* buffer, DWORD room, DWORD* got, DWORD* available, DWORD* left);
  // REQUIRES: is_server().
  DWORD connect();
  DWORD disconnect();
  // A client's end to this server's; null when there is a client.
  std::shared_ptr<PipeEnd> open_client(Mode client_mode);

  // A task does for another what `overlapped` names, from now until end_request().
  void begin_request(const OVERLAPPED* overlapped, int maker, int worker) {
    requests_[worker] = {overlapped, maker, false};
  }
  void end_request(int worker) { requests_.erase(worker); }
  // What is under way for this OVERLAPPED (null: any) ends; of the running task alone, if so asked. False:
  // there is nothing.
  bool cancel(const OVERLAPPED* overlapped, bool own_only);

  bool is_server() const { return side_ == 0; }
  bool listens() const { return pipe_->state == Pipe::State::kListening && pipe_->open[0]; }
  bool is_open() const { return pipe_->open[side_]; }
  bool carries_messages() const { return messages_; }
  std::uint32_t process_of(std::size_t side) const { return pipe_->processes[side]; }
  void close() override;

  Mode mode;

 private:
  struct Request {
    const OVERLAPPED* overlapped = nullptr;
    int maker = -1;
    bool cancelled = false;
  };
  bool is_cancelled() const;
  Pipe::Flow& incoming() { return pipe_->flows[side_]; }
  Pipe::Flow& outgoing() { return pipe_->flows[1 - side_]; }
  DWORD trouble(DWORD when_other_closed) const;
  void wait() { pipe_->world.kernel.wait(pipe_->changed, kNever); }

  std::shared_ptr<Pipe> pipe_;
  const std::size_t side_;
  std::map<int, Request> requests_;  // by the task that does them
  const bool messages_;
};

}  // namespace ringproof
