# header_alone.cmake: compiles one published header as the only include of a file.
# Role     every language, API version and compiler; included twice, so that a second include is harmless, and
#          followed by a C++ template, which an unclosed extern "C" would forbid
# Errors   the first failing combination stops the test and is printed with the compiler's words
#
# cmake -DHEADER=afxdp.h -DINCLUDE_DIR=... -DWORK_DIR=... -DC_COMPILERS=gcc,clang -DCXX_COMPILERS=g++,clang++
#       -DCXX_STANDARDS=c++17,c++20 -DVERSIONS=none,1,2,3 -P header_alone.cmake
cmake_minimum_required(VERSION 3.25)

string(MAKE_C_IDENTIFIER "${HEADER}" name)
set(source "${WORK_DIR}/${name}.source")
file(WRITE "${source}" "#include <${HEADER}>
#include <${HEADER}>
#ifdef __cplusplus
template <class T> struct no_linkage_block_is_open {};
#endif
int one_declaration_is_required;
")

function(compile compiler language standard version)
  set(defines)
  if(NOT version STREQUAL "none")
    set(defines "-DXDP_API_VERSION=${version}")
  endif()
  execute_process(
    COMMAND "${compiler}" -x ${language} -std=${standard} -fsyntax-only -Wall -Wextra -Wpedantic
            -Wshadow -Wundef -Wconversion -Werror ${defines} "-I${INCLUDE_DIR}" "${source}"
    RESULT_VARIABLE result ERROR_VARIABLE words)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR
      "<${HEADER}> alone, ${compiler} -std=${standard}, XDP_API_VERSION ${version}:\n${words}")
  endif()
endfunction()

string(REPLACE "," ";" c_compilers "${C_COMPILERS}")
string(REPLACE "," ";" cxx_compilers "${CXX_COMPILERS}")
string(REPLACE "," ";" cxx_standards "${CXX_STANDARDS}")
string(REPLACE "," ";" versions "${VERSIONS}")
foreach(version IN LISTS versions)
  foreach(compiler IN LISTS c_compilers)
    compile("${compiler}" c c11 ${version})
  endforeach()
  foreach(compiler IN LISTS cxx_compilers)
    foreach(standard IN LISTS cxx_standards)
      compile("${compiler}" c++ ${standard} ${version})
    endforeach()
  endforeach()
endforeach()
