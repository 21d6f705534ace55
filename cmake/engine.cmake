# Queue engines in SystemVerilog: Verilated, and wrapped for C++. docs/your-own-engine.md tells how to bring one along.

find_package(verilator REQUIRED HINTS $ENV{VERILATOR_ROOT} /usr/share/verilator)
find_package(ZLIB REQUIRED)  # FST
find_package(Threads REQUIRED)

# Generated code: always optimised; its warnings are not ours to fix, and sanitizing it makes its build
# several times longer.
function(rp_rtl_options target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_CLANG_TIDY "")
  target_compile_options(${target} PRIVATE -O3 -w -fno-sanitize=all)
endfunction()

# rp_verilated_library(TARGET PREFIX TOP SOURCES… [WAVES] ARGS…): one build of an engine. ARGS go to verilate().
function(rp_verilated_library target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "WAVES" "PREFIX;TOP" "SOURCES;ARGS")
  add_library(${target} STATIC)
  verilate(${target} PREFIX ${arg_PREFIX} TOP_MODULE ${arg_TOP} SOURCES ${arg_SOURCES} ${arg_ARGS})
  # verilate() adds the runtime to each target; ours is in rp_verilated.
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "^${VERILATOR_ROOT}/")
  set_target_properties(${target} PROPERTIES SOURCES "${sources}")
  target_link_libraries(${target} PUBLIC rp_verilated)
  rp_rtl_options(${target})
  if(arg_WAVES)
    target_compile_options(${target} PRIVATE -O1)  # nobody waits for a run with waveforms as for all the others
  endif()
endfunction()

# Verilator's headers are not written for our warnings.
function(rp_wraps_verilated target)
  target_include_directories(${target} PUBLIC ${ringproof_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE rp_verilated_engine)
  foreach(model IN LISTS ARGN)
    target_include_directories(${target} SYSTEM PRIVATE $<TARGET_PROPERTY:${model},INTERFACE_INCLUDE_DIRECTORIES>)
    target_link_libraries(${target} PRIVATE ${model})
  endforeach()
endfunction()

# ringproof_add_engine(NAME name TOP module SOURCES file.sv… [PARAMS Name=value…] [VERILATOR_ARGS …]): a queue engine
# with the ports of docs/design/queue-engine.md, as build/engines/NAME.so, which `ringproof conform --engine NAME`
# finds. The target is engine_NAME. check.svh of rtl/ can be included.
function(ringproof_add_engine)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TOP" "SOURCES;PARAMS;VERILATOR_ARGS")
  if(NOT arg_NAME MATCHES "^[a-z][a-z0-9_]*$" OR arg_NAME MATCHES "^(rtl|cycle|functional)$")
    message(FATAL_ERROR "ringproof_add_engine: expected NAME in lower case, and none of ours, got \"${arg_NAME}\"")
  endif()
  if(NOT arg_TOP OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ringproof_add_engine(${arg_NAME}): expected TOP and SOURCES, got \"${ARGN}\"")
  endif()
  foreach(source IN LISTS arg_SOURCES)
    get_filename_component(source ${source} ABSOLUTE)
    list(APPEND sources ${source})
  endforeach()
  # Whether it passes a lint is its author's affair.
  set(args -Wno-fatal --assert -O3 --x-assign unique --x-initial unique --unroll-count 256 --output-split 20000 --no-timing
    -I${ringproof_SOURCE_DIR}/rtl)
  foreach(parameter IN LISTS arg_PARAMS)
    list(APPEND args -G${parameter})
  endforeach()
  list(APPEND args ${arg_VERILATOR_ARGS})

  set(prefix Vengine_${arg_NAME})
  rp_verilated_library(rp_${prefix} PREFIX ${prefix} TOP ${arg_TOP} SOURCES ${sources} ARGS VERILATOR_ARGS ${args})
  rp_verilated_library(rp_${prefix}_fst WAVES PREFIX ${prefix}_fst TOP ${arg_TOP} SOURCES ${sources}
    ARGS TRACE_FST VERILATOR_ARGS ${args})

  set(wrapper ${CMAKE_CURRENT_BINARY_DIR}/engine_${arg_NAME}.cc)
  configure_file(${ringproof_SOURCE_DIR}/model/nic/engine_module.cc.in ${wrapper} @ONLY)
  # Its ports are looked at before anything is compiled with them, and again when they may have changed.
  set(verilated ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/rp_${prefix}.dir/${prefix}.dir/${prefix})
  set(ports ${CMAKE_CURRENT_BINARY_DIR}/engine_${arg_NAME}.ports)
  add_custom_command(OUTPUT ${ports}
    COMMAND ${CMAKE_COMMAND} -DENGINE=${arg_NAME} -DTOP=${arg_TOP} -DHEADER=${verilated}.h
            -P ${ringproof_SOURCE_DIR}/cmake/engine_ports.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${ports}
    DEPENDS ${verilated}.cmake ${ringproof_SOURCE_DIR}/cmake/engine_ports.cmake
    COMMENT "Ports of the engine ${arg_NAME}" VERBATIM)
  set_source_files_properties(${wrapper} PROPERTIES OBJECT_DEPENDS ${ports})
  add_library(engine_${arg_NAME} MODULE ${wrapper})
  set_target_properties(engine_${arg_NAME} PROPERTIES
    PREFIX "" OUTPUT_NAME ${arg_NAME} LIBRARY_OUTPUT_DIRECTORY ${ringproof_BINARY_DIR}/engines)
  target_compile_features(engine_${arg_NAME} PRIVATE cxx_std_20)
  target_compile_options(engine_${arg_NAME} PRIVATE ${RINGPROOF_WARNINGS})
  rp_wraps_verilated(engine_${arg_NAME} rp_${prefix} rp_${prefix}_fst)
endfunction()
