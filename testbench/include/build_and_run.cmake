# build_and_run.cmake: compiles one file as a user would, with warnings as errors, and runs the result.
# Role     the compiler need not be the one the project is built with
#
# cmake -DCOMPILER=gcc -DSOURCE=layout_c11.c -DOUTPUT=... -DINCLUDE_DIR=... -DFLAGS=-std=c11,-DX=3
#       [-DEXPECT=...] -P build_and_run.cmake
# EXPECT   run (default): compiles, and the program exits with 0
#          compile: compiles
#          refuse: does not compile
cmake_minimum_required(VERSION 3.25)

string(REPLACE "," ";" flags "${FLAGS}")
set(stage -o "${OUTPUT}")
if(EXPECT STREQUAL "compile" OR EXPECT STREQUAL "refuse")
  set(stage -fsyntax-only)
endif()
execute_process(
  COMMAND "${COMPILER}" ${flags} -Wall -Wextra -Wpedantic -Werror "-I${INCLUDE_DIR}" "${SOURCE}" ${stage}
  RESULT_VARIABLE result ERROR_VARIABLE words)
if(EXPECT STREQUAL "refuse")
  if(result EQUAL 0)
    message(FATAL_ERROR "${SOURCE} compiles with ${FLAGS}, which it must not")
  endif()
  return()
endif()
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${COMPILER} ${FLAGS} ${SOURCE}:\n${words}")
endif()
if(EXPECT STREQUAL "compile")
  return()
endif()
execute_process(COMMAND "${OUTPUT}" RESULT_VARIABLE result ERROR_VARIABLE words)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${OUTPUT} exits with ${result}:\n${words}")
endif()
