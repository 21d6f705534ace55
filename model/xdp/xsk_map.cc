#include "model/xdp/xsk_map.h"

#include <utility>

#include "model/xdp/socket.h"
#include "model/xdp/user_memory.h"

namespace ringproof::xdp {
namespace {

template <typename Value>
Status read_argument(const void* from, Value* value) {
  const bool read = argument_aligned(from) && copy_from_user(value, from, sizeof *value);
  return read ? Status::kOk : Status::kNoAccess;
}

Status read_key(const void* from, std::uint32_t* key) {
  const Status read = read_argument(from, key);
  if (failed(read)) return read;
  return *key < kXskMapEntries ? Status::kOk : Status::kBadParameter;
}

}  // namespace

MapLock::Readers::Readers(MapLock& lock) : lock_(lock) {
  lock_.host_.lock_wanted(kName);
  ++lock_.readers_;
  lock_.host_.lock_taken(kName);
}

MapLock::Readers::~Readers() {
  --lock_.readers_;
  lock_.host_.lock_left(kName);
  if (lock_.readers_ == 0) lock_.host_.notify(lock_.left_);
}

void MapLock::wait_for_readers() {
  host_.lock_wanted(kName);
  while (readers_ > 0) host_.wait(left_, kNever);
}

Status XskMap::insert(std::uint32_t key, std::shared_ptr<Socket> socket) {
  return set(key, std::move(socket));
}

Status XskMap::remove(std::uint32_t key) { return set(key, nullptr); }

Status XskMap::set(std::uint32_t key, std::shared_ptr<Socket> socket) {
  if (key >= kXskMapEntries) return Status::kBadParameter;
  lock_.wait_for_readers();
  const std::uint64_t number = socket == nullptr ? 0 : socket->number();
  // What it held before may end with it, which has to find the map as it is from now on.
  const std::shared_ptr<Socket> before = std::exchange(sockets_[key], std::move(socket));
  taps_.tell(&Tap::map_changed, number_, key, number);
  return Status::kOk;
}

const std::shared_ptr<Socket>& XskMap::find(std::uint32_t key) const {
  static const std::shared_ptr<Socket> none;
  return key < kXskMapEntries ? sockets_[key] : none;
}

Status insert_into(XskMap& map, const void* key, const void* value, const SocketLookup& find_socket) {
  std::uint32_t number = 0;
  if (const Status read = read_key(key, &number); failed(read)) return read;
  HANDLE handle = nullptr;
  if (const Status read = read_argument(value, &handle); failed(read)) return read;
  std::shared_ptr<Socket> socket;
  if (const Status found = find_socket(handle, &socket); failed(found)) return found;
  return map.insert(number, std::move(socket));
}

Status remove_from(XskMap& map, const void* key) {
  std::uint32_t number = 0;
  if (const Status read = read_key(key, &number); failed(read)) return read;
  return map.remove(number);
}

}  // namespace ringproof::xdp
