#include "sim/win32/pipe.h"

#include <ringproof/win32/errors.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "sim/win32/pipe_request.h"

namespace ringproof {

std::uint64_t Pipe::Flow::add(const void* message, std::size_t size) {
  const auto* first = static_cast<const std::uint8_t*>(message);
  messages.push_back({++written, {first, first + size}});
  bytes += size;
  return written;
}

void Pipe::Flow::take_back(std::uint64_t number) {
  const auto found = std::find_if(messages.begin(), messages.end(),
                                  [number](const Message& message) { return message.number == number; });
  if (found == messages.end()) return;
  bytes -= found->bytes.size();
  messages.erase(found);
}

PipeEnd::PipeEnd(std::shared_ptr<Pipe> pipe, std::size_t side, Mode the_mode, bool messages)
    : mode(the_mode), pipe_(std::move(pipe)), side_(side), messages_(messages) {
  pipe_->open[side_] = true;
  pipe_->processes[side_] = pipe_->world.kernel.current_process();
}

std::shared_ptr<Pipe> PipeEnd::pipe_of(const PipeRequest* request) const {
  return request == nullptr ? pipe_ : request->pipe();
}

DWORD PipeEnd::stopped(const Pipe& pipe, const PipeRequest* request) const {
  const bool over = request != nullptr && request->over();
  return over || !pipe.open[side_] ? ERROR_OPERATION_ABORTED : 0;
}

DWORD PipeEnd::wait_for_change(Pipe& pipe, const PipeRequest* request) const {
  pipe.wait();
  return stopped(pipe, request);
}

DWORD PipeEnd::wait_for_turn(Pipe& pipe, const PipeRequest* request) const {
  DWORD error = stopped(pipe, request);
  while (error == 0 && request != nullptr && !request->has_turn()) error = wait_for_change(pipe, request);
  return error;
}

// Why there is nothing to wait for.
DWORD PipeEnd::trouble(const Pipe& pipe, DWORD when_other_closed) const {
  if (pipe.state == Pipe::State::kListening) return ERROR_PIPE_LISTENING;
  if (pipe.state == Pipe::State::kDisconnected) return ERROR_PIPE_NOT_CONNECTED;
  return pipe.open[1 - side_] ? 0 : when_other_closed;
}

DWORD PipeEnd::read(const PipeRequest* request, void* buffer, DWORD room, DWORD* got) {
  *got = 0;
  if (!mode.reads) return ERROR_ACCESS_DENIED;
  const std::shared_ptr<Pipe> pipe = pipe_of(request);
  Pipe::Flow& flow = pipe->flows[side_];
  DWORD error = wait_for_turn(*pipe, request);
  while (error == 0 && flow.messages.empty()) {
    error = trouble(*pipe, ERROR_BROKEN_PIPE);
    if (error == 0 && !mode.waits) error = ERROR_NO_DATA;
    if (error == 0) error = wait_for_change(*pipe, request);
  }
  if (error != 0) return error;
  error = take(flow, buffer, room, got);
  pipe->tell_change();
  return error;
}

DWORD PipeEnd::take(Pipe::Flow& flow, void* buffer, DWORD room, DWORD* got) const {
  do {
    std::vector<std::uint8_t>& bytes = flow.messages.front().bytes;
    const std::size_t part = std::min<std::size_t>(bytes.size(), room - *got);
    if (part > 0) std::memcpy(static_cast<std::uint8_t*>(buffer) + *got, bytes.data(), part);
    *got += static_cast<DWORD>(part);
    flow.bytes -= part;
    if (part == bytes.size()) {
      flow.messages.pop_front();
    } else {
      bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
      if (mode.by_messages) return ERROR_MORE_DATA;
    }
  } while (!mode.by_messages && *got < room && !flow.messages.empty());
  return 0;
}

DWORD PipeEnd::write(PipeRequest* request, const void* buffer, DWORD bytes, DWORD* put) {
  *put = 0;
  if (!mode.writes) return ERROR_ACCESS_DENIED;
  const std::shared_ptr<Pipe> pipe = pipe_of(request);
  Pipe::Flow& flow = pipe->flows[1 - side_];
  DWORD error = wait_for_turn(*pipe, request);
  if (error == 0) error = trouble(*pipe, ERROR_NO_DATA);
  if (error != 0) return error;
  if (bytes == 0 && !messages_) return 0;
  if (!mode.waits && flow.bytes + bytes > flow.room) return 0;
  const std::uint64_t number = flow.add(buffer, bytes);
  if (request != nullptr) request->message = number;
  pipe->tell_change();
  while (mode.waits && flow.bytes > flow.room) {
    error = trouble(*pipe, ERROR_NO_DATA);
    if (error == 0) error = wait_for_change(*pipe, request);
    if (error == 0) error = trouble(*pipe, 0);  // the room may come from a disconnection
    if (error != 0) return error;
  }
  *put = bytes;
  return 0;
}

DWORD PipeEnd::flush() {
  const std::shared_ptr<Pipe> pipe = pipe_;
  while (!pipe->flows[1 - side_].messages.empty()) {
    DWORD error = trouble(*pipe, ERROR_BROKEN_PIPE);
    if (error == 0) error = wait_for_change(*pipe, nullptr);
    if (error != 0) return error;
  }
  return 0;
}

DWORD PipeEnd::peek(void* buffer, DWORD room, DWORD* got, DWORD* available, DWORD* left) {
  *got = 0;
  *left = 0;
  const Pipe::Flow& flow = pipe_->flows[side_];
  *available = static_cast<DWORD>(flow.bytes);
  if (!mode.reads) return ERROR_ACCESS_DENIED;
  if (flow.messages.empty()) return trouble(*pipe_, ERROR_BROKEN_PIPE);
  for (const auto& [number, bytes] : flow.messages) {
    const std::size_t part = std::min<std::size_t>(bytes.size(), room - *got);
    if (part > 0) std::memcpy(static_cast<std::uint8_t*>(buffer) + *got, bytes.data(), part);
    *got += static_cast<DWORD>(part);
    if (!mode.by_messages) continue;
    *left = static_cast<DWORD>(bytes.size() - part);
    break;
  }
  return 0;
}

std::optional<DWORD> PipeEnd::listen() {
  if (pipe_->state == Pipe::State::kConnected) {
    return pipe_->open[1] ? ERROR_PIPE_CONNECTED : ERROR_NO_DATA;
  }
  const bool again = pipe_->state == Pipe::State::kDisconnected;
  if (again) {  // the former client has nothing to do with the next
    const auto next = std::make_shared<Pipe>(pipe_->world, Pipe::State::kListening);
    for (std::size_t i = 0; i < next->flows.size(); ++i) next->flows[i].room = pipe_->flows[i].room;
    next->processes = pipe_->processes;
    pipe_ = next;
  }
  pipe_->world.kernel.notify(pipe_->world.signalled);  // who waits for the name
  if (mode.waits) return std::nullopt;
  return again ? 0 : ERROR_PIPE_LISTENING;
}

DWORD PipeEnd::wait_for_client(const PipeRequest* request) {
  const std::shared_ptr<Pipe> pipe = pipe_of(request);
  DWORD error = stopped(*pipe, request);
  while (error == 0 && pipe->state == Pipe::State::kListening) error = wait_for_change(*pipe, request);
  return error;
}

DWORD PipeEnd::disconnect() {
  if (pipe_->state == Pipe::State::kListening) return ERROR_PIPE_LISTENING;
  if (pipe_->state == Pipe::State::kDisconnected) return ERROR_PIPE_NOT_CONNECTED;
  pipe_->state = Pipe::State::kDisconnected;
  for (Pipe::Flow& flow : pipe_->flows) {
    flow.messages.clear();
    flow.bytes = 0;
  }
  pipe_->tell_change();
  return 0;
}

std::shared_ptr<PipeEnd> PipeEnd::open_client(Mode client_mode) {
  if (!listens()) return nullptr;
  auto client = std::make_shared<PipeEnd>(pipe_, 1, client_mode, messages_);
  pipe_->state = Pipe::State::kConnected;
  pipe_->tell_change();
  return client;
}

void PipeEnd::take_back(const PipeRequest& request) {
  request.pipe()->flows[1 - side_].take_back(request.message);
}

void PipeEnd::close() {
  pipe_->open[side_] = false;
  pipe_->tell_change();
}

}  // namespace ringproof
