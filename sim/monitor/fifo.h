// fifo.h: the queue of model/base/fifo.h, under the name by which monitors include it.
#pragma once

#include "model/base/fifo.h"  // IWYU pragma: export
