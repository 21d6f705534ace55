# cmake -DVERILATOR=path -DSOURCE_DIR=… -DOUT=folder -P ports_test.cmake: the simple engine with one port wrong is
# refused with a line that names the port; as it is, with read ids of 4 bits, it is not.

file(READ ${SOURCE_DIR}/testbench/engines/simple/simple_queue_engine.sv good)
file(MAKE_DIRECTORY ${OUT})

# Verilates the engine with `from` replaced by `to` in its ports; what is said of them is `said`.
function(look from to)
  string(REPLACE "${from}" "${to}" text "${good}")
  if(from AND text STREQUAL good)
    message(FATAL_ERROR "the simple engine has no \"${from}\"")
  endif()
  file(WRITE ${OUT}/simple_queue_engine.sv "${text}")
  execute_process(
    COMMAND ${VERILATOR} --cc -Wno-fatal --no-timing --prefix Vports --top simple_queue_engine --Mdir ${OUT}
            -I${SOURCE_DIR}/rtl ${SOURCE_DIR}/rtl/nic_pkg.sv ${OUT}/simple_queue_engine.sv
    RESULT_VARIABLE failed ERROR_VARIABLE error OUTPUT_QUIET)
  if(failed)
    message(FATAL_ERROR "verilator: ${error}")
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -DENGINE=mine -DTOP=simple_queue_engine -DHEADER=${OUT}/Vports.h
            -P ${SOURCE_DIR}/cmake/engine_ports.cmake
    RESULT_VARIABLE failed ERROR_VARIABLE error OUTPUT_QUIET)
  string(REGEX REPLACE "[ \n]+" " " error "${error}")
  set(failed ${failed} PARENT_SCOPE)
  set(said "${error}" PARENT_SCOPE)
endfunction()

function(accepts what from to)
  look("${from}" "${to}")
  if(failed)
    message(FATAL_ERROR "${what} is refused: ${said}")
  endif()
endfunction()

function(refuses from to line)
  look("${from}" "${to}")
  string(FIND "${said}" "engine mine: docs/design/queue-engine.md, \"Ports\": simple_queue_engine: ${line} " at)
  if(NOT failed OR at LESS 0)
    message(FATAL_ERROR "expected \"${line}\", got \"${said}\"")
  endif()
endfunction()

accepts("the simple engine" "" "")
refuses("input  logic [5:0]   s_axis_rx_tdest" "input  logic [4:0]   s_axis_rx_tdest"
  "port s_axis_rx_tdest: expected an input of 6 bits, got an input of 5")
refuses("output logic [63:0]  m_axi_wstrb" "output logic [31:0]  m_axi_wstrb"
  "port m_axi_wstrb: expected an output of 64 bits, got an output of 32")
refuses("input  logic [143:0] s_axis_rx_tuser" "input  logic [144:0] s_axis_rx_tuser"
  "port s_axis_rx_tuser: expected an input of 144 bits, got an input of 145")
refuses("input  logic [3:0]   m_axi_rid" "input  logic [2:0]   m_axi_rid"
  "port m_axi_rid: expected as many bits as m_axi_arid (4), got 3")
refuses("output logic         idle_o\n" "output logic         idle_o,\n  output logic ev_rx_done_o\n"
  "port s_axis_rx_tsteered: expected an input of 1 bits, got none of that name")
