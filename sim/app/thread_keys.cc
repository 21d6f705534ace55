#include "sim/app/thread_keys.h"

#include <limits.h>

#include <mutex>
#include <utility>

namespace ringproof {
namespace {

// Keys whose names are in memory that no new run restores. Their numbers never come again: nobody knows who
// still has them.
class LastingKeys {
 public:
  // Stays: threads of the host may ask until the process ends.
  static LastingKeys& all() {
    static auto& keys = *new LastingKeys;
    return keys;
  }

  pthread_key_t make(pthread_key_t first, ThreadKeys::Destructor destructor) {
    const std::scoped_lock lock(mutex_);
    const pthread_key_t key = first + made_++;
    destructors_[key] = destructor;
    return key;
  }
  bool remove(pthread_key_t key) {
    const std::scoped_lock lock(mutex_);
    return destructors_.erase(key) > 0;
  }
  std::optional<ThreadKeys::Destructor> destructor_of(pthread_key_t key) {
    const std::scoped_lock lock(mutex_);
    const auto found = destructors_.find(key);
    return found == destructors_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::mutex mutex_;
  pthread_key_t made_ = 0;
  std::map<pthread_key_t, ThreadKeys::Destructor> destructors_;
};

}  // namespace

void*& ThreadKeys::host_value(pthread_key_t key) {
  thread_local std::map<pthread_key_t, void*> values;
  return values[key];
}

bool ThreadKeys::lasts(pthread_key_t key) { return LastingKeys::all().destructor_of(key).has_value(); }
bool ThreadKeys::remove_lasting(pthread_key_t key) { return LastingKeys::all().remove(key); }

std::optional<pthread_key_t> ThreadKeys::make(Destructor destructor, bool lasting) {
  if (of_world_.size() + lasting_made_.size() >= PTHREAD_KEYS_MAX) return std::nullopt;
  if (lasting) {
    const pthread_key_t key = LastingKeys::all().make(kFirstLasting, destructor);
    lasting_made_.insert(key);
    return key;
  }
  pthread_key_t key = kFirstOfWorld;
  for (const auto& [taken, ignored] : of_world_) {
    if (taken != key) break;
    ++key;
  }
  of_world_[key] = destructor;
  return key;
}

bool ThreadKeys::remove(pthread_key_t key, bool lasting) {
  if (!known(key)) return false;
  if (of_world_.erase(key) == 0) {
    lasting_made_.erase(key);
    if (lasting) {
      remove_lasting(key);
    } else {
      lasting_removed_.insert(key);
    }
  }
  for (auto& [task, values] : values_) values.erase(key);
  return true;
}

std::optional<ThreadKeys::Destructor> ThreadKeys::destructor_of(pthread_key_t key) const {
  const auto found = of_world_.find(key);
  if (found != of_world_.end()) return found->second;
  if (lasting_removed_.contains(key)) return std::nullopt;
  return LastingKeys::all().destructor_of(key);
}

bool ThreadKeys::known(pthread_key_t key) const { return destructor_of(key).has_value(); }

void* ThreadKeys::value(int task, pthread_key_t key) const {
  const auto of_task = values_.find(task);
  if (of_task == values_.end()) return nullptr;
  const auto found = of_task->second.find(key);
  return found == of_task->second.end() ? nullptr : found->second;
}

void ThreadKeys::destroy_values(int task) {
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    const auto values = std::exchange(values_[task], {});
    for (const auto& [key, value] : values) {
      const Destructor destructor = destructor_of(key).value_or(nullptr);
      if (value != nullptr && destructor != nullptr) destructor(value);
    }
  }
  values_.erase(task);
}

}  // namespace ringproof
