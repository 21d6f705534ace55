// The console of a Windows program: who wants to know of Ctrl+C.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/process.h>
#include <ringproof/win32/status.h>

#include <algorithm>

#include "sim/win32/console.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::fail_with;

namespace {

// Asks the handlers, the latest first; the process ends when none wants it.
void ask_handlers(DWORD event) {
  const auto handlers = [] {
    const ringproof::SystemEntry entry;
    return ringproof::current_world->win32->process().console_handlers;
  }();
  for (auto handler = handlers.rbegin(); handler != handlers.rend(); ++handler) {
    if ((*handler)(event) != FALSE) return;
  }
  ExitProcess(static_cast<UINT>(STATUS_CONTROL_C_EXIT));
}

}  // namespace

namespace ringproof {

void tell_console_event(World& world, std::uint32_t process, DWORD event) {
  if (event == CTRL_C_EVENT && world.win32->process(process).ignores_ctrl_c) return;
  world.start_thread(process, "console", [&world, event] {
    {
      const SystemEntry inside;
      world.win32->is_of_system();
    }
    ask_handlers(event);
  });
}

void press_ctrl_c(World& world) {
  for (const std::uint32_t process : world.win32->processes()) {
    if (!world.kernel.process_stopped(process)) tell_console_event(world, process, CTRL_C_EVENT);
  }
}

}  // namespace ringproof

extern "C" {

BOOL SetConsoleCtrlHandler(PHANDLER_ROUTINE Handler, BOOL Add) {
  const ApiCall call("SetConsoleCtrlHandler");
  if (!call.has_world()) return FALSE;
  auto& state = call.world().win32->process();
  if (Handler == nullptr) {
    state.ignores_ctrl_c = Add != FALSE;
    return TRUE;
  }
  auto& handlers = state.console_handlers;
  if (Add != FALSE) {
    handlers.push_back(Handler);
    return TRUE;
  }
  const auto found = std::find(handlers.begin(), handlers.end(), Handler);
  if (found == handlers.end()) return fail_with(ERROR_INVALID_PARAMETER);
  handlers.erase(found);
  return TRUE;
}

BOOL GenerateConsoleCtrlEvent(DWORD CtrlEvent, DWORD) {
  const ApiCall call("GenerateConsoleCtrlEvent");
  if (!call.has_world()) return FALSE;
  if (CtrlEvent > CTRL_BREAK_EVENT) return fail_with(ERROR_INVALID_PARAMETER);
  call.acted();
  ringproof::tell_console_event(call.world(), call.world().kernel.current_process(), CtrlEvent);
  return TRUE;
}

UINT GetConsoleOutputCP(VOID) { return CP_UTF8; }
BOOL SetConsoleOutputCP(UINT) { return TRUE; }
BOOL SetConsoleTitleA(LPCSTR) { return TRUE; }
BOOL SetConsoleTitleW(LPCWSTR) { return TRUE; }
BOOL GetConsoleMode(HANDLE, LPDWORD) { return fail_with(ERROR_INVALID_HANDLE); }  // output goes to a file
BOOL SetConsoleMode(HANDLE, DWORD) { return fail_with(ERROR_INVALID_HANDLE); }

}  // extern "C"
