// faulty_line.h: what can happen to frames on their way from a source to the MAC.
// Role     a source of frames that stands before another one and loses, damages, doubles, reorders, reshapes
//          or moves what comes from it, where the fault plan says so: F-LNK-01 to 04, 07 and 08
// Shapes   frames come out in order of their offsets, which never go back; changed bytes stay valid as long
//          as the line does
// Units    [ps] offsets from the start of the traffic
// Errors   none; a frame that the MAC will not see still comes, with a fate that says why
// Source   docs/faults.md
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "model/base/fault.h"
#include "model/nic/frame_source.h"

namespace ringproof::nic {

class FaultyLine final : public FrameSource {
 public:
  explicit FaultyLine(std::uint32_t port) : port_(port) {}
  void use(FaultPoints& faults) { faults_ = &faults; }
  void start(FrameSource& source, std::uint64_t start_ps) {
    source_ = &source;
    start_ps_ = start_ps;
  }

  bool next(SourceFrame& frame) override;

 private:
  struct Late {
    SourceFrame frame;
    std::uint64_t after;  // so many frames still go before it
  };
  FaultStrike ask(FaultId id, std::uint64_t offset_ps, std::uint32_t kinds = FaultTarget::kAny) {
    return faults_->at(id, start_ps_ + offset_ps, {.port = port_, .kinds = kinds});
  }
  bool fetch(SourceFrame& frame);
  void reshape(SourceFrame& frame);
  void lose(SourceFrame& frame);
  void change_length(SourceFrame& frame);
  void change_headers(SourceFrame& frame);
  void damage(SourceFrame& frame);
  // A copy that may be changed; the frame is it from now on.
  std::vector<unsigned char>& own_copy(SourceFrame& frame);

  const std::uint32_t port_;
  FaultPoints* faults_ = &FaultPoints::none();
  FrameSource* source_ = nullptr;
  std::uint64_t start_ps_ = 0;
  std::uint64_t latest_offset_ps_ = 0;
  std::deque<Late> late_;
  std::deque<std::vector<unsigned char>> copies_;
  std::uint64_t still_lost_ = 0;   // frames of a loss that is under way
  std::uint64_t still_burst_ = 0;  // frames of a burst that is under way
  std::uint64_t burst_begin_ps_ = 0;
  std::uint64_t burst_percent_ = 0;
};

}  // namespace ringproof::nic
