#include "model/driver/copied_frames.h"

#include <utility>

#include "model/base/check.h"

namespace ringproof::driver {

void CopiedFrames::send(std::vector<unsigned char> frame) {
  SIM_CHECK(!frame.empty() && frame.size() <= driver_.info().max_frame_bytes,
            "a frame to send that the port cannot");
  waiting_.push_back(std::move(frame));
}

void CopiedFrames::completed(std::span<const TxCompletion> frames) {
  for (const TxCompletion& frame : frames) {
    const auto found = sent_.find(frame.context);
    driver_.unmap(found->second.dma_address);
    sent_.erase(found);
  }
}

bool CopiedFrames::fill(std::uint32_t room, std::vector<TxFrame>& frames) {
  const bool any = room > 0 && !waiting_.empty();
  for (; room > 0 && !waiting_.empty(); --room) {
    Sent& sent = sent_[next_context_];
    sent.bytes = std::move(waiting_.front());
    waiting_.pop_front();
    sent.dma_address = driver_.map_for_tx(queue_, sent.bytes.data(), sent.bytes.size());
    TxFrame frame;
    frame.dma_address = sent.dma_address;
    frame.length = static_cast<std::uint32_t>(sent.bytes.size());
    frame.context = next_context_++;
    frame.bytes = sent.bytes;
    frames.push_back(frame);
  }
  return any;
}

}  // namespace ringproof::driver
