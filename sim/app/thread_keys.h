// thread_keys.h: keys under which each simulated thread has a value of its own.
// Role     those of one world; keys that programs keep from one world to the next are known to all of them
// Shapes   numbers begin behind those of the host's C library, whose keys stay its own
// Threads  simulation thread; what is static, from any
// Errors   a key that nobody made: false, or no value
// Source   POSIX, pthread_key_create
#pragma once

#include <pthread.h>

#include <cstddef>
#include <map>
#include <optional>
#include <set>

namespace ringproof {

class ThreadKeys {
 public:
  using Destructor = void (*)(void*);

  // Whether the number is of one that a world made; all others are the host's.
  static bool is_simulated(pthread_key_t key) { return key >= kFirstOfWorld; }
  // What the calling thread of the host has under a simulated key, while it runs no simulated thread. It is
  // never destroyed. REQUIRES: is_simulated(key).
  static void*& host_value(pthread_key_t key);
  // The same as known() and remove() where there is no world.
  static bool lasts(pthread_key_t key);
  static bool remove_lasting(pthread_key_t key);

  // `lasting`: the memory that the caller names the key in outlives the world. Nothing: there are too many.
  std::optional<pthread_key_t> make(Destructor destructor, bool lasting);
  // `lasting`: no later world needs it.
  bool remove(pthread_key_t key, bool lasting);
  bool known(pthread_key_t key) const;

  void* value(int task, pthread_key_t key) const;
  // REQUIRES: known(key).
  void set_value(int task, pthread_key_t key, void* value) { values_[task][key] = value; }
  // The values of a thread that ends are given to their destructors, again and again while those set new
  // ones. REQUIRES: called by the task.
  void destroy_values(int task);

 private:
  static constexpr pthread_key_t kFirstOfWorld = 1U << 16;  // the C library has PTHREAD_KEYS_MAX, 1024
  static constexpr pthread_key_t kFirstLasting = 1U << 20;

  std::optional<Destructor> destructor_of(pthread_key_t key) const;

  std::map<pthread_key_t, Destructor> of_world_;
  std::set<pthread_key_t> lasting_made_;                  // in this world
  std::set<pthread_key_t> lasting_removed_;               // for this world only
  std::map<int, std::map<pthread_key_t, void*>> values_;  // by task
};

}  // namespace ringproof
