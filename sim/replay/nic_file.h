// nic_file.h: reads a NIC file: which ports the simulated machine has, and how its platform behaves.
// Role     JSON with schema "ringproof.nic/1" -> settings of the machine and of each port; every key has a
//          default
// Shapes   1 to 8 ports; interface index = place in the list, from 1
// Errors   anything else than a valid file -> InputError with file, JSON pointer, expectation, finding
// Source   docs/nic-file.md
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model/nic/nic_config.h"
#include "model/xdp/platform.h"

namespace ringproof {

struct PortSettings {
  nic::NicConfig nic;
  xdp::InterfaceSettings interfaces{};
  bool polling = false;                        // the driver lets sockets poll its queues
  std::uint32_t generic_forward_limit = 1024;  // see DriverSettings
};

struct NicFile {
  std::vector<PortSettings> ports;
  xdp::PlatformSettings platform{};

  std::vector<nic::NicConfig> configs() const;
};

NicFile read_nic_file(const std::string& path);
// The same from JSON that lies at `place` of another file.
NicFile nic_from_json(const nlohmann::json& json, const std::string& path, const std::string& place);

}  // namespace ringproof
