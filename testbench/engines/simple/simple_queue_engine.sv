// A second queue engine with the bus edges of docs/design/queue-engine.md, as unlike ours as they allow.
// Role     shows that what runs an engine knows the edges and not what lies behind them: one state machine, one
//          descriptor and one bus access at a time, nothing fetched ahead, nothing written together
// Shapes   slot: a queue of either direction; receive queues come first. All that is kept of a queue is kept by slot
// Units    RX_QUEUES, TX_QUEUES: 1 to 64; RING_LOG2_MAX: 1 to 16
// Timing   while one frame is moved the other direction waits; an answer of memory costs what it costs, for each
//          64 bytes
// Errors   as the document says. An arming of a queue that is off is ignored, as a doorbell is
// Source   docs/design/queue-engine.md
`include "check.svh"

module simple_queue_engine #(
  parameter int unsigned RX_QUEUES     = 4,
  parameter int unsigned TX_QUEUES     = 4,
  parameter int unsigned RING_LOG2_MAX = 16
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
  output logic [3:0]   m_axi_arid,
  output logic [63:0]  m_axi_araddr,
  output logic [7:0]   m_axi_arlen,
  output logic [2:0]   m_axi_arsize,
  output logic [1:0]   m_axi_arburst,
  output logic [6:0]   m_axi_aruser,
  output logic         m_axi_arvalid,
  input  logic         m_axi_arready,
  input  logic [3:0]   m_axi_rid,
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
  input  logic [143:0] s_axis_rx_tuser,
  input  logic         s_axis_rx_tvalid,
  output logic         s_axis_rx_tready,
  output logic         ev_rx_drop_o,

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
  localparam int unsigned SLOTS = RX_QUEUES + TX_QUEUES;
  localparam int unsigned SW    = $clog2(SLOTS);
  localparam logic [SW-1:0] FIRST_TX = SW'(RX_QUEUES);
  localparam logic [SW-1:0] LAST     = SW'(SLOTS - 1);
  localparam logic [6:0] RX_COUNT = 7'(RX_QUEUES), TX_COUNT = 7'(TX_QUEUES);

  localparam logic [3:0] ID_PAYLOAD = 4'd0, ID_ENTRY = 4'd1, ID_RX_INDEX = 4'd2, ID_TX_INDEX = 4'd3;
  localparam logic [3:0] ID_RX_DESC = 4'd0, ID_TX_DESC = 4'd1, ID_READ = 4'd2;

  function automatic logic [63:0] low_bytes(input logic [6:0] count);
    low_bytes = (count == 7'd64) ? '1 : (64'd1 << count[5:0]) - 64'd1;
  endfunction

  // What is kept of a queue
  logic [SLOTS-1:0] on_q, armed_q, range_q;
  logic [4:0]  log2_q   [0:SLOTS-1];
  logic [57:0] desc_q   [0:SLOTS-1];
  logic [57:0] comp_q   [0:SLOTS-1];
  logic [61:0] word_q   [0:SLOTS-1];
  logic [31:0] start_q  [0:SLOTS-1];
  logic [31:0] posted_q [0:SLOTS-1];
  logic [31:0] taken_q  [0:SLOTS-1];   // descriptors read
  logic [31:0] told_q   [0:SLOTS-1];   // the published index
  logic [31:0] seen_q   [0:SLOTS-1];   // by the host, when it armed
  logic [31:0] frames_q [0:SLOTS-1];
  logic [31:0] drops_q  [0:SLOTS-1];
  logic [31:0] errors_q [0:SLOTS-1];

  // The one frame that is moved
  typedef enum logic [3:0] {Rest, Drop, Ask, Get, Beat, Write, Answer, Send} step_e;
  typedef enum logic [2:0] {Descriptor, Line, NextLine, LowPart, HighPart, Entry, Index} what_e;
  step_e         step_q;
  what_e         what_q;
  logic          busy_q;     // a frame of slot_q is moved
  logic [SW-1:0] slot_q;
  logic          tx;
  assign tx = slot_q >= FIRST_TX;

  // --- registers -----------------------------------------------------------------------------------------------

  typedef enum logic [1:0] {Free, Act, Written, Found} access_e;
  access_e     access_q;
  logic        has_addr_q, has_data_q, is_write_q, whole_q;
  logic [15:2] waddr_q, raddr_q, addr;
  logic [31:0] value_q, found_q, found;

  assign s_axil_awready = access_q == Free && !has_addr_q;
  assign s_axil_wready  = access_q == Free && !has_data_q;
  assign s_axil_arready = access_q == Free && !(has_addr_q && has_data_q);
  assign s_axil_bvalid  = access_q == Written;
  assign s_axil_bresp   = whole_q ? 2'b00 : 2'b10;
  assign s_axil_rvalid  = access_q == Found;
  assign s_axil_rdata   = found_q;
  assign s_axil_rresp   = 2'b00;

  logic [5:0]    number;
  logic [5:0]    word;
  logic          in_rx, in_tx, there, waits, act, write;
  logic [SW-1:0] slot;
  assign addr   = is_write_q ? waddr_q : raddr_q;
  assign number = addr[13:8];
  assign word   = addr[7:2];
  assign in_rx  = addr[15:14] == nic_pkg::RxBlocks && {1'b0, number} < RX_COUNT;
  assign in_tx  = addr[15:14] == nic_pkg::TxBlocks && {1'b0, number} < TX_COUNT;
  assign there  = in_rx || in_tx;
  assign slot   = in_tx ? SW'(number) + FIRST_TX : SW'(number);

  // An enable waits for what the queue's former life has left under way, and so do the addresses that it uses.
  logic enabling, configuring;
  assign enabling    = there && whole_q && word == nic_pkg::Control && value_q[nic_pkg::ControlEnableBit] && !on_q[slot];
  assign configuring = there && whole_q && word >= nic_pkg::RingLog2 && word <= nic_pkg::IndexAddrHigh && !on_q[slot];
  assign waits       = is_write_q && (enabling || configuring) && busy_q && slot_q == slot;
  assign act      = access_q == Act && !waits;
  assign write    = act && is_write_q && whole_q && there;

  logic start, stop, ring, arm, set;
  logic [31:0] ahead, ahead_before;
  assign start = write && enabling;
  assign stop  = write && word == nic_pkg::Control && !value_q[nic_pkg::ControlEnableBit];
  assign ring  = write && word == nic_pkg::Doorbell && on_q[slot];
  assign arm   = write && word == nic_pkg::IrqArm && on_q[slot];
  assign set   = write && !on_q[slot];
  assign ahead        = value_q - told_q[slot];
  assign ahead_before = posted_q[slot] - told_q[slot];

  logic ring_good;
  assign ring_good = ahead <= (32'd1 << log2_q[slot]) && ahead >= ahead_before;

  always_comb begin
    found = '0;
    if (there) begin
      case (word)
        nic_pkg::Control:       found[nic_pkg::ControlEnableBit] = on_q[slot];
        nic_pkg::RingLog2:      found = {27'd0, log2_q[slot]};
        nic_pkg::DescBaseLow:   found = {desc_q[slot][25:0], 6'd0};
        nic_pkg::DescBaseHigh:  found = desc_q[slot][57:26];
        nic_pkg::CompBaseLow:   found = {comp_q[slot][25:0], 6'd0};
        nic_pkg::CompBaseHigh:  found = comp_q[slot][57:26];
        nic_pkg::IndexAddrLow:  found = {word_q[slot][29:0], 2'd0};
        nic_pkg::IndexAddrHigh: found = word_q[slot][61:30];
        nic_pkg::Published:     found = told_q[slot];
        nic_pkg::Fetched:       found = taken_q[slot];
        nic_pkg::Frames:        found = frames_q[slot];
        nic_pkg::Drops:         found = drops_q[slot];
        nic_pkg::Errors:        found = errors_q[slot];
        nic_pkg::State: begin
          found[nic_pkg::StateEnabledBit]    = on_q[slot];
          found[nic_pkg::StateInFlightBit]   = busy_q && slot_q == slot;
          found[nic_pkg::StateRangeErrorBit] = range_q[slot];
        end
        nic_pkg::StartIndex:    found = start_q[slot];
        default:                found = '0;
      endcase
    end else begin
      case ({addr, 2'b00})
        nic_pkg::IdAddress:      found = nic_pkg::IdValue;
        nic_pkg::VersionAddress: found = nic_pkg::VersionValue;
        nic_pkg::QueuesAddress: begin
          found[nic_pkg::QueuesRxBit +: 7] = RX_COUNT;
          found[nic_pkg::QueuesTxBit +: 7] = TX_COUNT;
        end
        nic_pkg::LimitsAddress:  found[nic_pkg::LimitsRingLog2MaxBit +: 8] = 8'(RING_LOG2_MAX);
        default:                 found = '0;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      access_q   <= Free;
      has_addr_q <= 1'b0;
      has_data_q <= 1'b0;
      is_write_q <= 1'b0;
      whole_q    <= 1'b0;
      waddr_q    <= '0;
      raddr_q    <= '0;
      value_q    <= '0;
      found_q    <= '0;
    end else begin
      if (s_axil_awvalid && s_axil_awready) begin
        has_addr_q <= 1'b1;
        waddr_q    <= s_axil_awaddr[15:2];
      end
      if (s_axil_wvalid && s_axil_wready) begin
        has_data_q <= 1'b1;
        value_q    <= s_axil_wdata;
        whole_q    <= s_axil_wstrb == 4'hF;
      end
      case (access_q)
        Free: begin
          if (has_addr_q && has_data_q) begin
            access_q   <= Act;
            is_write_q <= 1'b1;
          end else if (s_axil_arvalid) begin
            access_q   <= Act;
            is_write_q <= 1'b0;
            raddr_q    <= s_axil_araddr[15:2];
          end
        end
        Act: begin
          found_q <= found;
          if (!waits) access_q <= is_write_q ? Written : Found;
        end
        Written: begin
          if (s_axil_bready) begin
            access_q   <= Free;
            has_addr_q <= 1'b0;
            has_data_q <= 1'b0;
          end
        end
        default: if (s_axil_rready) access_q <= Free;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int i = 0; i < SLOTS; i++) begin
        log2_q[i]  <= 5'd1;
        desc_q[i]  <= '0;
        comp_q[i]  <= '0;
        word_q[i]  <= '0;
        start_q[i] <= '0;
      end
    end else begin
      if (set) begin
        case (word)
          nic_pkg::RingLog2: begin
            if (value_q == 32'd0) log2_q[slot] <= 5'd1;
            else if (value_q > RING_LOG2_MAX) log2_q[slot] <= 5'(RING_LOG2_MAX);
            else log2_q[slot] <= value_q[4:0];
          end
          nic_pkg::DescBaseLow:   desc_q[slot][25:0]  <= value_q[31:6];
          nic_pkg::DescBaseHigh:  desc_q[slot][57:26] <= value_q;
          nic_pkg::CompBaseLow:   comp_q[slot][25:0]  <= value_q[31:6];
          nic_pkg::CompBaseHigh:  comp_q[slot][57:26] <= value_q;
          nic_pkg::IndexAddrLow:  word_q[slot][29:0]  <= value_q[31:2];
          nic_pkg::IndexAddrHigh: word_q[slot][61:30] <= value_q;
          default: ;
        endcase
      end
      if (write && word == nic_pkg::StartIndex) start_q[slot] <= value_q;
    end
  end

  // --- what there is to do -------------------------------------------------------------------------------------

  logic [SLOTS-1:0] posted, due;
  logic             tx_work;
  always_comb begin
    for (int i = 0; i < SLOTS; i++) begin
      posted[i] = on_q[i] && posted_q[i] != taken_q[i];
      due[i]    = on_q[i] && armed_q[i] && told_q[i] != seen_q[i];
    end
  end
  assign tx_work = posted[SLOTS-1:RX_QUEUES] != '0;

  logic          rx_there, rx_has_buffer, rx_first_q, choose_rx;
  logic [SW-1:0] rx_slot, turn_q;
  assign rx_there      = {1'b0, s_axis_rx_tdest} < RX_COUNT;
  assign rx_slot       = rx_there ? SW'(s_axis_rx_tdest) : '0;
  assign rx_has_buffer = rx_there && posted[rx_slot];
  assign choose_rx     = s_axis_rx_tvalid && (rx_first_q || !tx_work);

  // --- the frame -----------------------------------------------------------------------------------------------

  logic [63:0]  at_q;                  // where its next byte lies in memory
  logic [15:0]  left_q, length_q;      // bytes still to move; of the whole
  logic [31:0]  cookie_q, hash_q, meta_q;
  logic [63:0]  time_q;
  logic         cut_q, failed_q, last_q;
  logic [511:0] line_q, next_q;        // TX: the bytes from at_q on lie in these two
  logic         has_line_q, sent_addr_q, sent_data_q;
  logic [511:0] low_data_q, high_data_q;
  logic [63:0]  low_strb_q, high_strb_q;

  logic [31:0] place;                  // of the descriptor in its ring
  logic [4:0]  log2;
  assign log2  = log2_q[slot_q];
  assign place = (what_q == Descriptor ? taken_q[slot_q] : told_q[slot_q]) & ((32'd1 << log2) - 32'd1);

  // Bytes of the next 64 that are to be moved, and whether they lie in two lines of memory.
  logic [6:0] count;
  logic       two_lines;
  assign count     = (left_q >= 16'd64) ? 7'd64 : left_q[6:0];
  assign two_lines = {1'b0, at_q[5:0]} + count > 7'd64;

  // A descriptor
  logic [127:0] descriptor;
  logic [63:0]  d_addr;
  logic [31:0]  d_length, d_cookie;
  logic [15:0]  room, frame_bytes;
  logic         read_failed, d_useless;
  assign descriptor  = m_axi_rdata[{place[1:0], 7'd0} +: 128];
  assign d_addr      = descriptor[63:0];
  assign d_length    = descriptor[95:64];
  assign d_cookie    = descriptor[127:96];
  assign room        = (d_length > 32'hFFFF) ? 16'hFFFF : d_length[15:0];
  assign frame_bytes = s_axis_rx_tuser[15:0];
  assign read_failed = m_axi_rresp[1];
  assign d_useless   = read_failed || d_length == 32'd0 || d_length > 32'hFFFF;

  // Memory
  logic [6:0]    user;
  logic [SW-1:0] tx_number;
  assign tx_number = slot_q - FIRST_TX;
  assign user      = tx ? {1'b1, 6'(tx_number)} : {1'b0, 6'(slot_q)};

  assign m_axi_arvalid = step_q == Ask;
  assign m_axi_arlen   = 8'd0;
  assign m_axi_arsize  = 3'd6;
  assign m_axi_arburst = 2'b01;
  assign m_axi_aruser  = user;
  assign m_axi_rready  = step_q == Get;
  always_comb begin
    case (what_q)
      Descriptor: begin
        m_axi_arid   = tx ? ID_TX_DESC : ID_RX_DESC;
        m_axi_araddr = {desc_q[slot_q] + {28'd0, place[31:2]}, 6'd0};
      end
      NextLine: begin
        m_axi_arid   = ID_READ;
        m_axi_araddr = {at_q[63:6] + 58'd1, 6'd0};
      end
      default: begin
        m_axi_arid   = ID_READ;
        m_axi_araddr = {at_q[63:6], 6'd0};
      end
    endcase
  end

  logic [255:0] entry;
  assign entry = {meta_q, told_q[slot_q], time_q, 30'd0, cut_q, failed_q, hash_q, 16'd0, length_q, cookie_q};

  assign m_axi_awvalid = step_q == Write && !sent_addr_q;
  assign m_axi_wvalid  = step_q == Write && !sent_data_q;
  assign m_axi_awlen   = 8'd0;
  assign m_axi_awsize  = 3'd6;
  assign m_axi_awburst = 2'b01;
  assign m_axi_awuser  = user;
  assign m_axi_wlast   = 1'b1;
  assign m_axi_bready  = step_q == Answer;
  always_comb begin
    m_axi_awid   = ID_PAYLOAD;
    m_axi_awaddr = {at_q[63:6], 6'd0};
    m_axi_wdata  = low_data_q;
    m_axi_wstrb  = low_strb_q;
    case (what_q)
      HighPart: begin
        m_axi_awaddr = {at_q[63:6] + 58'd1, 6'd0};
        m_axi_wdata  = high_data_q;
        m_axi_wstrb  = high_strb_q;
      end
      Entry: begin
        m_axi_awid   = ID_ENTRY;
        m_axi_awaddr = {comp_q[slot_q] + {27'd0, place[31:1]}, 6'd0};
        m_axi_wdata  = {entry, entry};
        m_axi_wstrb  = place[0] ? 64'hFFFF_FFFF_0000_0000 : 64'h0000_0000_FFFF_FFFF;
      end
      Index: begin
        m_axi_awid   = tx ? ID_TX_INDEX : ID_RX_INDEX;
        m_axi_awaddr = {word_q[slot_q][61:4], 6'd0};
        m_axi_wdata  = {16{taken_q[slot_q]}};
        m_axi_wstrb  = 64'hF << {word_q[slot_q][3:0], 2'd0};
      end
      default: ;
    endcase
  end

  // The streams
  logic [1023:0] shifted_in, shifted_out;
  logic [127:0]  shifted_strb;
  assign shifted_in   = {512'd0, s_axis_rx_tdata} << {at_q[5:0], 3'd0};
  assign shifted_strb = {64'd0, low_bytes(count)} << at_q[5:0];
  assign shifted_out  = {next_q, line_q} >> {at_q[5:0], 3'd0};

  assign s_axis_rx_tready = step_q == Drop || step_q == Beat;
  assign ev_rx_drop_o     = step_q == Drop && s_axis_rx_tvalid && s_axis_rx_tlast;

  assign m_axis_tx_tvalid = step_q == Send;
  assign m_axis_tx_tdata  = shifted_out[511:0];
  assign m_axis_tx_tkeep  = low_bytes(count);
  assign m_axis_tx_tlast  = left_q <= 16'd64;
  assign m_axis_tx_tid    = 6'(tx_number);
  assign m_axis_tx_tuser  = {told_q[slot_q], cookie_q, m_axis_tx_tlast && failed_q};

  // A frame ends with its index, whatever came of it.
  logic done_rx, done_tx, index_told;
  assign done_rx    = step_q == Answer && m_axi_bvalid && what_q == Entry;
  assign done_tx    = step_q == Send && m_axis_tx_tready && m_axis_tx_tlast;
  assign index_told = step_q == Answer && m_axi_bvalid && what_q == Index;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      step_q      <= Rest;
      what_q      <= Descriptor;
      busy_q      <= 1'b0;
      slot_q      <= '0;
      turn_q      <= FIRST_TX;
      rx_first_q  <= 1'b0;
      has_line_q  <= 1'b0;
      sent_addr_q <= 1'b0;
      sent_data_q <= 1'b0;
    end else begin
      case (step_q)
        Rest: begin
          what_q      <= Descriptor;
          has_line_q  <= 1'b0;
          sent_addr_q <= 1'b0;
          sent_data_q <= 1'b0;
          if (choose_rx) begin
            slot_q <= rx_slot;
            busy_q <= rx_has_buffer;
            step_q <= rx_has_buffer ? Ask : Drop;
          end else if (tx_work) begin
            slot_q <= turn_q;
            busy_q <= posted[turn_q];
            if (posted[turn_q]) step_q <= Ask;
            turn_q <= (turn_q == LAST) ? FIRST_TX : turn_q + 1'b1;
          end
        end

        Drop: if (s_axis_rx_tvalid && s_axis_rx_tlast) step_q <= Rest;

        Ask: if (m_axi_arready) step_q <= Get;

        Get: if (m_axi_rvalid) begin
          case (what_q)
            Descriptor: begin
              what_q <= Line;
              if (!on_q[slot_q]) begin   // went off meanwhile: no frame was begun
                busy_q <= 1'b0;
                step_q <= Rest;
              end else if (!tx) step_q <= Beat;
              else if (d_useless) step_q <= Send;
              else step_q <= Ask;
            end
            Line: begin
              has_line_q <= 1'b1;
              what_q     <= two_lines ? NextLine : Line;
              step_q     <= two_lines ? Ask : Send;
            end
            default: step_q <= Send;
          endcase
        end

        Beat: if (s_axis_rx_tvalid) begin
          if (left_q != '0) begin
            what_q <= LowPart;
            step_q <= Write;
          end else if (s_axis_rx_tlast) begin
            what_q <= Entry;
            step_q <= Write;
          end
        end

        Write: begin
          if (m_axi_awready) sent_addr_q <= 1'b1;
          if (m_axi_wready) sent_data_q <= 1'b1;
          if ((sent_addr_q || m_axi_awready) && (sent_data_q || m_axi_wready)) begin
            sent_addr_q <= 1'b0;
            sent_data_q <= 1'b0;
            step_q      <= Answer;
          end
        end

        Answer: if (m_axi_bvalid) begin
          step_q <= Write;
          case (what_q)
            LowPart: begin
              if (high_strb_q != '0) what_q <= HighPart;
              else if (last_q) what_q <= Entry;
              else step_q <= Beat;
            end
            HighPart: begin
              if (last_q) what_q <= Entry;
              else step_q <= Beat;
            end
            Entry: what_q <= Index;
            default: begin
              busy_q     <= 1'b0;
              rx_first_q <= tx;
              step_q     <= Rest;
            end
          endcase
        end

        default: if (m_axis_tx_tready) begin
          if (m_axis_tx_tlast) begin
            what_q <= Index;
            step_q <= Write;
          end else if (at_q[5:0] == 6'd0) begin
            what_q <= Line;
            step_q <= Ask;
          end else if (left_q - 16'd64 > {9'd0, 7'd64 - {1'b0, at_q[5:0]}}) begin
            what_q <= NextLine;   // the line that was the second is the first now
            step_q <= Ask;
          end
        end
      endcase
    end
  end

  // The bytes of it, and what is known about it
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      at_q     <= '0;
      left_q   <= '0;
      length_q <= '0;
      cookie_q <= '0;
      cut_q    <= 1'b0;
      failed_q <= 1'b0;
      last_q   <= 1'b0;
    end else begin
      if (m_axi_rvalid && m_axi_rready) begin
        if (what_q == Descriptor) begin
          at_q     <= d_addr;
          cookie_q <= (tx ? d_useless : read_failed) ? '0 : d_cookie;
          failed_q <= tx ? d_useless : read_failed;
          cut_q    <= !tx && !read_failed && frame_bytes > room;
          if (tx ? d_useless : read_failed) left_q <= '0;
          else if (tx || frame_bytes > room) left_q <= room;
          else left_q <= frame_bytes;
          if (read_failed) length_q <= '0;
          else length_q <= (frame_bytes > room) ? room : frame_bytes;
        end else if (read_failed) begin
          failed_q <= 1'b1;
        end
      end
      if (step_q == Beat && s_axis_rx_tvalid) last_q <= s_axis_rx_tlast;
      if (step_q == Answer && m_axi_bvalid && m_axi_bresp[1] && !tx) failed_q <= 1'b1;
      // 64 bytes further: the parts are written, or the beat is sent
      if ((step_q == Answer && m_axi_bvalid && (what_q == HighPart || (what_q == LowPart && high_strb_q == '0))) ||
          (step_q == Send && m_axis_tx_tready && !m_axis_tx_tlast)) begin
        at_q   <= at_q + 64'd64;
        left_q <= left_q - {9'd0, count};
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (m_axi_rvalid && m_axi_rready && what_q == Line) line_q <= m_axi_rdata;
    if (m_axi_rvalid && m_axi_rready && what_q == NextLine) next_q <= m_axi_rdata;
    if (step_q == Send && m_axis_tx_tready) line_q <= next_q;
    if (step_q == Beat && s_axis_rx_tvalid) begin
      low_data_q  <= shifted_in[511:0];
      high_data_q <= shifted_in[1023:512];
      low_strb_q  <= shifted_strb[63:0];
      high_strb_q <= shifted_strb[127:64];
      hash_q      <= s_axis_rx_tuser[47:16];
      time_q      <= s_axis_rx_tuser[111:48];
      meta_q      <= s_axis_rx_tuser[143:112];
    end
  end

  // --- counts, indices, interrupts -----------------------------------------------------------------------------

  logic          irq_q, raise;
  logic [SW-1:0] irq_slot_q, look_q, irq_number;
  assign raise        = due[look_q] && !irq_q;
  assign irq_number   = irq_slot_q - FIRST_TX;
  assign irq_valid_o  = irq_q;
  assign irq_vector_o = (irq_slot_q >= FIRST_TX) ? {1'b1, 6'(irq_number)} : {1'b0, 6'(irq_slot_q)};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      on_q       <= '0;
      armed_q    <= '0;
      range_q    <= '0;
      irq_q      <= 1'b0;
      irq_slot_q <= '0;
      look_q     <= '0;
      for (int i = 0; i < SLOTS; i++) begin
        posted_q[i] <= '0;
        taken_q[i]  <= '0;
        told_q[i]   <= '0;
        seen_q[i]   <= '0;
        frames_q[i] <= '0;
        drops_q[i]  <= '0;
        errors_q[i] <= '0;
      end
    end else begin
      if (m_axi_rvalid && m_axi_rready && what_q == Descriptor && on_q[slot_q]) begin
        taken_q[slot_q] <= taken_q[slot_q] + 32'd1;
      end
      if (done_rx || done_tx) frames_q[slot_q] <= frames_q[slot_q] + 32'd1;
      if ((done_rx && (failed_q || m_axi_bresp[1])) || (done_tx && failed_q) || (index_told && m_axi_bresp[1])) begin
        errors_q[slot_q] <= errors_q[slot_q] + 32'd1;
      end
      if (ev_rx_drop_o && rx_there) drops_q[rx_slot] <= drops_q[rx_slot] + 32'd1;
      if (index_told) told_q[slot_q] <= taken_q[slot_q];

      if (irq_ready_i) irq_q <= 1'b0;
      if (due != '0) look_q <= (look_q == LAST) ? '0 : look_q + 1'b1;
      if (raise) begin
        irq_q           <= 1'b1;
        irq_slot_q      <= look_q;
        armed_q[look_q] <= 1'b0;
      end

      if (arm) begin
        armed_q[slot] <= 1'b1;
        seen_q[slot]  <= value_q;
      end
      if (ring && ring_good) posted_q[slot] <= value_q;
      if (ring && !ring_good) range_q[slot] <= 1'b1;
      if (stop) begin
        on_q[slot]    <= 1'b0;
        armed_q[slot] <= 1'b0;
      end
      if (start) begin
        on_q[slot]     <= 1'b1;
        range_q[slot]  <= 1'b0;
        posted_q[slot] <= start_q[slot];
        taken_q[slot]  <= start_q[slot];
        told_q[slot]   <= start_q[slot];
      end
    end
  end

  logic waiting;
  assign waiting = (step_q == Rest && !tx_work) || step_q == Drop || step_q == Get || step_q == Beat || step_q == Answer;
  assign idle_o  = rst_ni && waiting && access_q == Free && !(has_addr_q && has_data_q) && due == '0 && !irq_q;

  // Said by other bits as well.
  logic unused_bits;
  assign unused_bits = &{1'b0, s_axil_awaddr[1:0], s_axil_araddr[1:0], s_axis_rx_tkeep, m_axi_bid, m_axi_bresp[0],
                         m_axi_rid, m_axi_rresp[0], m_axi_rlast, shifted_out[1023:512], tx_number, irq_number};

  `REQUIRE(answer_was_due, !m_axi_bvalid || step_q == Answer)
  `REQUIRE(data_was_asked, !m_axi_rvalid || step_q == Get)
  `CHECK(start_when_quiet, !start || !(busy_q && slot_q == slot))
  `CHECK(one_frame_under_way, !busy_q || taken_q[slot_q] - told_q[slot_q] <= 32'd1)
  `CHECK(line_is_here, step_q != Send || has_line_q || failed_q)
  `COVER(enable_waits, access_q == Act && waits)
endmodule
