// rule_examples.h: one rule of each match type, with a frame that it takes.
// Role     what tests of all types and the benchmark begin with
// Shapes   in the order of the types; the port sets live as long as the process
#pragma once

#include <vector>

#include "testbench/model/xdp/packets.h"

namespace ringproof::xdp {

struct Example {
  XDP_RULE rule;
  Bytes frame;
};
std::vector<Example> examples();

}  // namespace ringproof::xdp
