// The queue engine: moves frames between the MAC's streams and descriptor rings in host memory.
// Role     joins the parts; the bus edges are those of docs/design/queue-engine.md, to the letter
// Shapes   data paths 512 bits, bursts of at most 8 beats inside 512-byte blocks
// Units    RxQueues, TxQueues: 1 to 64; RingLog2Max: 1 to 16; DescDepth: descriptors kept per queue: 8, 16 or
//          32; FramesMax: frames under way per direction, a power of two; TxBufferBeats: a power of two from
//          16 on; ReadTags: reads under way of each of the three readers, 2 to 64
// Timing   idle_o depends on registers only: while it is high and no input valid is, a clock edge changes
//          nothing. Waiting for an answer of memory is idle in this sense
// Errors   see the parts
// Source   docs/design/queue-engine.md
`include "check.svh"

module nic_queue_engine #(
  parameter int unsigned RxQueues      = 16,
  parameter int unsigned TxQueues      = 16,
  parameter int unsigned RingLog2Max   = 16,
  parameter int unsigned DescDepth     = 32,
  parameter int unsigned FramesMax     = 128,
  parameter int unsigned TxBufferBeats = 256,
  parameter int unsigned ReadTags      = 64
) (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  // registers
  input  logic [15:0]  s_axil_awaddr,
  input  logic         s_axil_awvalid,
  output logic         s_axil_awready,
  input  logic [31:0]  s_axil_wdata,
  input  logic [3:0]   s_axil_wstrb,
  input  logic         s_axil_wvalid,
  output logic         s_axil_wready,
  output logic [1:0]   s_axil_bresp,
  output logic         s_axil_bvalid,
  input  logic         s_axil_bready,
  input  logic [15:0]  s_axil_araddr,
  input  logic         s_axil_arvalid,
  output logic         s_axil_arready,
  output logic [31:0]  s_axil_rdata,
  output logic [1:0]   s_axil_rresp,
  output logic         s_axil_rvalid,
  input  logic         s_axil_rready,

  // host memory
  output logic [3:0]   m_axi_awid,
  output logic [63:0]  m_axi_awaddr,
  output logic [7:0]   m_axi_awlen,
  output logic [2:0]   m_axi_awsize,
  output logic [1:0]   m_axi_awburst,
  output logic [6:0]   m_axi_awuser,
  output logic         m_axi_awvalid,
  input  logic         m_axi_awready,
  output logic [511:0] m_axi_wdata,
  output logic [63:0]  m_axi_wstrb,
  output logic         m_axi_wlast,
  output logic         m_axi_wvalid,
  input  logic         m_axi_wready,
  input  logic [3:0]   m_axi_bid,
  input  logic [1:0]   m_axi_bresp,
  input  logic         m_axi_bvalid,
  output logic         m_axi_bready,
  output logic [7:0]   m_axi_arid,
  output logic [63:0]  m_axi_araddr,
  output logic [7:0]   m_axi_arlen,
  output logic [2:0]   m_axi_arsize,
  output logic [1:0]   m_axi_arburst,
  output logic [6:0]   m_axi_aruser,
  output logic         m_axi_arvalid,
  input  logic         m_axi_arready,
  input  logic [7:0]   m_axi_rid,
  input  logic [511:0] m_axi_rdata,
  input  logic [1:0]   m_axi_rresp,
  input  logic         m_axi_rlast,
  input  logic         m_axi_rvalid,
  output logic         m_axi_rready,

  // received frames
  input  logic [511:0] s_axis_rx_tdata,
  input  logic [63:0]  s_axis_rx_tkeep,
  input  logic         s_axis_rx_tlast,
  input  logic [5:0]   s_axis_rx_tdest,
  input  logic         s_axis_rx_tsteered,
  input  logic [143:0] s_axis_rx_tuser,
  input  logic         s_axis_rx_tvalid,
  output logic         s_axis_rx_tready,
  output logic         ev_rx_done_o,
  output logic         ev_rx_drop_o,
  output logic [5:0]   ev_rx_queue_o,

  // frames to send
  output logic [511:0] m_axis_tx_tdata,
  output logic [63:0]  m_axis_tx_tkeep,
  output logic         m_axis_tx_tlast,
  output logic [5:0]   m_axis_tx_tid,
  output logic [64:0]  m_axis_tx_tuser,
  output logic         m_axis_tx_tvalid,
  input  logic         m_axis_tx_tready,

  // interrupt requests
  output logic         irq_valid_o,
  output logic [6:0]   irq_vector_o,
  input  logic         irq_ready_i,

  output logic         idle_o
);

  localparam int unsigned RxQueueW = (RxQueues > 1) ? $clog2(RxQueues) : 1;
  localparam int unsigned TxQueueW = (TxQueues > 1) ? $clog2(TxQueues) : 1;

  // Registers
  logic [5:0]  cmd_queue;
  logic [5:0]  cmd_word;
  logic [31:0] cmd_wdata, rx_rdata, tx_rdata;
  logic        rx_write, tx_write, rx_queue_enabled, tx_queue_enabled, rx_in_flight, tx_in_flight;
  logic        regs_active, rss_write;
  logic [5:0]  rss_word;
  logic [31:0] rss_rdata;

  nic_regs #(.RxQueues(RxQueues), .TxQueues(TxQueues), .RingLog2Max(RingLog2Max)) u_regs (
    .clk_i, .rst_ni,
    .s_axil_awaddr, .s_axil_awvalid, .s_axil_awready, .s_axil_wdata, .s_axil_wstrb, .s_axil_wvalid,
    .s_axil_wready, .s_axil_bresp, .s_axil_bvalid, .s_axil_bready, .s_axil_araddr, .s_axil_arvalid,
    .s_axil_arready, .s_axil_rdata, .s_axil_rresp, .s_axil_rvalid, .s_axil_rready,
    .queue_o(cmd_queue), .word_o(cmd_word), .wdata_o(cmd_wdata),
    .rx_write_o(rx_write), .tx_write_o(tx_write), .rx_rdata_i(rx_rdata), .tx_rdata_i(tx_rdata),
    .rx_enabled_i(rx_queue_enabled), .tx_enabled_i(tx_queue_enabled),
    .rx_in_flight_i(rx_in_flight), .tx_in_flight_i(tx_in_flight),
    .rss_write_o(rss_write), .rss_word_o(rss_word), .rss_rdata_i(rss_rdata),
    .active_o(regs_active)
  );

  // Received frames: hash and queue
  logic [511:0] rx_tdata;
  logic [143:0] rx_tuser;
  logic [5:0]   rx_tdest;
  logic         rx_tlast, rx_tvalid, rx_tready, rss_active;

  nic_rss u_rss (
    .clk_i, .rst_ni,
    .s_tdata(s_axis_rx_tdata), .s_tkeep(s_axis_rx_tkeep), .s_tlast(s_axis_rx_tlast), .s_tdest(s_axis_rx_tdest),
    .s_tsteered(s_axis_rx_tsteered), .s_tuser(s_axis_rx_tuser), .s_tvalid(s_axis_rx_tvalid),
    .s_tready(s_axis_rx_tready),
    .m_tdata(rx_tdata), .m_tlast(rx_tlast), .m_tdest(rx_tdest), .m_tuser(rx_tuser),
    .m_tvalid(rx_tvalid), .m_tready(rx_tready),
    .write_i(rss_write), .word_i(rss_word), .wdata_i(cmd_wdata), .rdata_o(rss_rdata),
    .active_o(rss_active)
  );
  assign ev_rx_done_o  = rx_tvalid && rx_tready && rx_tlast;
  assign ev_rx_queue_o = rx_tdest;

  // Receive queues: configuration
  logic [RxQueues-1:0] rx_enabled, rx_avail;
  logic [31:0] rx_config_rdata, rx_start_index, rx_cmd_value;
  logic [4:0]  rx_cmd_log2, rx_fetch_log2, rx_ring_comp_log2, rx_comp_log2;
  logic        rx_start, rx_stop, rx_doorbell, rx_arm, rx_clear;
  logic [7:0]  rx_coalesce_count, rx_moderation_count, unused_weight;
  logic [15:0] rx_coalesce_cycles, rx_moderation_cycles;
  logic [5:0]  rx_irq_look;
  logic [5:0]  rx_fetch_queue, rx_comp_queue, rx_index_queue;
  logic [63:6] rx_fetch_base, rx_comp_base;
  logic [63:2] rx_index_addr;
  logic [5:0]  rx_pop_queue;

  nic_queue_config #(.Queues(RxQueues), .RingLog2Max(RingLog2Max)) u_rx_config (
    .clk_i, .rst_ni,
    .write_i(rx_write), .queue_i(cmd_queue), .word_i(cmd_word), .wdata_i(cmd_wdata),
    .rdata_o(rx_config_rdata), .queue_enabled_o(rx_queue_enabled), .queue_log2_o(rx_cmd_log2),
    .start_o(rx_start), .start_index_o(rx_start_index), .stop_o(rx_stop), .doorbell_o(rx_doorbell),
    .arm_o(rx_arm), .clear_o(rx_clear), .enabled_o(rx_enabled),
    .fetch_queue_i(rx_fetch_queue), .fetch_base_o(rx_fetch_base), .fetch_log2_o(rx_fetch_log2),
    .comp_queue_i(rx_comp_queue), .comp_base_o(rx_comp_base), .comp_log2_o(rx_ring_comp_log2),
    .index_queue_i(rx_index_queue), .index_addr_o(rx_index_addr), .coalesce_count_o(rx_coalesce_count),
    .coalesce_cycles_o(rx_coalesce_cycles), .irq_queue_i(rx_irq_look),
    .moderation_count_o(rx_moderation_count), .moderation_cycles_o(rx_moderation_cycles),
    .turn_queue_i(6'd0), .weight_o(unused_weight)
  );
  assign rx_cmd_value = rx_start ? rx_start_index : cmd_wdata;

  logic [31:0] rx_zc_rdata, rx_comp_start;
  logic        rx_cmd_zero_copy, rx_fetch_zero_copy, rx_pop_zero_copy, rx_comp_zero_copy, rx_index_zero_copy;
  logic [63:0] rx_umem_base, rx_umem_limit;
  logic [15:0] rx_room, rx_headroom;
  logic [4:0]  rx_zc_comp_log2;
  logic [63:2] rx_comp_addr;
  nic_zero_copy #(.Queues(RxQueues), .RingLog2Max(RingLog2Max)) u_rx_zero_copy (
    .clk_i, .rst_ni,
    .write_i(rx_write), .queue_i(cmd_queue), .word_i(cmd_word), .wdata_i(cmd_wdata),
    .enabled_i(rx_queue_enabled), .rdata_o(rx_zc_rdata), .on_o(rx_cmd_zero_copy),
    .comp_start_o(rx_comp_start),
    .fetch_queue_i(rx_fetch_queue), .fetch_on_o(rx_fetch_zero_copy),
    .pop_queue_i(rx_pop_queue), .pop_on_o(rx_pop_zero_copy), .umem_base_o(rx_umem_base),
    .umem_limit_o(rx_umem_limit), .length_o(rx_room), .headroom_o(rx_headroom),
    .comp_queue_i(rx_comp_queue), .comp_on_o(rx_comp_zero_copy), .comp_log2_o(rx_zc_comp_log2),
    .index_queue_i(rx_index_queue), .index_on_o(rx_index_zero_copy), .comp_addr_o(rx_comp_addr)
  );
  assign rx_comp_log2 = rx_comp_zero_copy ? rx_zc_comp_log2 : rx_ring_comp_log2;

  // Receive queues: descriptors
  logic [31:0]  rx_finished, rx_fetched, rx_used;
  logic         rx_reading, rx_range_error, rx_fetch_active, rx_ev_refused;
  logic [31:0]  rx_fetches, rx_refused;
  logic         rx_desc_arvalid, rx_desc_arready, rx_desc_rvalid, rerror;
  logic [63:6]  rx_desc_araddr;
  logic [5:0]   rx_desc_arqueue, rx_desc_artag, rtag;
  logic         rx_pop, rx_pending, rx_ring_long, rx_ring_bad, rx_desc_long, rx_desc_bad, rx_invalid;
  logic [63:0]  rx_ring_addr, rx_desc_addr;
  logic [47:0]  rx_desc_entry;
  logic [15:0]  rx_ring_length, rx_desc_length;
  logic [31:0]  rx_desc_cookie, unused_index;

  nic_desc_fetch #(.Queues(RxQueues), .Depth(DescDepth), .Tags(ReadTags)) u_rx_fetch (
    .clk_i, .rst_ni,
    .start_i(rx_start), .doorbell_i(rx_doorbell), .cmd_queue_i(cmd_queue), .cmd_value_i(rx_cmd_value),
    .cmd_log2_i(rx_cmd_log2), .cmd_finished_i(rx_finished), .fetched_o(rx_fetched), .used_o(rx_used),
    .reading_o(rx_reading), .range_error_o(rx_range_error), .fetches_o(rx_fetches), .refused_o(rx_refused),
    .ev_refused_o(rx_ev_refused),
    .enabled_i(rx_enabled), .fetch_queue_o(rx_fetch_queue), .fetch_base_i(rx_fetch_base),
    .fetch_log2_i(rx_fetch_log2), .fetch_short_i(rx_fetch_zero_copy),
    .arvalid_o(rx_desc_arvalid), .arready_i(rx_desc_arready), .araddr_o(rx_desc_araddr),
    .arqueue_o(rx_desc_arqueue), .artag_o(rx_desc_artag), .rvalid_i(rx_desc_rvalid), .rtag_i(rtag),
    .rlast_i(m_axi_rlast), .rdata_i(m_axi_rdata), .rerror_i(rerror),
    .avail_o(rx_avail), .pop_queue_i(rx_pop_queue), .pop_i(rx_pop), .pending_o(rx_pending),
    .desc_addr_o(rx_ring_addr), .desc_length_o(rx_ring_length), .desc_long_o(rx_ring_long),
    .desc_cookie_o(rx_desc_cookie), .desc_index_o(unused_index), .desc_bad_o(rx_ring_bad),
    .active_o(rx_fetch_active)
  );

  nic_umem_window #(.Receive(1)) u_rx_window (
    .clk_i, .rst_ni, .used_i(rx_pop),
    .on_i(rx_pop_zero_copy), .address_i(rx_ring_addr), .length_i(rx_ring_length), .long_i(rx_ring_long),
    .umem_base_i(rx_umem_base), .umem_limit_i(rx_umem_limit), .room_i(rx_room), .headroom_i(rx_headroom),
    .address_o(rx_desc_addr), .length_o(rx_desc_length), .long_o(rx_desc_long), .invalid_o(rx_invalid),
    .entry_o(rx_desc_entry)
  );
  assign rx_desc_bad = rx_ring_bad || rx_invalid;

  // Receive queues: payload
  logic         frame_valid, frame_ready, frame_cut, frame_bad, frame_empty, frame_zero_copy;
  logic [5:0]   frame_queue;
  logic [15:0]  frame_length;
  logic [31:0]  frame_cookie, frame_hash, rx_drops;
  logic [63:0]  frame_timestamp;
  logic [31:0]  frame_meta;
  logic         burst_valid, burst_ready, burst_last, rx_write_active;
  logic         payload_awvalid, payload_awready, payload_wvalid, payload_wready, payload_wlast;
  logic [63:6]  payload_awaddr;
  logic [2:0]   payload_awlen;
  logic [5:0]   payload_awqueue;
  logic [511:0] payload_wdata;
  logic [63:0]  payload_wstrb;

  nic_rx_write #(.Queues(RxQueues)) u_rx_write (
    .clk_i, .rst_ni,
    .rx_tdata, .rx_tlast, .rx_tdest, .rx_tuser, .rx_tvalid, .rx_tready, .ev_drop_o(ev_rx_drop_o),
    .enabled_i(rx_enabled), .avail_i(rx_avail), .pop_queue_o(rx_pop_queue), .pop_o(rx_pop),
    .pending_i(rx_pending), .desc_addr_i(rx_desc_addr), .desc_length_i(rx_desc_length),
    .desc_long_i(rx_desc_long), .desc_cookie_i(rx_desc_cookie), .desc_bad_i(rx_desc_bad),
    .desc_zero_copy_i(rx_pop_zero_copy), .desc_entry_i({rx_headroom, rx_desc_entry}),
    .frame_valid_o(frame_valid), .frame_ready_i(frame_ready), .frame_queue_o(frame_queue),
    .frame_length_o(frame_length), .frame_cookie_o(frame_cookie), .frame_hash_o(frame_hash),
    .frame_timestamp_o(frame_timestamp), .frame_meta_o(frame_meta), .frame_cut_o(frame_cut),
    .frame_bad_o(frame_bad), .frame_empty_o(frame_empty), .frame_zero_copy_o(frame_zero_copy),
    .burst_valid_o(burst_valid), .burst_ready_i(burst_ready), .burst_last_o(burst_last),
    .awvalid_o(payload_awvalid), .awready_i(payload_awready), .awaddr_o(payload_awaddr),
    .awlen_o(payload_awlen), .awqueue_o(payload_awqueue), .wvalid_o(payload_wvalid),
    .wready_i(payload_wready), .wdata_o(payload_wdata), .wstrb_o(payload_wstrb), .wlast_o(payload_wlast),
    .cmd_queue_i(cmd_queue), .drops_o(rx_drops),
    .active_o(rx_write_active)
  );

  // Receive queues: completion
  logic         payload_bvalid, comp_bvalid, rx_index_bvalid, tx_index_bvalid, berror;
  logic         comp_awvalid, comp_awready, comp_wvalid, comp_wready, rx_comp_active;
  logic [63:6]  comp_awaddr;
  logic [5:0]   comp_awqueue, rx_done_queue;
  logic [511:0] comp_wdata;
  logic [15:0]  comp_wwords;
  logic [1:0]   rx_done_count, rx_done_errors;
  logic         rx_done, rx_done_entry, rx_ev_failed;
  logic [31:0]  rx_completions;
  logic [5:0]   rx_ev_failed_queue;

  nic_rx_complete #(.Queues(RxQueues), .FramesMax(FramesMax)) u_rx_complete (
    .clk_i, .rst_ni,
    .start_i(rx_start), .cmd_queue_i(cmd_queue),
    .cmd_value_i(rx_cmd_zero_copy ? rx_comp_start : rx_cmd_value), .issued_o(rx_completions),
    .frame_valid_i(frame_valid), .frame_ready_o(frame_ready), .frame_queue_i(frame_queue),
    .frame_length_i(frame_length), .frame_cookie_i(frame_cookie), .frame_hash_i(frame_hash),
    .frame_timestamp_i(frame_timestamp), .frame_meta_i(frame_meta), .frame_cut_i(frame_cut),
    .frame_bad_i(frame_bad), .frame_empty_i(frame_empty), .frame_zero_copy_i(frame_zero_copy),
    .burst_valid_i(burst_valid), .burst_ready_o(burst_ready), .burst_last_i(burst_last),
    .payload_bvalid_i(payload_bvalid), .payload_berror_i(berror),
    .comp_queue_o(rx_comp_queue), .comp_base_i(rx_comp_base), .comp_log2_i(rx_comp_log2),
    .awvalid_o(comp_awvalid), .awready_i(comp_awready), .awaddr_o(comp_awaddr), .awqueue_o(comp_awqueue),
    .wvalid_o(comp_wvalid), .wready_i(comp_wready), .wdata_o(comp_wdata), .wwords_o(comp_wwords),
    .bvalid_i(comp_bvalid), .berror_i(berror),
    .done_o(rx_done), .done_queue_o(rx_done_queue), .done_count_o(rx_done_count),
    .done_errors_o(rx_done_errors), .done_entry_o(rx_done_entry), .ev_failed_o(rx_ev_failed), .ev_failed_queue_o(rx_ev_failed_queue),
    .active_o(rx_comp_active)
  );

  logic        rx_index_awvalid, rx_index_awready, rx_index_wvalid, rx_index_wready;
  logic [63:6] rx_index_awaddr;
  logic [5:0]  rx_index_awqueue, rx_moved_queue;
  logic [31:0] rx_index_wdata, rx_published, rx_frames, rx_errors, rx_irq_published;
  logic [31:0] rx_publishes, rx_interrupts;
  logic [3:0]  rx_index_wword;
  logic        rx_moved, rx_writing, rx_publish_active;

  nic_publish #(.Queues(RxQueues)) u_rx_publish (
    .clk_i, .rst_ni,
    .start_i(rx_start), .cmd_queue_i(cmd_queue), .cmd_value_i(rx_cmd_value),
    .cmd_comp_start_i(rx_comp_start), .finished_o(rx_finished),
    .published_o(rx_published), .frames_o(rx_frames), .errors_o(rx_errors),
    .publishes_o(rx_publishes), .writing_o(rx_writing),
    .done_i(rx_done), .done_queue_i(rx_done_queue), .done_count_i(rx_done_count), .done_errors_i(rx_done_errors),
    .done_entry_i(rx_done_entry), .zero_copy_i(rx_index_zero_copy), .comp_addr_i(rx_comp_addr),
    .index_queue_o(rx_index_queue), .index_addr_i(rx_index_addr), .coalesce_count_i(rx_coalesce_count),
    .coalesce_cycles_i(rx_coalesce_cycles),
    .awvalid_o(rx_index_awvalid), .awready_i(rx_index_awready), .awaddr_o(rx_index_awaddr),
    .awqueue_o(rx_index_awqueue), .wvalid_o(rx_index_wvalid), .wready_i(rx_index_wready),
    .wdata_o(rx_index_wdata), .wword_o(rx_index_wword), .bvalid_i(rx_index_bvalid), .berror_i(berror),
    .moved_o(rx_moved), .moved_queue_o(rx_moved_queue), .irq_queue_i(rx_irq_look),
    .irq_published_o(rx_irq_published),
    .active_o(rx_publish_active)
  );

  logic       rx_irq_valid, rx_irq_ready, rx_irq_active;
  logic [5:0] rx_irq_queue;
  nic_irq #(.Queues(RxQueues)) u_rx_irq (
    .clk_i, .rst_ni,
    .start_i(rx_start), .stop_i(rx_stop), .arm_i(rx_arm), .cmd_queue_i(cmd_queue), .cmd_value_i(cmd_wdata),
    .enabled_i(rx_enabled), .moved_i(rx_moved), .moved_queue_i(rx_moved_queue), .irq_queue_o(rx_irq_look),
    .irq_published_i(rx_irq_published), .moderation_count_i(rx_moderation_count),
    .moderation_cycles_i(rx_moderation_cycles), .interrupts_o(rx_interrupts), .valid_o(rx_irq_valid),
    .ready_i(rx_irq_ready),
    .queue_o(rx_irq_queue), .active_o(rx_irq_active)
  );

  assign rx_in_flight = rx_reading || rx_writing || rx_used != rx_published;

  logic        rx_ev_invalid;
  logic [31:0] rx_invalids, rx_truncated;
  assign rx_ev_invalid = rx_pop && !rx_ring_bad && rx_invalid;
  nic_counter #(.Queues(RxQueues)) u_rx_invalid (
    .clk_i, .rst_ni, .event_i(rx_ev_invalid), .event_queue_i(rx_pop_queue[RxQueueW-1:0]),
    .cmd_queue_i(cmd_queue[RxQueueW-1:0]), .count_o(rx_invalids)
  );
  nic_counter #(.Queues(RxQueues)) u_rx_truncated (
    .clk_i, .rst_ni, .event_i(frame_valid && frame_zero_copy && frame_cut),
    .event_queue_i(rx_pop_queue[RxQueueW-1:0]), .cmd_queue_i(cmd_queue[RxQueueW-1:0]), .count_o(rx_truncated)
  );

  logic [5:0]  rx_event, rx_causes;
  logic [35:0] rx_event_queue;
  always_comb begin
    rx_event       = '0;
    rx_event_queue = '0;
    rx_event[nic_pkg::CauseDescriptorReadBit] = rx_pop && rx_ring_bad;
    rx_event_queue[6 * nic_pkg::CauseDescriptorReadBit +: 6] = rx_pop_queue;
    rx_event[nic_pkg::CauseDescriptorBit] = rx_ev_invalid;
    rx_event_queue[6 * nic_pkg::CauseDescriptorBit +: 6] = rx_pop_queue;
    rx_event[nic_pkg::CausePayloadBit] = rx_ev_failed;
    rx_event_queue[6 * nic_pkg::CausePayloadBit +: 6] = rx_ev_failed_queue;
    rx_event[nic_pkg::CauseCompletionBit] = rx_done && berror;
    rx_event_queue[6 * nic_pkg::CauseCompletionBit +: 6] = rx_done_queue;
    rx_event[nic_pkg::CauseIndexBit] = rx_index_bvalid && berror;
    rx_event_queue[6 * nic_pkg::CauseIndexBit +: 6] = rx_moved_queue;
    rx_event[nic_pkg::CauseDoorbellBit] = rx_ev_refused;
    rx_event_queue[6 * nic_pkg::CauseDoorbellBit +: 6] = cmd_queue;
  end

  nic_error_cause #(.Queues(RxQueues)) u_rx_cause (
    .clk_i, .rst_ni, .start_i(rx_start), .clear_i(rx_clear), .cmd_queue_i(cmd_queue), .cmd_causes_i(cmd_wdata[5:0]),
    .event_i(rx_event), .event_queue_i(rx_event_queue),
    .causes_o(rx_causes)
  );

  nic_queue_rdata u_rx_rdata (
    .word_i(cmd_word), .config_i(rx_config_rdata | rx_zc_rdata), .published_i(rx_published), .fetched_i(rx_fetched),
    .frames_i(rx_frames), .drops_i(rx_drops), .errors_i(rx_errors), .enabled_i(rx_queue_enabled),
    .in_flight_i(rx_in_flight), .range_error_i(rx_range_error), .causes_i(rx_causes),
    .fetches_i(rx_fetches), .publishes_i(rx_publishes), .interrupts_i(rx_interrupts),
    .refused_i(rx_refused), .completions_i(rx_completions), .invalid_i(rx_invalids),
    .truncated_i(rx_truncated), .rdata_o(rx_rdata)
  );

  // Transmit queues: configuration
  logic [TxQueues-1:0] tx_enabled, tx_avail;
  logic [31:0] tx_config_rdata, tx_start_index, tx_cmd_value;
  logic [4:0]  tx_cmd_log2, tx_fetch_log2, unused_comp_log2;
  logic        tx_start, tx_stop, tx_doorbell, tx_arm, tx_clear;
  logic [7:0]  tx_coalesce_count, tx_moderation_count, tx_weight;
  logic [15:0] tx_coalesce_cycles, tx_moderation_cycles;
  logic [5:0]  tx_irq_look;
  logic [5:0]  tx_fetch_queue, tx_index_queue, tx_turn_queue, tx_pop_queue, tx_comp_queue;
  logic [63:6] tx_fetch_base, tx_comp_base;
  logic [63:2] tx_index_addr;

  nic_queue_config #(.Queues(TxQueues), .RingLog2Max(RingLog2Max)) u_tx_config (
    .clk_i, .rst_ni,
    .write_i(tx_write), .queue_i(cmd_queue), .word_i(cmd_word), .wdata_i(cmd_wdata),
    .rdata_o(tx_config_rdata), .queue_enabled_o(tx_queue_enabled), .queue_log2_o(tx_cmd_log2),
    .start_o(tx_start), .start_index_o(tx_start_index), .stop_o(tx_stop), .doorbell_o(tx_doorbell),
    .arm_o(tx_arm), .clear_o(tx_clear), .enabled_o(tx_enabled),
    .fetch_queue_i(tx_fetch_queue), .fetch_base_o(tx_fetch_base), .fetch_log2_o(tx_fetch_log2),
    .comp_queue_i(tx_comp_queue), .comp_base_o(tx_comp_base), .comp_log2_o(unused_comp_log2),
    .index_queue_i(tx_index_queue), .index_addr_o(tx_index_addr), .coalesce_count_o(tx_coalesce_count),
    .coalesce_cycles_o(tx_coalesce_cycles), .irq_queue_i(tx_irq_look),
    .moderation_count_o(tx_moderation_count), .moderation_cycles_o(tx_moderation_cycles),
    .turn_queue_i(tx_turn_queue), .weight_o(tx_weight)
  );
  assign tx_cmd_value = tx_start ? tx_start_index : cmd_wdata;

  logic [31:0] tx_zc_rdata, tx_comp_start;
  logic        unused_cmd_zc, unused_fetch_zc, tx_pop_zero_copy, unused_comp_zc, tx_index_zero_copy;
  logic [63:0] tx_umem_base, tx_umem_limit;
  logic [15:0] tx_room, tx_headroom;
  logic [4:0]  tx_zc_comp_log2;
  logic [63:2] tx_comp_addr;
  nic_zero_copy #(.Queues(TxQueues), .RingLog2Max(RingLog2Max)) u_tx_zero_copy (
    .clk_i, .rst_ni,
    .write_i(tx_write), .queue_i(cmd_queue), .word_i(cmd_word), .wdata_i(cmd_wdata),
    .enabled_i(tx_queue_enabled), .rdata_o(tx_zc_rdata), .on_o(unused_cmd_zc),
    .comp_start_o(tx_comp_start),
    .fetch_queue_i(tx_fetch_queue), .fetch_on_o(unused_fetch_zc),
    .pop_queue_i(tx_pop_queue), .pop_on_o(tx_pop_zero_copy), .umem_base_o(tx_umem_base),
    .umem_limit_o(tx_umem_limit), .length_o(tx_room), .headroom_o(tx_headroom),
    .comp_queue_i(tx_comp_queue), .comp_on_o(unused_comp_zc), .comp_log2_o(tx_zc_comp_log2),
    .index_queue_i(tx_index_queue), .index_on_o(tx_index_zero_copy), .comp_addr_o(tx_comp_addr)
  );

  // Transmit queues: descriptors
  logic [31:0]  tx_finished, tx_fetched, tx_used, tx_desc_cookie, tx_desc_index;
  logic         tx_reading, tx_range_error, tx_fetch_active, tx_ev_refused;
  logic [31:0]  tx_fetches, tx_refused;
  logic         tx_desc_arvalid, tx_desc_arready, tx_desc_rvalid;
  logic [63:6]  tx_desc_araddr;
  logic [5:0]   tx_desc_arqueue, tx_desc_artag;
  logic         tx_pop, unused_pending, tx_ring_long, tx_ring_bad, tx_desc_long, tx_desc_bad, tx_invalid;
  logic [63:0]  tx_ring_addr, tx_desc_addr;
  logic [47:0]  tx_desc_entry;
  logic [15:0]  tx_ring_length, tx_desc_length;

  nic_desc_fetch #(.Queues(TxQueues), .Depth(DescDepth), .Tags(ReadTags)) u_tx_fetch (
    .clk_i, .rst_ni,
    .start_i(tx_start), .doorbell_i(tx_doorbell), .cmd_queue_i(cmd_queue), .cmd_value_i(tx_cmd_value),
    .cmd_log2_i(tx_cmd_log2), .cmd_finished_i(tx_finished), .fetched_o(tx_fetched), .used_o(tx_used),
    .reading_o(tx_reading), .range_error_o(tx_range_error), .fetches_o(tx_fetches), .refused_o(tx_refused),
    .ev_refused_o(tx_ev_refused),
    .enabled_i(tx_enabled), .fetch_queue_o(tx_fetch_queue), .fetch_base_i(tx_fetch_base),
    .fetch_log2_i(tx_fetch_log2), .fetch_short_i(1'b0),
    .arvalid_o(tx_desc_arvalid), .arready_i(tx_desc_arready), .araddr_o(tx_desc_araddr),
    .arqueue_o(tx_desc_arqueue), .artag_o(tx_desc_artag), .rvalid_i(tx_desc_rvalid), .rtag_i(rtag),
    .rlast_i(m_axi_rlast), .rdata_i(m_axi_rdata), .rerror_i(rerror),
    .avail_o(tx_avail), .pop_queue_i(tx_pop_queue), .pop_i(tx_pop), .pending_o(unused_pending),
    .desc_addr_o(tx_ring_addr), .desc_length_o(tx_ring_length), .desc_long_o(tx_ring_long),
    .desc_cookie_o(tx_desc_cookie), .desc_index_o(tx_desc_index), .desc_bad_o(tx_ring_bad),
    .active_o(tx_fetch_active)
  );

  nic_umem_window #(.Receive(0)) u_tx_window (
    .clk_i, .rst_ni, .used_i(tx_pop),
    .on_i(tx_pop_zero_copy), .address_i(tx_ring_addr), .length_i(tx_ring_length), .long_i(tx_ring_long),
    .umem_base_i(tx_umem_base), .umem_limit_i(tx_umem_limit), .room_i(tx_room), .headroom_i(tx_headroom),
    .address_o(tx_desc_addr), .length_o(tx_desc_length), .long_o(tx_desc_long), .invalid_o(tx_invalid),
    .entry_o(tx_desc_entry)
  );
  assign tx_desc_bad = tx_ring_bad || tx_invalid;

  // Transmit queues: payload
  logic         payload_arvalid, payload_arready, payload_rvalid, tx_read_active, tx_send_active;
  logic [63:6]  payload_araddr;
  logic [2:0]   payload_arlen;
  logic [5:0]   payload_arqueue, payload_artag, tx_done_queue;
  logic         tx_done, tx_done_error;
  logic         tx_done_zero_copy, tx_done_skip, tx_reserve, tx_comp_ready;
  logic [47:0]  send_entry, tx_done_entry;
  logic         send_valid, send_ready, send_bad, send_zero_copy, data_valid, data_ready, data_error;
  logic [5:0]   send_queue, send_offset;
  logic [15:0]  send_length;
  logic [31:0]  send_request, send_index;
  logic [511:0] data;

  nic_tx_read #(
    .Queues(TxQueues), .BufferBeats(TxBufferBeats), .FramesMax(FramesMax), .Tags(ReadTags)
  ) u_tx_read (
    .clk_i, .rst_ni,
    .enabled_i(tx_enabled), .avail_i(tx_avail), .turn_queue_o(tx_turn_queue), .weight_i(tx_weight),
    .pop_queue_o(tx_pop_queue), .pop_o(tx_pop),
    .desc_addr_i(tx_desc_addr), .desc_length_i(tx_desc_length), .desc_long_i(tx_desc_long),
    .desc_cookie_i(tx_desc_cookie), .desc_index_i(tx_desc_index), .desc_bad_i(tx_desc_bad),
    .desc_zero_copy_i(tx_pop_zero_copy), .desc_entry_i(tx_desc_entry),
    .arvalid_o(payload_arvalid), .arready_i(payload_arready), .araddr_o(payload_araddr),
    .arlen_o(payload_arlen), .arqueue_o(payload_arqueue), .artag_o(payload_artag), .rvalid_i(payload_rvalid),
    .rtag_i(rtag), .rlast_i(m_axi_rlast), .rdata_i(m_axi_rdata), .rerror_i(rerror),
    .frame_valid_o(send_valid), .frame_ready_i(send_ready), .frame_queue_o(send_queue),
    .frame_offset_o(send_offset), .frame_length_o(send_length), .frame_request_o(send_request),
    .frame_index_o(send_index), .frame_bad_o(send_bad), .frame_zero_copy_o(send_zero_copy),
    .frame_entry_o(send_entry),
    .data_valid_o(data_valid), .data_ready_i(data_ready), .data_o(data), .data_error_o(data_error),
    .active_o(tx_read_active)
  );

  nic_tx_send u_tx_send (
    .clk_i, .rst_ni,
    .frame_valid_i(send_valid), .frame_ready_o(send_ready), .frame_queue_i(send_queue),
    .frame_offset_i(send_offset), .frame_length_i(send_length), .frame_request_i(send_request),
    .frame_index_i(send_index), .frame_bad_i(send_bad), .frame_zero_copy_i(send_zero_copy),
    .frame_entry_i(send_entry), .complete_ready_i(tx_comp_ready), .reserve_o(tx_reserve),
    .data_valid_i(data_valid), .data_ready_o(data_ready), .data_i(data), .data_error_i(data_error),
    .tx_tdata(m_axis_tx_tdata), .tx_tkeep(m_axis_tx_tkeep), .tx_tlast(m_axis_tx_tlast),
    .tx_tid(m_axis_tx_tid), .tx_tuser(m_axis_tx_tuser), .tx_tvalid(m_axis_tx_tvalid),
    .tx_tready(m_axis_tx_tready),
    .done_o(tx_done), .done_queue_o(tx_done_queue), .done_error_o(tx_done_error),
    .done_zero_copy_o(tx_done_zero_copy), .done_entry_o(tx_done_entry), .done_skip_o(tx_done_skip),
    .active_o(tx_send_active)
  );

  // Transmit queues: completion rings
  logic         tx_comp_awvalid, tx_comp_awready, tx_comp_wvalid, tx_comp_wready, tx_comp_bvalid;
  logic         tx_comp_done, tx_comp_entry, tx_comp_error, tx_comp_active, tx_direct;
  logic [63:6]  tx_comp_awaddr;
  logic [5:0]   tx_comp_awqueue, tx_comp_done_queue, tx_comp_answered;
  logic [511:0] tx_comp_wdata;
  logic [15:0]  tx_comp_wwords;
  logic [31:0]  tx_completions;

  nic_tx_complete #(.Queues(TxQueues)) u_tx_complete (
    .clk_i, .rst_ni,
    .start_i(tx_start), .cmd_queue_i(cmd_queue), .cmd_value_i(tx_comp_start), .issued_o(tx_completions),
    .ready_o(tx_comp_ready), .reserve_i(tx_reserve),
    .taken_i(tx_done && tx_done_zero_copy), .taken_queue_i(tx_done_queue), .taken_entry_i(tx_done_entry),
    .taken_skip_i(tx_done_skip), .taken_error_i(tx_done_error),
    .comp_queue_o(tx_comp_queue), .comp_base_i(tx_comp_base), .comp_log2_i(tx_zc_comp_log2),
    .awvalid_o(tx_comp_awvalid), .awready_i(tx_comp_awready), .awaddr_o(tx_comp_awaddr),
    .awqueue_o(tx_comp_awqueue), .wvalid_o(tx_comp_wvalid), .wready_i(tx_comp_wready),
    .wdata_o(tx_comp_wdata), .wwords_o(tx_comp_wwords), .bvalid_i(tx_comp_bvalid), .berror_i(berror),
    .answered_queue_o(tx_comp_answered),
    .done_o(tx_comp_done), .done_ready_i(!tx_direct), .done_queue_o(tx_comp_done_queue),
    .done_entry_o(tx_comp_entry), .done_error_o(tx_comp_error),
    .active_o(tx_comp_active)
  );
  assign tx_direct = tx_done && !tx_done_zero_copy;

  // Transmit queues: publication
  logic        tx_index_awvalid, tx_index_awready, tx_index_wvalid, tx_index_wready;
  logic [63:6] tx_index_awaddr;
  logic [5:0]  tx_index_awqueue, tx_moved_queue;
  logic [31:0] tx_index_wdata, tx_published, tx_frames, tx_errors, tx_irq_published;
  logic [31:0] tx_publishes, tx_interrupts;
  logic [3:0]  tx_index_wword;
  logic        tx_moved, tx_writing, tx_publish_active;

  nic_publish #(.Queues(TxQueues)) u_tx_publish (
    .clk_i, .rst_ni,
    .start_i(tx_start), .cmd_queue_i(cmd_queue), .cmd_value_i(tx_cmd_value),
    .cmd_comp_start_i(tx_comp_start), .finished_o(tx_finished),
    .published_o(tx_published), .frames_o(tx_frames), .errors_o(tx_errors),
    .publishes_o(tx_publishes), .writing_o(tx_writing),
    .done_i(tx_direct || tx_comp_done), .done_queue_i(tx_direct ? tx_done_queue : tx_comp_done_queue),
    .done_count_i(2'd1), .done_errors_i({1'b0, tx_direct ? tx_done_error : tx_comp_error}),
    .done_entry_i(!tx_direct && tx_comp_entry), .zero_copy_i(tx_index_zero_copy), .comp_addr_i(tx_comp_addr),
    .index_queue_o(tx_index_queue), .index_addr_i(tx_index_addr), .coalesce_count_i(tx_coalesce_count),
    .coalesce_cycles_i(tx_coalesce_cycles),
    .awvalid_o(tx_index_awvalid), .awready_i(tx_index_awready), .awaddr_o(tx_index_awaddr),
    .awqueue_o(tx_index_awqueue), .wvalid_o(tx_index_wvalid), .wready_i(tx_index_wready),
    .wdata_o(tx_index_wdata), .wword_o(tx_index_wword), .bvalid_i(tx_index_bvalid), .berror_i(berror),
    .moved_o(tx_moved), .moved_queue_o(tx_moved_queue), .irq_queue_i(tx_irq_look),
    .irq_published_o(tx_irq_published),
    .active_o(tx_publish_active)
  );

  logic       tx_irq_valid, tx_irq_ready, tx_irq_active;
  logic [5:0] tx_irq_queue;
  nic_irq #(.Queues(TxQueues)) u_tx_irq (
    .clk_i, .rst_ni,
    .start_i(tx_start), .stop_i(tx_stop), .arm_i(tx_arm), .cmd_queue_i(cmd_queue), .cmd_value_i(cmd_wdata),
    .enabled_i(tx_enabled), .moved_i(tx_moved), .moved_queue_i(tx_moved_queue), .irq_queue_o(tx_irq_look),
    .irq_published_i(tx_irq_published), .moderation_count_i(tx_moderation_count),
    .moderation_cycles_i(tx_moderation_cycles), .interrupts_o(tx_interrupts), .valid_o(tx_irq_valid),
    .ready_i(tx_irq_ready),
    .queue_o(tx_irq_queue), .active_o(tx_irq_active)
  );

  assign tx_in_flight = tx_reading || tx_writing || tx_used != tx_published;

  logic [31:0] tx_invalids;
  nic_counter #(.Queues(TxQueues)) u_tx_invalid (
    .clk_i, .rst_ni, .event_i(tx_pop && !tx_ring_bad && tx_invalid),
    .event_queue_i(tx_pop_queue[TxQueueW-1:0]), .cmd_queue_i(cmd_queue[TxQueueW-1:0]), .count_o(tx_invalids)
  );

  logic [5:0]  tx_event, tx_causes;
  logic [35:0] tx_event_queue;
  always_comb begin
    tx_event       = '0;
    tx_event_queue = '0;
    tx_event[nic_pkg::CauseDescriptorReadBit] = tx_pop && tx_ring_bad;
    tx_event_queue[6 * nic_pkg::CauseDescriptorReadBit +: 6] = tx_pop_queue;
    tx_event[nic_pkg::CauseDescriptorBit] = tx_pop && !tx_ring_bad &&
                                            (tx_invalid || tx_desc_long || tx_desc_length == 16'd0);
    tx_event_queue[6 * nic_pkg::CauseDescriptorBit +: 6] = tx_pop_queue;
    tx_event[nic_pkg::CausePayloadBit] = tx_done && tx_done_error && !tx_done_skip;
    tx_event_queue[6 * nic_pkg::CausePayloadBit +: 6] = tx_done_queue;
    tx_event[nic_pkg::CauseCompletionBit] = tx_comp_bvalid && berror;
    tx_event_queue[6 * nic_pkg::CauseCompletionBit +: 6] = tx_comp_answered;
    tx_event[nic_pkg::CauseIndexBit] = tx_index_bvalid && berror;
    tx_event_queue[6 * nic_pkg::CauseIndexBit +: 6] = tx_moved_queue;
    tx_event[nic_pkg::CauseDoorbellBit] = tx_ev_refused;
    tx_event_queue[6 * nic_pkg::CauseDoorbellBit +: 6] = cmd_queue;
  end

  nic_error_cause #(.Queues(TxQueues)) u_tx_cause (
    .clk_i, .rst_ni, .start_i(tx_start), .clear_i(tx_clear), .cmd_queue_i(cmd_queue), .cmd_causes_i(cmd_wdata[5:0]),
    .event_i(tx_event), .event_queue_i(tx_event_queue),
    .causes_o(tx_causes)
  );

  nic_queue_rdata u_tx_rdata (
    .word_i(cmd_word), .config_i(tx_config_rdata | tx_zc_rdata), .published_i(tx_published), .fetched_i(tx_fetched),
    .frames_i(tx_frames), .drops_i(32'd0), .errors_i(tx_errors), .enabled_i(tx_queue_enabled),
    .in_flight_i(tx_in_flight), .range_error_i(tx_range_error), .causes_i(tx_causes),
    .fetches_i(tx_fetches), .publishes_i(tx_publishes), .interrupts_i(tx_interrupts),
    .refused_i(tx_refused), .completions_i(tx_completions), .invalid_i(tx_invalids),
    .truncated_i(32'd0), .rdata_o(tx_rdata)
  );

  // Shared edges
  logic write_arb_active, read_arb_active;

  nic_axi_write_arb u_write_arb (
    .clk_i, .rst_ni,
    .payload_awvalid_i(payload_awvalid), .payload_awready_o(payload_awready),
    .payload_awaddr_i(payload_awaddr), .payload_awlen_i(payload_awlen),
    .payload_awqueue_i(payload_awqueue), .payload_wvalid_i(payload_wvalid),
    .payload_wready_o(payload_wready), .payload_wdata_i(payload_wdata), .payload_wstrb_i(payload_wstrb),
    .payload_wlast_i(payload_wlast), .payload_bvalid_o(payload_bvalid),
    .comp_awvalid_i(comp_awvalid), .comp_awready_o(comp_awready), .comp_awaddr_i(comp_awaddr),
    .comp_awqueue_i(comp_awqueue), .comp_wvalid_i(comp_wvalid), .comp_wready_o(comp_wready),
    .comp_wdata_i(comp_wdata), .comp_wwords_i(comp_wwords), .comp_bvalid_o(comp_bvalid),
    .rx_index_awvalid_i(rx_index_awvalid), .rx_index_awready_o(rx_index_awready),
    .rx_index_awaddr_i(rx_index_awaddr), .rx_index_awqueue_i(rx_index_awqueue),
    .rx_index_wvalid_i(rx_index_wvalid), .rx_index_wready_o(rx_index_wready),
    .rx_index_wdata_i(rx_index_wdata), .rx_index_wword_i(rx_index_wword),
    .rx_index_bvalid_o(rx_index_bvalid),
    .tx_index_awvalid_i(tx_index_awvalid), .tx_index_awready_o(tx_index_awready),
    .tx_index_awaddr_i(tx_index_awaddr), .tx_index_awqueue_i(tx_index_awqueue),
    .tx_index_wvalid_i(tx_index_wvalid), .tx_index_wready_o(tx_index_wready),
    .tx_index_wdata_i(tx_index_wdata), .tx_index_wword_i(tx_index_wword),
    .tx_index_bvalid_o(tx_index_bvalid),
    .tx_comp_awvalid_i(tx_comp_awvalid), .tx_comp_awready_o(tx_comp_awready),
    .tx_comp_awaddr_i(tx_comp_awaddr), .tx_comp_awqueue_i(tx_comp_awqueue),
    .tx_comp_wvalid_i(tx_comp_wvalid), .tx_comp_wready_o(tx_comp_wready),
    .tx_comp_wdata_i(tx_comp_wdata), .tx_comp_wwords_i(tx_comp_wwords), .tx_comp_bvalid_o(tx_comp_bvalid),
    .berror_o(berror),
    .m_axi_awid, .m_axi_awaddr, .m_axi_awlen, .m_axi_awuser, .m_axi_awvalid, .m_axi_awready,
    .m_axi_wdata, .m_axi_wstrb, .m_axi_wlast, .m_axi_wvalid, .m_axi_wready,
    .m_axi_bid, .m_axi_bresp, .m_axi_bvalid, .m_axi_bready,
    .active_o(write_arb_active)
  );
  assign m_axi_awsize  = 3'd6;
  assign m_axi_awburst = 2'b01;

  nic_axi_read_arb u_read_arb (
    .clk_i, .rst_ni,
    .rx_desc_arvalid_i(rx_desc_arvalid), .rx_desc_arready_o(rx_desc_arready),
    .rx_desc_araddr_i(rx_desc_araddr), .rx_desc_arqueue_i(rx_desc_arqueue),
    .rx_desc_artag_i(rx_desc_artag), .rx_desc_rvalid_o(rx_desc_rvalid),
    .tx_desc_arvalid_i(tx_desc_arvalid), .tx_desc_arready_o(tx_desc_arready),
    .tx_desc_araddr_i(tx_desc_araddr), .tx_desc_arqueue_i(tx_desc_arqueue),
    .tx_desc_artag_i(tx_desc_artag), .tx_desc_rvalid_o(tx_desc_rvalid),
    .payload_arvalid_i(payload_arvalid), .payload_arready_o(payload_arready),
    .payload_araddr_i(payload_araddr), .payload_arlen_i(payload_arlen),
    .payload_arqueue_i(payload_arqueue), .payload_artag_i(payload_artag), .payload_rvalid_o(payload_rvalid),
    .rtag_o(rtag), .rerror_o(rerror),
    .m_axi_arid, .m_axi_araddr, .m_axi_arlen, .m_axi_aruser, .m_axi_arvalid, .m_axi_arready,
    .m_axi_rid, .m_axi_rresp, .m_axi_rvalid, .m_axi_rready,
    .active_o(read_arb_active)
  );
  assign m_axi_arsize  = 3'd6;
  assign m_axi_arburst = 2'b01;

  nic_irq_merge u_irq_merge (
    .clk_i, .rst_ni,
    .rx_valid_i(rx_irq_valid), .rx_ready_o(rx_irq_ready), .rx_queue_i(rx_irq_queue),
    .tx_valid_i(tx_irq_valid), .tx_ready_o(tx_irq_ready), .tx_queue_i(tx_irq_queue),
    .valid_o(irq_valid_o), .ready_i(irq_ready_i), .vector_o(irq_vector_o)
  );

  assign idle_o = rst_ni &&
                  !(regs_active || rss_active || rx_fetch_active || rx_write_active || rx_comp_active || rx_publish_active ||
                    rx_irq_active || tx_fetch_active || tx_read_active || tx_send_active ||
                    tx_comp_active || tx_publish_active || tx_irq_active || write_arb_active || read_arb_active || irq_valid_o);

  // Rules of the outputs. Wide data is compared by the testbench.
  nic_hold_check #(.Width(82)) u_aw_hold (
    .clk_i, .rst_ni, .valid_i(m_axi_awvalid), .ready_i(m_axi_awready),
    .data_i({m_axi_awid, m_axi_awlen[6:0], m_axi_awuser, m_axi_awaddr})
  );
  nic_hold_check #(.Width(65)) u_w_hold (
    .clk_i, .rst_ni, .valid_i(m_axi_wvalid), .ready_i(m_axi_wready), .data_i({m_axi_wlast, m_axi_wstrb})
  );
  nic_hold_check #(.Width(86)) u_ar_hold (
    .clk_i, .rst_ni, .valid_i(m_axi_arvalid), .ready_i(m_axi_arready),
    .data_i({m_axi_arid, m_axi_arlen[6:0], m_axi_aruser, m_axi_araddr})
  );
  nic_hold_check #(.Width(136)) u_tx_hold (
    .clk_i, .rst_ni, .valid_i(m_axis_tx_tvalid), .ready_i(m_axis_tx_tready),
    .data_i({m_axis_tx_tlast, m_axis_tx_tuser, m_axis_tx_tid, m_axis_tx_tkeep})
  );
  nic_hold_check #(.Width(7)) u_irq_hold (
    .clk_i, .rst_ni, .valid_i(irq_valid_o), .ready_i(irq_ready_i), .data_i(irq_vector_o)
  );

  `REQUIRE(rx_frame_has_bytes, !s_axis_rx_tvalid || s_axis_rx_tuser[15:0] != 16'd0)
  `COVER(idle_with_armed_queue, idle_o)
endmodule
