// nic_file.h: reads a NIC file: which ports the simulated machine has.
// Role     JSON with schema "ringproof.nic/1" -> one NicConfig per port; every key has a default
// Shapes   1 to 8 ports; interface index = place in the list, from 1
// Errors   anything else than a valid file -> InputError with file, JSON pointer, expectation, finding
// Source   docs/nic-file.md
#pragma once

#include <string>
#include <vector>

#include "model/nic/nic_config.h"

namespace ringproof {

std::vector<nic::NicConfig> read_nic_file(const std::string& path);

}  // namespace ringproof
