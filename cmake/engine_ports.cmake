# cmake -DENGINE=name -DTOP=module -DHEADER=model.h -P engine_ports.cmake: whether a Verilated queue engine has the
# ports of docs/design/queue-engine.md, in their widths. What C++ sees of a port has 8, 16, 32 or 64 bits, whatever the
# port has: nobody else would notice. Each port that is wrong has its line.

# name:in|out:bits, or the fewest and the most of them
set(ports
  clk_i:in:1 rst_ni:in:1
  s_axil_awaddr:in:16 s_axil_awvalid:in:1 s_axil_awready:out:1
  s_axil_wdata:in:32 s_axil_wstrb:in:4 s_axil_wvalid:in:1 s_axil_wready:out:1
  s_axil_bresp:out:2 s_axil_bvalid:out:1 s_axil_bready:in:1
  s_axil_araddr:in:16 s_axil_arvalid:in:1 s_axil_arready:out:1
  s_axil_rdata:out:32 s_axil_rresp:out:2 s_axil_rvalid:out:1 s_axil_rready:in:1
  m_axi_awid:out:4 m_axi_awaddr:out:64 m_axi_awlen:out:8 m_axi_awsize:out:3 m_axi_awburst:out:2 m_axi_awuser:out:7
  m_axi_awvalid:out:1 m_axi_awready:in:1
  m_axi_wdata:out:512 m_axi_wstrb:out:64 m_axi_wlast:out:1 m_axi_wvalid:out:1 m_axi_wready:in:1
  m_axi_bid:in:4 m_axi_bresp:in:2 m_axi_bvalid:in:1 m_axi_bready:out:1
  m_axi_arid:out:2-8 m_axi_araddr:out:64 m_axi_arlen:out:8 m_axi_arsize:out:3 m_axi_arburst:out:2 m_axi_aruser:out:7
  m_axi_arvalid:out:1 m_axi_arready:in:1
  m_axi_rid:in:2-8 m_axi_rdata:in:512 m_axi_rresp:in:2 m_axi_rlast:in:1 m_axi_rvalid:in:1 m_axi_rready:out:1
  s_axis_rx_tdata:in:512 s_axis_rx_tkeep:in:64 s_axis_rx_tlast:in:1 s_axis_rx_tdest:in:6 s_axis_rx_tuser:in:144
  s_axis_rx_tvalid:in:1 s_axis_rx_tready:out:1
  m_axis_tx_tdata:out:512 m_axis_tx_tkeep:out:64 m_axis_tx_tlast:out:1 m_axis_tx_tid:out:6 m_axis_tx_tuser:out:65
  m_axis_tx_tvalid:out:1 m_axis_tx_tready:in:1
  ev_rx_drop_o:out:1
  irq_valid_o:out:1 irq_vector_o:out:7 irq_ready_i:in:1
  idle_o:out:1)
# With FEATURES.RSS: all of them or none.
set(rss_ports s_axis_rx_tsteered:in:1 ev_rx_done_o:out:1 ev_rx_queue_o:out:6)

# A port of the header reads as VL_IN8(&name,5,0), or VL_OUTW(&name,143,0,5).
file(STRINGS ${HEADER} lines REGEX "VL_(IN|OUT|INOUT)[0-9W]*\\(&")
foreach(line IN LISTS lines)
  if(line MATCHES "VL_(IN|OUT|INOUT)[0-9W]*\\(&([A-Za-z0-9_]+),([0-9]+),([0-9]+)")
    string(TOLOWER ${CMAKE_MATCH_1} seen_${CMAKE_MATCH_2})
    math(EXPR bits_${CMAKE_MATCH_2} "${CMAKE_MATCH_3} - ${CMAKE_MATCH_4} + 1")
  endif()
endforeach()

set(word_in "input")
set(word_out "output")
set(word_inout "inout")
set(wrong "")
foreach(port IN LISTS rss_ports)
  string(REGEX REPLACE ":.*" "" name ${port})
  if(seen_${name})
    list(APPEND ports ${rss_ports})
    break()
  endif()
endforeach()
foreach(port IN LISTS ports)
  string(REGEX MATCH "^([a-z0-9_]+):(in|out):([0-9]+)-?([0-9]*)$" matched ${port})
  set(name ${CMAKE_MATCH_1})
  set(direction ${CMAKE_MATCH_2})
  set(fewest ${CMAKE_MATCH_3})
  set(most ${CMAKE_MATCH_4})
  set(asked "${fewest} to ${most}")
  if(NOT most)
    set(most ${fewest})
    set(asked ${fewest})
  endif()
  if(NOT DEFINED seen_${name})
    set(got "none of that name")
  elseif(NOT seen_${name} STREQUAL direction OR bits_${name} LESS fewest OR bits_${name} GREATER most)
    set(got "an ${word_${seen_${name}}} of ${bits_${name}}")
  else()
    continue()
  endif()
  string(APPEND wrong "\n  ${TOP}: port ${name}: expected an ${word_${direction}} of ${asked} bits, got ${got}")
endforeach()
if(seen_m_axi_arid AND seen_m_axi_rid AND NOT bits_m_axi_arid EQUAL bits_m_axi_rid)
  set(both "expected as many bits as m_axi_arid (${bits_m_axi_arid}), got ${bits_m_axi_rid}")
  string(APPEND wrong "\n  ${TOP}: port m_axi_rid: ${both}")
endif()
if(wrong)
  message(FATAL_ERROR "engine ${ENGINE}: docs/design/queue-engine.md, \"Ports\":${wrong}")
endif()
