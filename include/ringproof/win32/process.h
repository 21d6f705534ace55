// process.h: the process itself, its console, its environment, its libraries.
// Errors   FALSE, NULL or 0, with the reason in GetLastError
// Source   Windows: process, console, environment and library functions
#pragma once

#include "ringproof/win32/handles.h"
#include "ringproof/win32/rights.h"

EXTERN_C_START

RINGPROOF_API HANDLE GetCurrentProcess(VOID);
RINGPROOF_API DWORD GetCurrentProcessId(VOID);
RINGPROOF_API DWORD GetProcessId(HANDLE Process);
RINGPROOF_API DECLSPEC_NORETURN VOID ExitProcess(UINT ExitCode);
// Neither of the two runs handlers of atexit().
RINGPROOF_API BOOL TerminateProcess(HANDLE Process, UINT ExitCode);
RINGPROOF_API BOOL GetExitCodeProcess(HANDLE Process, LPDWORD ExitCode);
RINGPROOF_API LPSTR GetCommandLineA(VOID);
RINGPROOF_API LPWSTR GetCommandLineW(VOID);
#define GetCommandLine RINGPROOF_AW(GetCommandLine)
RINGPROOF_API BOOL IsDebuggerPresent(VOID);
RINGPROOF_API VOID DebugBreak(VOID);
RINGPROOF_API VOID OutputDebugStringA(LPCSTR Text);
RINGPROOF_API VOID OutputDebugStringW(LPCWSTR Text);
RINGPROOF_API UINT SetErrorMode(UINT Mode);
#define OutputDebugString RINGPROOF_AW(OutputDebugString)
#define SEM_FAILCRITICALERRORS 1U
#define SEM_NOGPFAULTERRORBOX 2U

// The program ends as by abort().
RINGPROOF_API DECLSPEC_NORETURN VOID RaiseFailFastException(PVOID ExceptionRecord, PVOID ContextRecord,
                                                            DWORD Flags);
RINGPROOF_API DECLSPEC_NORETURN VOID DbgRaiseAssertionFailure(VOID);

// ---- environment and names ----

// Of the process, which begins with a few of its own: nothing of the host's is there.
RINGPROOF_API DWORD GetEnvironmentVariableA(LPCSTR Name, LPSTR Buffer, DWORD Size);
RINGPROOF_API BOOL SetEnvironmentVariableA(LPCSTR Name, LPCSTR Value);
RINGPROOF_API DWORD GetEnvironmentVariableW(LPCWSTR Name, LPWSTR Buffer, DWORD Size);
RINGPROOF_API BOOL SetEnvironmentVariableW(LPCWSTR Name, LPCWSTR Value);
#define GetEnvironmentVariable RINGPROOF_AW(GetEnvironmentVariable)
#define SetEnvironmentVariable RINGPROOF_AW(SetEnvironmentVariable)
// "ringproof".
RINGPROOF_API BOOL GetComputerNameA(LPSTR Buffer, LPDWORD Size);
#define GetComputerName GetComputerNameA
#define MAX_COMPUTERNAME_LENGTH 15

#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x100U
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x200U
#define FORMAT_MESSAGE_FROM_STRING 0x400U
#define FORMAT_MESSAGE_FROM_HMODULE 0x800U
#define FORMAT_MESSAGE_FROM_SYSTEM 0x1000U
#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0xFFU
#define LANG_NEUTRAL 0
#define SUBLANG_DEFAULT 1
#define LANG_ENGLISH 9
#define SUBLANG_ENGLISH_US 1
#define MAKELANGID(primary, sub) ((WORD)(((WORD)(sub) << 10) | (WORD)(primary)))
// The text of a system error, in words of our own: the number, and its name where it has one here.
RINGPROOF_API DWORD FormatMessageA(DWORD Flags, LPCVOID Source, DWORD MessageId, DWORD LanguageId,
                                   LPSTR Buffer, DWORD Size, va_list* Arguments);
RINGPROOF_API DWORD FormatMessageW(DWORD Flags, LPCVOID Source, DWORD MessageId, DWORD LanguageId,
                                   LPWSTR Buffer, DWORD Size, va_list* Arguments);
#define FormatMessage RINGPROOF_AW(FormatMessage)

// ---- text ----

#define CP_ACP 0U
#define CP_OEMCP 1U
#define CP_UTF8 65001U
#define MB_PRECOMPOSED 1U
#define MB_ERR_INVALID_CHARS 8U
#define WC_ERR_INVALID_CHARS 0x80U
// Every code page is UTF-8. A length of -1 is a text with its terminator.
RINGPROOF_API int MultiByteToWideChar(UINT CodePage, DWORD Flags, LPCSTR Text, int Bytes, LPWSTR Wide,
                                      int WideUnits);
