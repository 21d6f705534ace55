# Applications: programs with main, as shared objects that `ringproof replay CAPTURE --app PATH` runs. This file serves
# this tree, the build folder as a package, and the installed package. docs/packaging.md
#
# Before it: the target ringproof::ringproof, and RINGPROOF_INCLUDE_DIR, where afxdp.h is.

# POSIX calls of an application that act on the simulated machine instead; see sim/app/posix_calls.cc.
set(RINGPROOF_WRAPPED
  pthread_create pthread_join pthread_detach pthread_exit
  pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock pthread_mutex_destroy
  pthread_cond_wait pthread_cond_timedwait pthread_cond_signal pthread_cond_broadcast pthread_cond_destroy
  nanosleep usleep sleep sched_yield clock_gettime free munmap
  # std::thread: start, join, detach
  _ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE
  _ZNSt6thread4joinEv _ZNSt6thread6detachEv)
list(TRANSFORM RINGPROOF_WRAPPED PREPEND "-Wl,--wrap=" OUTPUT_VARIABLE RINGPROOF_WRAP_OPTIONS)

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
    PREFIX "" SUFFIX .so C_VISIBILITY_PRESET default CXX_VISIBILITY_PRESET default LINK_DEPENDS_NO_SHARED ON)
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
