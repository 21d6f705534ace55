# Functions shared by the folders of the build.

include(${CMAKE_CURRENT_LIST_DIR}/short_build.cmake)
set(RINGPROOF_INCLUDE_DIR ${PROJECT_SOURCE_DIR}/include)
include(${CMAKE_CURRENT_LIST_DIR}/ringproof_app.cmake)

# Warnings are errors in everything written here; generated and foreign code is not compiled with these.
# -Wrestrict of g++ 12 cries wolf on std::string (its bug 105651).
set(RINGPROOF_WARNINGS -Wall -Wextra -Wshadow -Wpedantic -Werror
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>)
# The thread sanitizer does not see fences; everything that is checked here synchronises by atomics as well.
if(RINGPROOF_SANITIZER MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND RINGPROOF_WARNINGS -Wno-tsan)
endif()

# ringproof_add_library(NAME [OBJECT] [PRECOMPILES] SOURCES … LIBS …): a static library of ours, or objects for one. It
# uses the precompiled headers of rp_base, unless it has options that they do not fit.
function(ringproof_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "OBJECT;PRECOMPILES" "" "SOURCES;LIBS")
  set(kind STATIC)
  if(arg_OBJECT)
    set(kind OBJECT)
  endif()
  add_library(${name} ${kind} ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/include)
  target_compile_options(${name} PRIVATE ${RINGPROOF_WARNINGS})
  target_link_libraries(${name} PUBLIC ${arg_LIBS})
  if(arg_PRECOMPILES)
    ringproof_precompile(${name} ${RINGPROOF_COMMON_HEADERS})
  else()
    ringproof_precompiled_as(${name} rp_base)
  endif()
endfunction()

# What every program of tests is compiled with; little is gained by optimising them, and much time is lost, most of
# all where a sanitizer multiplies the code.
function(ringproof_compiles_as_test name)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
  target_compile_options(${name} PRIVATE ${RINGPROOF_WARNINGS} $<$<CONFIG:Release>:-O1>)
  if(RINGPROOF_SANITIZER)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  if(RINGPROOF_SANITIZER MATCHES undefined)
    target_compile_options(${name} PRIVATE -fno-sanitize=alignment)
  endif()
  # The compiler's own choice is the same for objects and for programs, and precompiled headers fit both.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
endfunction()

# ringproof_unit_test(TEST PROGRAM): one of parts of the simulator, or of machines, in its own program. The target
# unit_tests builds them; where a sanitized build has them, a released one need not.
option(RINGPROOF_UNIT_TESTS "build tests of single units" ON)
add_custom_target(unit_tests)
function(ringproof_unit_test test program)
  set_tests_properties(${test} PROPERTIES LABELS unit)
  add_dependencies(unit_tests ${program})
  if(NOT RINGPROOF_UNIT_TESTS)
    set_target_properties(${program} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# ringproof_add_test(NAME SOURCES … LIBS … [PRECOMPILED owner] [TIMEOUT seconds] [RELEASED]): a GoogleTest program, found by
# ctest. It uses the owner's precompiled headers instead of those that all tests have in common. It is a unit test unless
# it shall always be run as released.
function(ringproof_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "RELEASED" "TIMEOUT;PRECOMPILED" "SOURCES;LIBS")
  add_executable(${name} ${arg_SOURCES} $<TARGET_OBJECTS:ringproof_test_main>)
  ringproof_compiles_as_test(${name})
  ringproof_link_fast(${name})
  target_compile_definitions(${name} PRIVATE RINGPROOF_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             RINGPROOF_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE GTest::gtest ${arg_LIBS} fmt::fmt)
  if(NOT arg_PRECOMPILED)
    set(arg_PRECOMPILED ringproof_test_main)
  endif()
  ringproof_precompiled_as(${name} ${arg_PRECOMPILED})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
  if(NOT arg_RELEASED)
    ringproof_unit_test(${name} ${name})
  endif()
endfunction()

# ringproof_add_command_test(NAME SOURCES … [LIBS …] [TIMEOUT seconds]): a test that runs the command and looks at what it
# leaves behind, testbench/end_to_end/command.h.
function(ringproof_add_command_test name)
  ringproof_add_test(${name} PRECOMPILED rp_test_command RELEASED ${ARGN})
  target_link_libraries(${name} PRIVATE rp_test_command)
  add_dependencies(${name} ringproof)
endfunction()

# ringproof_add_application_test(NAME SOURCES …): a test whose machines run applications from shared objects, in
# its own process: it has the whole simulator, and its published names stand for those of libringproof.
function(ringproof_add_application_test name)
  ringproof_add_test(${name} ${ARGN})
  ringproof_holds_simulator(${name})
  ringproof_stops_programs(${name})
endfunction()

# ringproof_long_tests(NAME…): what takes minutes, or repeats in another way what others test; `ctest -LE long` leaves it
# out.
function(ringproof_long_tests)
  set_tests_properties(${ARGN} PROPERTIES LABELS long)
endfunction()

# ringproof_long_if_sanitized(NAME): a program that takes minutes with sanitizers, and runs what others run as well. The
# target long_tests builds those that `all` does not.
add_custom_target(long_tests)
function(ringproof_long_if_sanitized name)
  if(RINGPROOF_SANITIZER)
    ringproof_long_tests(${name})
    add_dependencies(long_tests ${name})
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# A program that is stopped where it is leaves behind what it has: no leak of ours.
function(ringproof_stops_programs test)
  set_tests_properties(${test} PROPERTIES ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0")
endfunction()

# An empty library of libringproof's name comes with it, so that an application brings no second simulator along.
function(ringproof_holds_simulator name)
  target_link_libraries(${name} PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,rp_sim> -Wl,--no-as-needed ringproof_stand_in)
  set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON)
endfunction()

# ringproof_add_application(NAME SOURCE [INSTRUMENTED]): an application of ours, the target app_NAME, built as a user
# would build it.
function(ringproof_add_application name source)
  ringproof_add_app(app_${name} SOURCES ${source} ${ARGN})
  set_target_properties(app_${name} PROPERTIES
    OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/apps)
  target_compile_options(app_${name} PRIVATE ${RINGPROOF_WARNINGS})
endfunction()
