// state.h: what a Windows program has in one world beside handles: threads, names, memory, handlers.
// Role     plain state behind the calls of sim/win32, which alone change it
// Shapes   threads by task; locks of a program are named by their address, which is only ever looked up
// Threads  simulation thread
// Source   Windows API reference
#pragma once

#include <ringproof/app.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/xdp/handle_table.h"
#include "sim/app/world.h"
#include "sim/win32/environment.h"

namespace ringproof {

// As programs see it, of process 0; those of the next ones are 4 further each.
constexpr DWORD kFirstProcessId = 0x1000;

class Mutex;
class PipeEnd;
class PipeRequests;
class ProcessObject;
class ThreadObject;
class ThreadPool;

// Of one process.
struct Win32Process {
  std::vector<std::string> command_line;  // the name of the program first
  std::string command_line_text;          // what GetCommandLineA gave
  std::u16string wide_command_line_text;
  std::vector<BOOL (*)(DWORD)> console_handlers;
  bool ignores_ctrl_c = false;
  DWORD priority_class = 0x20;
  std::uint64_t affinity_mask = ~std::uint64_t{0};
  std::vector<bool> tls_used;
  std::vector<std::pair<bool, void (*)(void*)>> fls_used;  // with the callback
  std::map<int, HANDLE> standard_handles;                  // by file descriptor
  std::shared_ptr<ThreadPool> pool;
  win32::Environment environment;
  std::string current_directory;  // of the host; empty: that of the simulator
  std::set<int> threads;          // tasks of threads that the process has besides the first, and the system's
  DWORD exit_code_of_last_thread = 0;
  bool restricted = false;  // creates no objects of XDP
  Signal thread_ended;
};

class Win32State {
 public:
  explicit Win32State(World& world);
  ~Win32State();
  Win32State(const Win32State&) = delete;
  Win32State& operator=(const Win32State&) = delete;

  // The process of the running task, and its threads of the system.
  Win32Process& process() { return process(world_.kernel.current_process()); }
  Win32Process& process(std::uint32_t number) { return processes_[number]; }
  std::vector<std::uint32_t> processes() const;
  ThreadPool& pool();

  // ---- threads ----

  // Of the running task; made when somebody asks for it first.
  std::shared_ptr<ThreadObject> current_thread();
  std::shared_ptr<ThreadObject> thread_of_id(DWORD id) const;
  void add_thread(const std::shared_ptr<ThreadObject>& thread, int task);
  DWORD new_thread_id() { return next_thread_id_ += 4; }
  // The running thread, of whatever kind, is about to end.
  void finish_current();
  void task_started(std::uint32_t process_number, int task) { process(process_number).threads.insert(task); }
  void task_ended(int task);
  // The running thread is one of the system, which keeps no process alive.
  void is_of_system() { process().threads.erase(world_.kernel.current_task()); }
  // Blocks the running thread, which is the first of its process, until the process has no other. False: it
  // is not the first.
  bool wait_for_other_threads();
  // The index means something else from now on.
  void forget_tls(DWORD index);
  // What the threads of the process keep at the index, save NULL; they keep nothing there any more.
  std::vector<void*> take_fls(DWORD index);
  // Makes the calls that were queued for the running thread. False: there were none.
  bool make_queued_calls();
  // What the handles of GetCurrentThread and GetCurrentProcess mean; null for other handles.
  std::shared_ptr<xdp::KernelObject> pseudo_object(HANDLE handle);

  // ---- processes ----

  std::shared_ptr<ProcessObject> process_object(std::uint32_t number);
  // Null when the handle, which may be that of GetCurrentProcess, names no process.
  std::shared_ptr<ProcessObject> find_process(HANDLE handle);
  // It is over, and what it had open is closed.
  void process_ended(std::uint32_t number, int status);
  void set_inheritable(HANDLE handle, bool inheritable);
  const std::set<HANDLE>& inheritable() const { return inheritable_; }

  // ---- names ----

  // A handle to the object of this name and kind, or to a new one; the last error says which it is, or why
  // there is none (the name is of another kind).
  template <typename Kind, typename Make>
  HANDLE open_or_make(const std::u16string& name, Make make) {
    std::shared_ptr<xdp::KernelObject> object = named(name);
    const bool existed = object != nullptr;
    if (existed && std::dynamic_pointer_cast<Kind>(object) == nullptr) {
      SetLastError(ERROR_INVALID_HANDLE);
      return nullptr;
    }
    if (!existed) {
      object = make();
      if (!name.empty()) names_[name] = object;
    }
    SetLastError(existed ? ERROR_ALREADY_EXISTS : 0);
    return world_.open_handle(std::move(object));
  }
  // The object of this name that is still open; null for an empty name.
  std::shared_ptr<xdp::KernelObject> named(const std::u16string& name) const;

  // ---- waits for a place in memory ----

  // The task that runs the thread with this id, or -1.
  int task_of(DWORD thread_id) const;
  // Lets the running task wait until the address is woken. False: the deadline came.
  bool wait_at(const volatile void* address, std::uint64_t deadline_ps);
  void wake(const volatile void* address);

  // Those that exist; a mutex may outlive the state.
  const std::shared_ptr<std::vector<Mutex*>> mutexes = std::make_shared<std::vector<Mutex*>>();
  std::map<std::u16string, std::vector<std::weak_ptr<PipeEnd>>> pipes;  // servers' ends, by name
  const std::unique_ptr<PipeRequests> pipe_requests;
  std::map<void*, std::size_t> pages;  // what VirtualAlloc gave: begin -> bytes

 private:
  World& world_;
  std::map<int, std::shared_ptr<ThreadObject>> threads_;  // by task
  std::map<DWORD, std::weak_ptr<ThreadObject>> thread_ids_;
  DWORD next_thread_id_ = 0x1000;
  std::map<std::u16string, std::weak_ptr<xdp::KernelObject>> names_;
  std::map<const volatile void*, Signal> waited_at_;
  std::map<std::uint32_t, Win32Process> processes_;
  std::map<std::uint32_t, std::shared_ptr<ProcessObject>> process_objects_;
  std::set<HANDLE> inheritable_;
};

// FALSE, with the reason.
inline BOOL fail_with(DWORD error) {
  SetLastError(error);
  return FALSE;
}

template <typename Kind>
std::shared_ptr<Kind> find_object(const ApiCall& call, HANDLE handle) {
  if (!call.has_world()) return nullptr;
  return std::dynamic_pointer_cast<Kind>(call.world().platform.handles().find(handle));
}

}  // namespace ringproof
