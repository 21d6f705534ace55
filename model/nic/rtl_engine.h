// rtl_engine.h: the Verilated engine behind the port.
// Role     declares nothing new: make_rtl_engine() of queue_engine.h is defined in rtl_engine.cc, which is
//          built with the Verilated code in rtl/ and not with the rest of model/nic
// Shapes   three builds of the same RTL: without waveform, with FST, with VCD
// Units    waveform time [ps]; clock periods between steps whose time nobody sets are 4,000 ps
// Threads  one engine belongs to one thread; engines share nothing
// Errors   std::runtime_error when the waveform cannot be written or its name ends in neither .fst nor .vcd;
//          a failed RTL assertion prints file, line and rule and aborts the process, unless somebody asked to
//          be told (QueueEngine::on_assertion): then the model goes on with its assertions off
// Source   rtl/, docs/design/queue-engine.md
#pragma once

#include "model/nic/queue_engine.h"
