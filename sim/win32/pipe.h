// pipe.h: a pipe of two ends, as ReadFile and WriteFile see it.
// Role     what flows each way, and when who reads or writes has to wait
// Shapes   ends: 0 is the server's, 1 the client's; a flow is named by the end that reads it
// Units    bytes
// Threads  simulation thread; read, write, flush and wait_for_client block the calling task
// Errors   as Windows error numbers; 0: none
// Source   Windows: pipe functions, named pipe operations
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "model/xdp/handle_table.h"
#include "sim/app/world.h"

namespace ringproof {

class PipeRequest;

class Pipe {
 public:
  enum class State : std::uint8_t { kListening, kConnected, kDisconnected };
  struct Message {
    std::uint64_t number = 0;
    std::vector<std::uint8_t> bytes;  // as it was written, without what was read of it
  };
  struct Flow {
    std::deque<Message> messages;
    std::size_t bytes = 0;
    std::size_t room = 0;  // writers wait while there is more
    std::uint64_t written = 0;

    // Its number.
    std::uint64_t add(const void* message, std::size_t size);
    // What nobody has read of it.
    void take_back(std::uint64_t number);
  };

  Pipe(World& the_world, State the_state) : world(the_world), state(the_state) {}
  void tell_change() { world.kernel.notify(changed); }
  void wait() { world.kernel.wait(changed, kNever); }

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

  // `request`: that the running task works for; null: for itself. ERROR_MORE_DATA: the message is longer.
  DWORD read(const PipeRequest* request, void* buffer, DWORD room, DWORD* got);
  DWORD write(PipeRequest* request, const void* buffer, DWORD bytes, DWORD* put);
  // Until the other end has read everything.
  DWORD flush();
  // The same without taking it away; `left`: of the first message.
  DWORD peek(void* buffer, DWORD room, DWORD* got, DWORD* available, DWORD* left);
  // Ready for a client from now on, whom wait_for_client() waits for; nothing when that is to be done.
  // REQUIRES: is_server().
  std::optional<DWORD> listen();
  DWORD wait_for_client(const PipeRequest* request);
  DWORD disconnect();
  // A client's end to this server's; null when there is a client.
  std::shared_ptr<PipeEnd> open_client(Mode client_mode);

  void take_back(const PipeRequest& request);

  bool is_server() const { return side_ == 0; }
  bool listens() const { return pipe_->state == Pipe::State::kListening && pipe_->open[0]; }
  bool is_open() const { return pipe_->open[side_]; }
  const std::shared_ptr<Pipe>& pipe() const { return pipe_; }
  bool carries_messages() const { return messages_; }
  std::uint32_t process_of(std::size_t side) const { return pipe_->processes[side]; }
  void close() override;

  Mode mode;
  DWORD instances_max = 0;  // of all servers' ends of its name

 private:
  // These block: until it is the turn of the request, and until something has changed. Why there is nothing
  // to do any more.
  DWORD wait_for_turn(Pipe& pipe, const PipeRequest* request) const;
  DWORD wait_for_change(Pipe& pipe, const PipeRequest* request) const;
  DWORD stopped(const Pipe& pipe, const PipeRequest* request) const;
  DWORD trouble(const Pipe& pipe, DWORD when_other_closed) const;
  DWORD take(Pipe::Flow& flow, void* buffer, DWORD room, DWORD* got) const;
  std::shared_ptr<Pipe> pipe_of(const PipeRequest* request) const;

  std::shared_ptr<Pipe> pipe_;  // another one for each client
  const std::size_t side_;
  const bool messages_;
};

}  // namespace ringproof
