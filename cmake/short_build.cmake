# What makes a build from nothing short. Every file compiles alone as well: the clang preset builds that way.

option(RINGPROOF_SHORT_BUILD "compile common headers once, and some files together" ON)

# Each file brings much that g++ would look through again and again for what it can throw away.
if(RINGPROOF_SHORT_BUILD)
  add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:--param=ggc-min-heapsize=1048576>)
endif()

# Headers that most files include, compiled once for the libraries and once for the tests. What only few need does not
# belong here: each file pays for all of them.
set(RINGPROOF_COMMON_HEADERS
  <algorithm> <array> <cstdint> <cstring> <functional> <map> <memory> <optional> <string> <string_view> <utility>
  <vector> <fmt/format.h>)
set(RINGPROOF_TEST_HEADERS ${RINGPROOF_COMMON_HEADERS}
  <deque> <fstream> <set> <sstream> <gtest/gtest.h>)

# ringproof_precompile(TARGET HEADERS…): this target's own. Others may use them again.
function(ringproof_precompile target)
  if(NOT RINGPROOF_SHORT_BUILD)
    return()
  endif()
  list(TRANSFORM ARGN REPLACE "(.+)" "$<$<COMPILE_LANGUAGE:CXX>:\\1>" OUTPUT_VARIABLE headers)
  target_precompile_headers(${target} PRIVATE ${headers})
  ringproof_uses_precompiled(${target})
endfunction()

# ringproof_precompiled_as(TARGET OWNER): the owner is compiled with the same options.
function(ringproof_precompiled_as target owner)
  if(NOT RINGPROOF_SHORT_BUILD)
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${owner})
  ringproof_uses_precompiled(${target})
endfunction()

# What ccache wants, to keep objects that were compiled with them.
function(ringproof_uses_precompiled target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  else()
    target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endfunction()

# ringproof_compile_together(TARGET GROUP FILES…): as one, because the headers that they have in common cost more than
# they do, and each file instantiates again what they use of templates. A name that two of them have for themselves is
# a mistake that the compiler finds: then they belong to different groups.
function(ringproof_compile_together target group)
  if(NOT RINGPROOF_SHORT_BUILD)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set_source_files_properties(${ARGN} PROPERTIES UNITY_GROUP ${group})
endfunction()

# ringproof_link_fast(TARGET): a program for use here, by a faster linker if there is one.
find_program(RINGPROOF_FAST_LINKER ld.lld)
function(ringproof_link_fast target)
  if(RINGPROOF_SHORT_BUILD AND RINGPROOF_FAST_LINKER)
    target_link_options(${target} PRIVATE -fuse-ld=lld)
  endif()
endfunction()