RINGPROOF_API int WideCharToMultiByte(UINT CodePage, DWORD Flags, LPCWSTR Wide, int WideUnits, LPSTR Text,
                                      int Bytes, LPCSTR DefaultChar, BOOL* UsedDefaultChar);
RINGPROOF_API int lstrlenA(LPCSTR Text);
RINGPROOF_API int lstrlenW(LPCWSTR Text);
RINGPROOF_API int lstrcmpA(LPCSTR First, LPCSTR Second);
RINGPROOF_API int lstrcmpiA(LPCSTR First, LPCSTR Second);
#define lstrlen RINGPROOF_AW(lstrlen)

// ---- console ----

#define CTRL_C_EVENT 0U
#define CTRL_BREAK_EVENT 1U
#define CTRL_CLOSE_EVENT 2U
#define CTRL_LOGOFF_EVENT 5U
#define CTRL_SHUTDOWN_EVENT 6U
typedef BOOL (*PHANDLER_ROUTINE)(DWORD CtrlType);
// The latest handler is asked first, on a thread of its own; one that answers TRUE ends the asking. When all
// answer FALSE, the process ends. NULL with TRUE: Ctrl+C is ignored.
RINGPROOF_API BOOL SetConsoleCtrlHandler(PHANDLER_ROUTINE Handler, BOOL Add);
RINGPROOF_API BOOL GenerateConsoleCtrlEvent(DWORD CtrlEvent, DWORD ProcessGroup);
RINGPROOF_API UINT GetConsoleOutputCP(VOID);
RINGPROOF_API BOOL SetConsoleOutputCP(UINT CodePage);
RINGPROOF_API BOOL SetConsoleTitleA(LPCSTR Title);
RINGPROOF_API BOOL SetConsoleTitleW(LPCWSTR Title);
#define SetConsoleTitle RINGPROOF_AW(SetConsoleTitle)
RINGPROOF_API BOOL GetConsoleMode(HANDLE Console, LPDWORD Mode);
RINGPROOF_API BOOL SetConsoleMode(HANDLE Console, DWORD Mode);
#define ENABLE_PROCESSED_OUTPUT 1U
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 4U

// ---- libraries ----

// "xdpapi.dll", "kernel32.dll", "ntdll.dll", "ws2_32.dll" and a few more are all the simulator. Others:
// ERROR_MOD_NOT_FOUND.
RINGPROOF_API HMODULE LoadLibraryA(LPCSTR Name);
RINGPROOF_API HMODULE LoadLibraryW(LPCWSTR Name);
RINGPROOF_API HMODULE LoadLibraryExA(LPCSTR Name, HANDLE File, DWORD Flags);
RINGPROOF_API HMODULE LoadLibraryExW(LPCWSTR Name, HANDLE File, DWORD Flags);
RINGPROOF_API HMODULE GetModuleHandleA(LPCSTR Name);
RINGPROOF_API HMODULE GetModuleHandleW(LPCWSTR Name);
RINGPROOF_API BOOL FreeLibrary(HMODULE Library);
RINGPROOF_API FARPROC GetProcAddress(HMODULE Library, LPCSTR Name);
RINGPROOF_API DWORD GetModuleFileNameA(HMODULE Library, LPSTR Buffer, DWORD Size);
RINGPROOF_API DWORD GetModuleFileNameW(HMODULE Library, LPWSTR Buffer, DWORD Size);
#define LoadLibrary RINGPROOF_AW(LoadLibrary)
#define LoadLibraryEx RINGPROOF_AW(LoadLibraryEx)
#define GetModuleHandle RINGPROOF_AW(GetModuleHandle)
#define GetModuleFileName RINGPROOF_AW(GetModuleFileName)
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x800U
#define LOAD_LIBRARY_SEARCH_DEFAULT_DIRS 0x1000U
#define LOAD_WITH_ALTERED_SEARCH_PATH 8U

// ---- further processes ----

