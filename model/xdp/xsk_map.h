// xsk_map.h: sockets by queue id, for rules that redirect through them.
// Role     what a program looks sockets up in while frames flow; whoever has the handle may change it
// Shapes   kXskMapEntries entries; an entry holds its socket alive, whether its handle is open or not. A
//          program holds the map alive, whose entries then stay as they are
// Threads  simulation thread; insert() and remove() block until no receive pass that looks into maps is under
//          way, so what they replaced gets no further frame
// Errors   a key that is too large (kBadParameter)
// Source   XDP for Windows: maps
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/xdp/handle_table.h"
#include "model/xdp/status.h"

namespace ringproof::xdp {

class Socket;

constexpr std::uint32_t kXskMapEntries = 128;

// One for all maps of a platform: receive passes that look into maps hold it together, a change waits until
// there is none.
class MapLock {
 public:
  explicit MapLock(Host& host) : host_(host) {}

  // Held by a receive pass.
  class Readers {
   public:
    explicit Readers(MapLock& lock);
    ~Readers();
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

   private:
    MapLock& lock_;
  };
  // REQUIRES: the calling task holds nothing that a pass wants.
  void wait_for_readers();

 private:
  static constexpr LockName kName{"maps", 0, false};

  Host& host_;
  std::uint32_t readers_ = 0;
  Signal left_;
};

class XskMap final : public KernelObject {
 public:
  // `number` is unique among the maps of a platform.
  XskMap(std::uint64_t number, MapLock& lock, const TapList& taps)
      : number_(number), lock_(lock), taps_(taps) {}

  std::uint64_t number() const { return number_; }
  // An entry that is there is replaced.
  Status insert(std::uint32_t key, std::shared_ptr<Socket> socket);
  // Nothing happens where there is no entry.
  Status remove(std::uint32_t key);
  // Null where there is none, and for any key beyond the last one.
  const std::shared_ptr<Socket>& find(std::uint32_t key) const;

  // Programs that use the map go on with it.
  void close() override {}

 private:
  Status set(std::uint32_t key, std::shared_ptr<Socket> socket);

  const std::uint64_t number_;
  MapLock& lock_;
  const TapList& taps_;
  std::array<std::shared_ptr<Socket>, kXskMapEntries> sockets_;
};

// Finds the socket that a handle names, or says why it is none.
using SocketLookup = std::function<Status(HANDLE, std::shared_ptr<Socket>*)>;

// What an application asks for: reads the key, then the handle of the socket, from its memory.
Status insert_into(XskMap& map, const void* key, const void* value, const SocketLookup& find_socket);
Status remove_from(XskMap& map, const void* key);

}  // namespace ringproof::xdp
