// pcapng_writer.h: writes frames with simulated time into a pcapng file.
// Role     tx.pcapng and others: what was on a wire; the file says nothing of the machine that made it
// Shapes   one section, one interface per port, one enhanced packet block per frame; little endian
// Units    time_ns simulated [ns], shown by readers as time since 1970
// Errors   whatever the file system refuses -> InputError from the constructor, check() and finish(), never from
//          write(), which is called from anywhere in a run. Until finish() the file is PATH.partial, and it goes
//          away with a writer that failed or was not finished; what is no regular file is written in place
// Source   draft-ietf-opsawg-pcapng, sections 4.1, 4.2, 4.3
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/nic/nic_config.h"

namespace ringproof {

// As a packet's flags tell it; unsaid where all go one way.
enum class FrameDirection : std::uint8_t { kUnsaid, kIn, kOut };

class PcapngWriter {
 public:
  PcapngWriter(std::string path, const std::vector<nic::NicConfig>& ports);
  ~PcapngWriter();
  PcapngWriter(const PcapngWriter&) = delete;
  PcapngWriter& operator=(const PcapngWriter&) = delete;

  // REQUIRES: `port` counts from 0 and is one of those given; not finished yet.
  void write(std::uint32_t port, std::uint64_t time_ns, std::span<const unsigned char> bytes,
             FrameDirection direction = FrameDirection::kUnsaid);
  // Throws what went wrong in write().
  void check() const;
  // Gives the file its name.
  void finish();

 private:
  void put_block(std::uint32_t type);
  void put(const void* data, std::size_t size);
  void give_up(int problem);
  void abandon();

  const std::string path_;
  const std::string partial_path_;
  std::FILE* file_ = nullptr;
  std::size_t port_count_;
  int problem_ = 0;   // after it nothing is written any more
  std::string body_;  // of the block being made
};

}  // namespace ringproof
