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
  localparam logic [31:0] VersionValue = 32'h0001_0001;
  localparam logic [15:0] QueuesAddress = 16'h0008;
  localparam logic [15:0] LimitsAddress = 16'h000C;
  localparam logic [15:0] FeaturesAddress = 16'h0010;

  localparam logic [2:0] RxBlocks = 3'b010;  // address bits 15 to 13
  localparam logic [2:0] TxBlocks = 3'b100;  // address bits 15 to 13

  localparam logic [4:0] Control = 5'd0;
  localparam logic [4:0] RingLog2 = 5'd1;
  localparam logic [4:0] DescBaseLow = 5'd2;
  localparam logic [4:0] DescBaseHigh = 5'd3;
  localparam logic [4:0] CompBaseLow = 5'd4;
  localparam logic [4:0] CompBaseHigh = 5'd5;
  localparam logic [4:0] IndexAddrLow = 5'd6;
  localparam logic [4:0] IndexAddrHigh = 5'd7;
  localparam logic [4:0] Doorbell = 5'd8;
  localparam logic [4:0] IrqArm = 5'd9;
  localparam logic [4:0] Published = 5'd10;
  localparam logic [4:0] Fetched = 5'd11;
  localparam logic [4:0] Frames = 5'd12;
  localparam logic [4:0] Drops = 5'd13;
  localparam logic [4:0] Errors = 5'd14;
  localparam logic [4:0] State = 5'd15;
  localparam logic [4:0] StartIndex = 5'd16;
  localparam logic [4:0] Coalesce = 5'd17;
  localparam logic [4:0] Moderation = 5'd18;
  localparam logic [4:0] Weight = 5'd19;
  localparam logic [4:0] Cause = 5'd20;
  localparam logic [4:0] Fetches = 5'd21;
  localparam logic [4:0] Publishes = 5'd22;
  localparam logic [4:0] Interrupts = 5'd23;
  localparam logic [4:0] Refused = 5'd24;

  localparam int unsigned QueuesRxBit = 0;
  localparam int unsigned QueuesTxBit = 16;
  localparam int unsigned LimitsRingLog2MaxBit = 0;
  localparam int unsigned FeaturesCoalesceBit = 0;
  localparam int unsigned FeaturesModerationBit = 1;
  localparam int unsigned FeaturesWeightBit = 2;
  localparam int unsigned FeaturesCauseBit = 3;
  localparam int unsigned FeaturesCountersBit = 4;
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
endpackage
