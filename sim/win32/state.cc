#include "sim/win32/state.h"

#include <algorithm>
#include <utility>

#include "sim/app/locked_memory.h"
#include "sim/win32/pipe_request.h"
#include "sim/win32/process_object.h"
#include "sim/win32/sync_objects.h"
#include "sim/win32/thread_object.h"
#include "sim/win32/thread_pool.h"

namespace ringproof {
namespace {

constexpr std::uintptr_t kCurrentThread = static_cast<std::uintptr_t>(-2);
constexpr std::uintptr_t kCurrentProcess = static_cast<std::uintptr_t>(-1);

}  // namespace

Win32State::Win32State(World& world) : pipe_requests(std::make_unique<PipeRequests>()), world_(world) {}

Win32State::~Win32State() {
  for (const auto& [begin, bytes] : pages) unmap_pages(begin, bytes);
}

std::vector<std::uint32_t> Win32State::processes() const {
  std::vector<std::uint32_t> numbers;
  for (const auto& [number, process] : processes_) numbers.push_back(number);
  return numbers;
}

std::shared_ptr<ThreadObject> Win32State::current_thread() {
  const int task = world_.kernel.current_task();
  std::shared_ptr<ThreadObject>& thread = threads_[task];
  if (thread == nullptr) {
    const DWORD id = new_thread_id();
    thread = std::make_shared<ThreadObject>(world_, id);
    thread->task = task;
    thread_ids_[id] = thread;
  }
  return thread;
}

std::shared_ptr<ThreadObject> Win32State::thread_of_id(DWORD id) const {
  const auto found = thread_ids_.find(id);
  return found == thread_ids_.end() ? nullptr : found->second.lock();
}

void Win32State::add_thread(const std::shared_ptr<ThreadObject>& thread, int task) {
  thread_ids_[thread->id] = thread;
  if (task >= 0) threads_[task] = thread;
}

void Win32State::finish_current() {
  const auto found = threads_.find(world_.kernel.current_task());
  if (found == threads_.end()) return;
  const std::shared_ptr<ThreadObject> thread = found->second;
  if (!thread->ended()) thread->finish(0);
}

bool Win32State::wait_for_other_threads() {
  Win32Process& own = process();
  if (own.threads.contains(world_.kernel.current_task())) return false;
  while (!own.threads.empty()) world_.kernel.wait(own.thread_ended, kNever);
  return true;
}

void Win32State::task_ended(int task) {
  for (auto& [number, process] : processes_) {
    process.threads.erase(task);
    if (!process.thread_ended.waiters.empty()) world_.kernel.notify(process.thread_ended);
  }
  for (Mutex* mutex : *mutexes) mutex->owner_ended(task);
  pipe_requests->task_ended(world_, task);
  const auto found = threads_.find(task);
  if (found == threads_.end()) return;
  const std::shared_ptr<ThreadObject> thread = std::move(found->second);
  threads_.erase(found);
  thread->mark_ended();  // where it was stopped, its last calls are not made
}

void Win32State::forget_tls(DWORD index) {
  for (const auto& [task, thread] : threads_) {
    if (thread->process != world_.kernel.current_process()) continue;
    if (index < thread->tls.size()) thread->tls[index] = nullptr;
  }
}

std::vector<void*> Win32State::take_fls(DWORD index) {
  std::vector<void*> values;
  for (const auto& [task, thread] : threads_) {
    if (thread->process != world_.kernel.current_process() || index >= thread->fls.size()) continue;
    void* const value = std::exchange(thread->fls[index], nullptr);
    if (value != nullptr) values.push_back(value);
  }
  return values;
}

bool Win32State::make_queued_calls() {
  const auto found = threads_.find(world_.kernel.current_task());
  if (found == threads_.end()) return false;
  const std::shared_ptr<ThreadObject> thread = found->second;
  if (thread->queued_calls.empty()) return false;
  while (!thread->queued_calls.empty()) {
    const std::function<void()> call = std::move(thread->queued_calls.front());
    thread->queued_calls.pop_front();
    const OutsideSystem outside;
    call();
  }
  return true;
}

std::shared_ptr<xdp::KernelObject> Win32State::pseudo_object(HANDLE handle) {
  const auto value = reinterpret_cast<std::uintptr_t>(handle);
  if (value == kCurrentThread) return current_thread();
  return value == kCurrentProcess ? process_object(world_.kernel.current_process()) : nullptr;
}

std::shared_ptr<ProcessObject> Win32State::process_object(std::uint32_t number) {
  std::shared_ptr<ProcessObject>& object = process_objects_[number];
  if (object == nullptr) object = std::make_shared<ProcessObject>(number);
  return object;
}

std::shared_ptr<ProcessObject> Win32State::find_process(HANDLE handle) {
  std::shared_ptr<xdp::KernelObject> object = pseudo_object(handle);
  if (object == nullptr) object = world_.platform.handles().find(handle);
  return std::dynamic_pointer_cast<ProcessObject>(object);
}

void Win32State::process_ended(std::uint32_t number, int status) {
  pipe_requests->process_ended(number);
  process_object(number)->end(static_cast<DWORD>(status));
  for (const auto& [id, thread] : thread_ids_) {
    if (const auto open = thread.lock(); open != nullptr && open->process == number) {
      open->mark_ended(static_cast<DWORD>(status));
    }
  }
  world_.kernel.notify(world_.signalled);
}

void Win32State::set_inheritable(HANDLE handle, bool inheritable) {
  if (inheritable) {
    inheritable_.insert(handle);
  } else {
    inheritable_.erase(handle);
  }
}

std::shared_ptr<xdp::KernelObject> Win32State::named(const std::u16string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second.lock();
}

int Win32State::task_of(DWORD thread_id) const {
  const auto found = thread_ids_.find(thread_id);
  const auto thread = found == thread_ids_.end() ? nullptr : found->second.lock();
  return thread == nullptr ? -1 : thread->task;
}

bool Win32State::wait_at(const volatile void* address, std::uint64_t deadline_ps) {
  Signal& signal = waited_at_[address];
  const bool woken = world_.kernel.wait(signal, deadline_ps);
  const auto found = waited_at_.find(address);
  if (found != waited_at_.end() && found->second.waiters.empty()) waited_at_.erase(found);
  return woken;
}

void Win32State::wake(const volatile void* address) {
  const auto found = waited_at_.find(address);
  if (found != waited_at_.end()) world_.kernel.notify(found->second);
}

ThreadPool& Win32State::pool() {
  std::shared_ptr<ThreadPool>& pool = process().pool;
  if (pool == nullptr) pool = std::make_shared<ThreadPool>(world_, world_.kernel.current_process());
  return *pool;
}

}  // namespace ringproof
