// The register map, for the modules that know it.
// Role     names of registers, values and fields; made by registers.py from registers.json
// Units    a global register: byte address; a register of a queue: word in its block
// Timing   none
// Errors   none
// Source   docs/design/queue-engine.md, "Registers"
package nic_pkg;
  localparam logic [15:0] IdAddress = 16'h0000;
  localparam logic [31:0] IdValue = 32'h5250_5131;
  localparam logic [15:0] VersionAddress = 16'h0004;
  localparam logic [31:0] VersionValue = 32'h0002_0001;
  localparam logic [15:0] QueuesAddress = 16'h0008;
  localparam logic [15:0] LimitsAddress = 16'h000C;
  localparam logic [15:0] FeaturesAddress = 16'h0010;
  localparam logic [15:0] RssControlAddress = 16'h0100;
  localparam logic [15:0] RssKeyAddress = 16'h0140;
  localparam int unsigned RssKeyWords = 10;
  localparam logic [15:0] RssTableAddress = 16'h0180;
  localparam int unsigned RssTableWords = 32;

  localparam logic [1:0] RxBlocks = 2'b01;  // address bits 15 to 14
  localparam logic [1:0] TxBlocks = 2'b10;  // address bits 15 to 14

  localparam logic [5:0] Control = 6'd0;
  localparam logic [5:0] RingLog2 = 6'd1;
  localparam logic [5:0] DescBaseLow = 6'd2;
  localparam logic [5:0] DescBaseHigh = 6'd3;
  localparam logic [5:0] CompBaseLow = 6'd4;
  localparam logic [5:0] CompBaseHigh = 6'd5;
  localparam logic [5:0] IndexAddrLow = 6'd6;
  localparam logic [5:0] IndexAddrHigh = 6'd7;
  localparam logic [5:0] Doorbell = 6'd8;
  localparam logic [5:0] IrqArm = 6'd9;
  localparam logic [5:0] Published = 6'd10;
  localparam logic [5:0] Fetched = 6'd11;
  localparam logic [5:0] Frames = 6'd12;
  localparam logic [5:0] Drops = 6'd13;
  localparam logic [5:0] Errors = 6'd14;
  localparam logic [5:0] State = 6'd15;
  localparam logic [5:0] StartIndex = 6'd16;
  localparam logic [5:0] Coalesce = 6'd17;
  localparam logic [5:0] Moderation = 6'd18;
  localparam logic [5:0] Weight = 6'd19;
  localparam logic [5:0] Cause = 6'd20;
  localparam logic [5:0] Fetches = 6'd21;
  localparam logic [5:0] Publishes = 6'd22;
  localparam logic [5:0] Interrupts = 6'd23;
  localparam logic [5:0] Refused = 6'd24;
  localparam logic [5:0] ZeroCopy = 6'd25;
  localparam logic [5:0] CompStart = 6'd26;
  localparam logic [5:0] CompAddrLow = 6'd27;
  localparam logic [5:0] CompAddrHigh = 6'd28;
  localparam logic [5:0] UmemBaseLow = 6'd29;
  localparam logic [5:0] UmemBaseHigh = 6'd30;
  localparam logic [5:0] UmemLimitLow = 6'd31;
  localparam logic [5:0] UmemLimitHigh = 6'd32;
  localparam logic [5:0] FrameRoom = 6'd33;
  localparam logic [5:0] Completions = 6'd34;
  localparam logic [5:0] Invalid = 6'd35;
  localparam logic [5:0] Truncated = 6'd36;

  localparam int unsigned QueuesRxBit = 0;
  localparam int unsigned QueuesTxBit = 16;
  localparam int unsigned LimitsRingLog2MaxBit = 0;
  localparam int unsigned FeaturesCoalesceBit = 0;
  localparam int unsigned FeaturesModerationBit = 1;
  localparam int unsigned FeaturesWeightBit = 2;
  localparam int unsigned FeaturesCauseBit = 3;
  localparam int unsigned FeaturesCountersBit = 4;
  localparam int unsigned FeaturesZeroCopyBit = 5;
  localparam int unsigned FeaturesRssBit = 8;
  localparam int unsigned RssControlEnableBit = 0;
  localparam int unsigned RssControlTypesBit = 8;
  localparam int unsigned ControlEnableBit = 0;
  localparam int unsigned StateEnabledBit = 0;
  localparam int unsigned StateInFlightBit = 1;
  localparam int unsigned StateRangeErrorBit = 2;
  localparam int unsigned CoalesceCountBit = 0;
  localparam int unsigned CoalesceCyclesBit = 16;
  localparam int unsigned ModerationCountBit = 0;
  localparam int unsigned ModerationCyclesBit = 16;
  localparam int unsigned WeightFramesBit = 0;
  localparam int unsigned CauseDescriptorReadBit = 0;
  localparam int unsigned CauseDescriptorBit = 1;
  localparam int unsigned CausePayloadBit = 2;
  localparam int unsigned CauseCompletionBit = 3;
  localparam int unsigned CauseIndexBit = 4;
  localparam int unsigned CauseDoorbellBit = 5;
  localparam int unsigned ZeroCopyEnableBit = 0;
  localparam int unsigned ZeroCopyCompLog2Bit = 8;
  localparam int unsigned FrameRoomLengthBit = 0;
  localparam int unsigned FrameRoomHeadroomBit = 16;
endpackage
