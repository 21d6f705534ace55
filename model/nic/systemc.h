// systemc.h: the SystemC library, without its warnings.
// Role     the only place that includes it; the build defines SC_CPLUSPLUS=201703L for the packaged library
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <systemc>
#pragma GCC diagnostic pop
