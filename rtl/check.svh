// check.svh: the three words in which a module states its rules.
// Role     `REQUIRE(name, expr)  the neighbour's duty: checked in simulation, assumed in a proof
//          `CHECK(name, expr)    our duty: checked in simulation, proved in a proof
//          `COVER(name, expr)    a state that tests must reach
// Timing   immediate assertions, sampled at the rising edge of clk_i while rst_ni is high
// Errors   a failed assertion names file, line, module and rule, and ends the simulation
// Source   Yosys 0.23 rejects clocked properties; both it and Verilator read this form
`ifndef NIC_CHECK_SVH
`define NIC_CHECK_SVH

`ifdef YOSYS
// A step of a proof is a cycle; in a clocked block a rule would be judged one step after the values it is about.
`define REQUIRE(Name, Expr) always @* if (rst_ni) begin Name : assume (Expr); end
`define CHECK(Name, Expr) always @* if (rst_ni) begin Name : assert (Expr); end
`define COVER(Name, Expr) always @* if (rst_ni) begin Name : cover (Expr); end
`else
`define REQUIRE(Name, Expr) always @(posedge clk_i) if (rst_ni) begin Name : assert (Expr); end
`define CHECK(Name, Expr) always @(posedge clk_i) if (rst_ni) begin Name : assert (Expr); end
`define COVER(Name, Expr) always @(posedge clk_i) if (rst_ni) begin Name : cover (Expr); end
`endif

`endif
