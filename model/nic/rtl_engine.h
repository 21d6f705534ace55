// rtl_engine.h: our Verilated engine behind the port.
// Role     declares nothing new: make_rtl_engine() of queue_engine.h is defined in rtl_engine.cc, which is
//          built with the Verilated code in rtl/ and not with the rest of model/nic
// Shapes   three builds of the same RTL: without waveform, with FST, with VCD
// Units    as model/nic/verilated_engine.h, which is the engine
// Errors   std::runtime_error when the waveform's name ends in neither .fst nor .vcd
// Source   rtl/, docs/design/queue-engine.md
#pragma once

#include "model/nic/queue_engine.h"
