# Applications: programs with main, as shared objects that `ringproof replay CAPTURE --app PATH` runs. This file serves
# this tree, the build folder as a package, and the installed package. docs/packaging.md
#
# Before it: the target ringproof::ringproof, and RINGPROOF_INCLUDE_DIR, where afxdp.h is.

# POSIX calls of an application that act on the simulated machine instead; see sim/app/posix_calls.cc.
set(RINGPROOF_WRAPPED
  pthread_create pthread_join pthread_detach pthread_exit
  pthread_tryjoin_np pthread_timedjoin_np pthread_clockjoin_np pthread_cancel pthread_kill
  pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock pthread_mutex_destroy
  pthread_cond_wait pthread_cond_timedwait pthread_cond_signal pthread_cond_broadcast pthread_cond_destroy
  pthread_cond_clockwait pthread_mutex_timedlock pthread_mutex_clocklock
  pthread_rwlock_rdlock pthread_rwlock_wrlock pthread_rwlock_tryrdlock pthread_rwlock_trywrlock pthread_rwlock_unlock
  pthread_rwlock_timedrdlock pthread_rwlock_timedwrlock pthread_rwlock_clockrdlock pthread_rwlock_clockwrlock
  pthread_rwlock_destroy pthread_once pthread_barrier_init pthread_barrier_wait pthread_barrier_destroy
  pthread_spin_lock pthread_spin_trylock pthread_spin_unlock
  sem_wait sem_trywait sem_timedwait sem_clockwait sem_post
  pthread_self pthread_key_create pthread_key_delete pthread_getspecific pthread_setspecific
  pthread_setname_np pthread_getname_np pthread_setaffinity_np pthread_getaffinity_np sched_getcpu
  pthread_setschedparam pthread_getschedparam pthread_setschedprio
  sched_setaffinity sched_getaffinity sched_setscheduler sysconf get_nprocs get_nprocs_conf
  poll ppoll select pselect epoll_wait pause
  thrd_create thrd_join thrd_detach thrd_exit thrd_current thrd_yield thrd_sleep
  mtx_lock mtx_trylock mtx_timedlock mtx_unlock mtx_destroy
  cnd_wait cnd_timedwait cnd_signal cnd_broadcast cnd_destroy tss_create tss_delete tss_get tss_set call_once
  nanosleep usleep sleep clock_nanosleep sched_yield clock_gettime gettimeofday time syscall munmap exit
  malloc calloc realloc aligned_alloc memalign posix_memalign free
  __cxa_thread_atexit
  # std::thread: start, join, detach, hardware_concurrency
  _ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE
  _ZNSt6thread4joinEv _ZNSt6thread6detachEv _ZNSt6thread20hardware_concurrencyEv
  # std::condition_variable: wait, notify_one, notify_all; now() of the clocks; what futures wait with
  _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE
  _ZNSt18condition_variable10notify_oneEv _ZNSt18condition_variable10notify_allEv
  _ZNSt6chrono3_V212steady_clock3nowEv _ZNSt6chrono3_V212system_clock3nowEv
  _ZNSt28__atomic_futex_unsigned_base19_M_futex_wait_untilEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE
  _ZNSt28__atomic_futex_unsigned_base26_M_futex_wait_until_steadyEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE
  _ZNSt28__atomic_futex_unsigned_base19_M_futex_notify_allEPj)
list(TRANSFORM RINGPROOF_WRAPPED PREPEND "-Wl,--wrap=" OUTPUT_VARIABLE RINGPROOF_WRAP_OPTIONS)
# The C++ library has std::wstring too, of characters of 32 bits: a Windows program's own is to be used.
list(APPEND RINGPROOF_WRAP_OPTIONS -Wl,-Bsymbolic)

# An application that touches rings by itself: the compiler calls our runtime at each access (never link with
# these), and blocks of memory go through calls, which the linker renames.
set(RINGPROOF_INSTRUMENT_COMPILE_OPTIONS -fsanitize=thread)
set(RINGPROOF_INSTRUMENT_LINK_OPTIONS "")
foreach(call memcpy memmove memset memcmp)
  list(APPEND RINGPROOF_INSTRUMENT_COMPILE_OPTIONS -fno-builtin-${call})
  list(APPEND RINGPROOF_INSTRUMENT_LINK_OPTIONS -Wl,--wrap=${call})
endforeach()

# Source that includes <windows.h>: the names that its compiler defines, and the extensions that it knows. Our Windows
# headers come before all others, from win32/ under RINGPROOF_INCLUDE_DIR.
set(RINGPROOF_WIN32_COMPILE_OPTIONS
  -D_WIN32=1 -D_WIN64=1 -DWIN32=1 -D_AMD64_=1 -D_M_X64=100 -D_M_AMD64=100
  -fms-extensions -fshort-wchar -Wno-unknown-pragmas -Wno-format -D_GLIBCXX_EXTERN_TEMPLATE=0)
# Formats are Microsoft's: the compiler must not conclude from them what is printed.
foreach(call printf fprintf sprintf snprintf vprintf vfprintf vsprintf vsnprintf)
  list(APPEND RINGPROOF_WIN32_COMPILE_OPTIONS -fno-builtin-${call})
endforeach()

# ringproof_add_app(NAME SOURCES file… [WIN32] [INSTRUMENTED] [LIBS library…]): the target NAME makes NAME.so. WIN32:
# the source is written for Windows. INSTRUMENTED: it touches rings with its own hands, docs/instrumented-builds.md.
function(ringproof_add_app name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "WIN32;INSTRUMENTED" "" "SOURCES;LIBS")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "ringproof_add_app(${name}): expected SOURCES, got none")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ringproof_add_app(${name}): expected SOURCES, WIN32, INSTRUMENTED or LIBS, got \"${arg_UNPARSED_ARGUMENTS}\"")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  # A project that hides its names must not hide main.
  set_target_properties(${name} PROPERTIES
    RINGPROOF_APPLICATION ON PREFIX "" SUFFIX .so C_VISIBILITY_PRESET default CXX_VISIBILITY_PRESET default LINK_DEPENDS_NO_SHARED ON)
  if(arg_WIN32)
    target_include_directories(${name} BEFORE PRIVATE "${RINGPROOF_INCLUDE_DIR}/win32")
    target_compile_options(${name} BEFORE PRIVATE ${RINGPROOF_WIN32_COMPILE_OPTIONS})
  endif()
  target_link_libraries(${name} PRIVATE ringproof::ringproof ${arg_LIBS})
  target_link_options(${name} PRIVATE ${RINGPROOF_WRAP_OPTIONS})
  if(arg_INSTRUMENTED)
    target_compile_options(${name} PRIVATE -fno-sanitize=all ${RINGPROOF_INSTRUMENT_COMPILE_OPTIONS})
    target_link_options(${name} PRIVATE ${RINGPROOF_INSTRUMENT_LINK_OPTIONS})
  endif()
endfunction()