typedef struct _STARTUPINFOA {
  DWORD cb;
  LPSTR lpReserved;
  LPSTR lpDesktop;
  LPSTR lpTitle;
  DWORD dwX;
  DWORD dwY;
  DWORD dwXSize;
  DWORD dwYSize;
  DWORD dwXCountChars;
  DWORD dwYCountChars;
  DWORD dwFillAttribute;
  DWORD dwFlags;
  WORD wShowWindow;
  WORD cbReserved2;
  BYTE* lpReserved2;
  HANDLE hStdInput;
  HANDLE hStdOutput;
  HANDLE hStdError;
} STARTUPINFOA, *LPSTARTUPINFOA;
typedef struct _STARTUPINFOW {
  DWORD cb;
  LPWSTR lpReserved;
  LPWSTR lpDesktop;
  LPWSTR lpTitle;
  DWORD dwX;
  DWORD dwY;
  DWORD dwXSize;
  DWORD dwYSize;
  DWORD dwXCountChars;
  DWORD dwYCountChars;
  DWORD dwFillAttribute;
  DWORD dwFlags;
  WORD wShowWindow;
  WORD cbReserved2;
  BYTE* lpReserved2;
  HANDLE hStdInput;
  HANDLE hStdOutput;
  HANDLE hStdError;
} STARTUPINFOW, *LPSTARTUPINFOW;
typedef struct _PROCESS_INFORMATION {
  HANDLE hProcess;
  HANDLE hThread;
  DWORD dwProcessId;
  DWORD dwThreadId;
} PROCESS_INFORMATION, *PPROCESS_INFORMATION, *LPPROCESS_INFORMATION;
C_ASSERT(sizeof(STARTUPINFOW) == 104 && sizeof(PROCESS_INFORMATION) == 24);
#ifdef UNICODE
typedef STARTUPINFOW STARTUPINFO, *LPSTARTUPINFO;
#else
typedef STARTUPINFOA STARTUPINFO, *LPSTARTUPINFO;
#endif
#define STARTF_USESHOWWINDOW 1U
#define STARTF_USESTDHANDLES 0x100U
#define DETACHED_PROCESS 8U
#define CREATE_NEW_CONSOLE 0x10U
#define CREATE_NEW_PROCESS_GROUP 0x200U
#define CREATE_UNICODE_ENVIRONMENT 0x400U
#define CREATE_NO_WINDOW 0x8000000U
#define PROCESS_TERMINATE 1U
#define PROCESS_DUP_HANDLE 0x40U
#define PROCESS_QUERY_INFORMATION 0x400U
#define PROCESS_QUERY_LIMITED_INFORMATION 0x1000U
#define PROCESS_ALL_ACCESS 0x1FFFFFU

// A further process, with globals, handles, environment and directory of its own: the caller's own file, when
// the name without folder and ending is the same, or another application. Standard handles are those that the
// child gets from GetStdHandle; what it prints with the C runtime goes to the simulator's output.
RINGPROOF_API BOOL CreateProcessA(LPCSTR Application, LPSTR CommandLine,
                                  LPSECURITY_ATTRIBUTES ProcessAttributes,
                                  LPSECURITY_ATTRIBUTES ThreadAttributes, BOOL InheritHandles, DWORD Flags,
                                  LPVOID Environment, LPCSTR Directory, LPSTARTUPINFOA StartupInfo,
                                  LPPROCESS_INFORMATION Information);
RINGPROOF_API BOOL CreateProcessW(LPCWSTR Application, LPWSTR CommandLine,
                                  LPSECURITY_ATTRIBUTES ProcessAttributes,
                                  LPSECURITY_ATTRIBUTES ThreadAttributes, BOOL InheritHandles, DWORD Flags,
                                  LPVOID Environment, LPCWSTR Directory, LPSTARTUPINFOW StartupInfo,
                                  LPPROCESS_INFORMATION Information);
RINGPROOF_API BOOL CreateProcessAsUserA(HANDLE Token, LPCSTR Application, LPSTR CommandLine,
                                        LPSECURITY_ATTRIBUTES ProcessAttributes,
                                        LPSECURITY_ATTRIBUTES ThreadAttributes, BOOL InheritHandles,
                                        DWORD Flags, LPVOID Environment, LPCSTR Directory,
                                        LPSTARTUPINFOA StartupInfo, LPPROCESS_INFORMATION Information);
RINGPROOF_API BOOL CreateProcessAsUserW(HANDLE Token, LPCWSTR Application, LPWSTR CommandLine,
                                        LPSECURITY_ATTRIBUTES ProcessAttributes,
                                        LPSECURITY_ATTRIBUTES ThreadAttributes, BOOL InheritHandles,
                                        DWORD Flags, LPVOID Environment, LPCWSTR Directory,
                                        LPSTARTUPINFOW StartupInfo, LPPROCESS_INFORMATION Information);
#define CreateProcess RINGPROOF_AW(CreateProcess)
#define CreateProcessAsUser RINGPROOF_AW(CreateProcessAsUser)
RINGPROOF_API HANDLE OpenProcess(DWORD Access, BOOL Inherit, DWORD ProcessId);

EXTERN_C_END
