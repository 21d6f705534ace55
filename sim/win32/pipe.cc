#include "sim/win32/pipe.h"

#include <ringproof/win32/errors.h>

#include <algorithm>
#include <cstring>

namespace ringproof {

PipeEnd::PipeEnd(std::shared_ptr<Pipe> pipe, std::size_t side, Mode the_mode, bool messages)
    : mode(the_mode), pipe_(std::move(pipe)), side_(side), messages_(messages) {
  pipe_->open[side_] = true;
  pipe_->processes[side_] = pipe_->world.kernel.current_process();
}

// Why there is nothing to wait for.
DWORD PipeEnd::trouble(DWORD when_other_closed) const {
  if (!pipe_->open[side_] || is_cancelled()) return ERROR_OPERATION_ABORTED;
  if (pipe_->state == Pipe::State::kListening) return ERROR_PIPE_LISTENING;
  if (pipe_->state == Pipe::State::kDisconnected) return ERROR_PIPE_NOT_CONNECTED;
  return pipe_->open[1 - side_] ? 0 : when_other_closed;
}

DWORD PipeEnd::read(void* buffer, DWORD room, DWORD* got) {
  *got = 0;
  if (!mode.reads) return ERROR_ACCESS_DENIED;
  Pipe::Flow& flow = incoming();
  while (flow.messages.empty()) {
    if (const DWORD error = trouble(ERROR_BROKEN_PIPE)) return error;
    if (!mode.waits) return ERROR_NO_DATA;
    wait();
  }
  DWORD error = 0;
  do {
    std::vector<std::uint8_t>& message = flow.messages.front();
    const std::size_t part = std::min<std::size_t>(message.size(), room - *got);
    if (part > 0) std::memcpy(static_cast<std::uint8_t*>(buffer) + *got, message.data(), part);
    *got += static_cast<DWORD>(part);
    flow.bytes -= part;
    if (part == message.size()) {
      flow.messages.pop_front();
    } else {
      message.erase(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(part));
      if (mode.by_messages) error = ERROR_MORE_DATA;
    }
  } while (!mode.by_messages && *got < room && !flow.messages.empty());
  pipe_->tell_change();
  return error;
}

DWORD PipeEnd::write(const void* buffer, DWORD bytes, DWORD* put) {
  *put = 0;
  if (!mode.writes) return ERROR_ACCESS_DENIED;
  if (const DWORD error = trouble(ERROR_NO_DATA)) return error;
  Pipe::Flow& flow = outgoing();
  if (bytes == 0 && !messages_) return 0;
  if (!mode.waits && flow.bytes + bytes > flow.room) return 0;
  const auto* first = static_cast<const std::uint8_t*>(buffer);
  flow.messages.emplace_back(first, first + bytes);
  flow.bytes += bytes;
  pipe_->tell_change();
  while (mode.waits && flow.bytes > flow.room) {
    if (const DWORD error = trouble(ERROR_NO_DATA)) return error;
    wait();
  }
  *put = bytes;
  return 0;
}

DWORD PipeEnd::flush() {
  while (!outgoing().messages.empty()) {
    if (const DWORD error = trouble(ERROR_BROKEN_PIPE)) return error;
    wait();
  }
  return 0;
}

DWORD PipeEnd::peek(void* buffer, DWORD room, DWORD* got, DWORD* available, DWORD* left) {
  *got = 0;
  *left = 0;
  const Pipe::Flow& flow = incoming();
  *available = static_cast<DWORD>(flow.bytes);
  if (!mode.reads) return ERROR_ACCESS_DENIED;
  if (flow.messages.empty()) return trouble(ERROR_BROKEN_PIPE);
  for (const std::vector<std::uint8_t>& message : flow.messages) {
    const std::size_t part = std::min<std::size_t>(message.size(), room - *got);
    if (part > 0) std::memcpy(static_cast<std::uint8_t*>(buffer) + *got, message.data(), part);
    *got += static_cast<DWORD>(part);
    if (!mode.by_messages) continue;
    *left = static_cast<DWORD>(message.size() - part);
    break;
  }
  return 0;
}

DWORD PipeEnd::connect() {
  if (pipe_->state == Pipe::State::kConnected) {
    return pipe_->open[1] ? ERROR_PIPE_CONNECTED : ERROR_NO_DATA;
  }
  if (pipe_->state == Pipe::State::kDisconnected) {  // the former client has nothing to do with the next
    const auto next = std::make_shared<Pipe>(pipe_->world, Pipe::State::kListening);
    for (std::size_t i = 0; i < next->flows.size(); ++i) next->flows[i].room = pipe_->flows[i].room;
    next->processes = pipe_->processes;
    pipe_ = next;
  }
  pipe_->world.kernel.notify(pipe_->world.signalled);  // who waits for the name
  if (!mode.waits) return ERROR_PIPE_LISTENING;
  while (pipe_->state != Pipe::State::kConnected) {
    if (!pipe_->open[0] || is_cancelled()) return ERROR_OPERATION_ABORTED;
    wait();
  }
  return 0;
}

DWORD PipeEnd::disconnect() {
  if (pipe_->state == Pipe::State::kListening) return ERROR_PIPE_LISTENING;
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

bool PipeEnd::is_cancelled() const {
  const auto found = requests_.find(pipe_->world.kernel.current_task());
  return found != requests_.end() && found->second.cancelled;
}

bool PipeEnd::cancel(const OVERLAPPED* overlapped, bool own_only) {
  const int own = pipe_->world.kernel.current_task();
  bool any = false;
  for (auto& [worker, request] : requests_) {
    const bool named = overlapped == nullptr || overlapped == request.overlapped;
    if (!named || (own_only && request.maker != own)) continue;
    request.cancelled = true;
    any = true;
  }
  pipe_->tell_change();
  return any;
}

void PipeEnd::close() {
  pipe_->open[side_] = false;
  pipe_->tell_change();
}

}  // namespace ringproof
