#include "model/nic/functional_tx_queue.h"

#include <utility>
#include <vector>

namespace ringproof::nic {
namespace {

constexpr std::uint32_t kFrameBytesMax = 65'535;

}  // namespace

void FunctionalTxQueue::descriptors_came() {
  while (enabled() && has_descriptor() && loaded_.size() < kLoadedMax) {
    loaded_.push(take_descriptor());
    do_at<&FunctionalTxQueue::payload_due>(dma_.read_done_ps(dma_.now_ps(), last_read_ps_), this);
  }
}

void FunctionalTxQueue::forget() {
  loaded_.clear();
  ready_ = 0;
}

// A queue that is ready already waits for the MAC, and its turn.
void FunctionalTxQueue::payload_due() {
  if (ready_++ == 0) owner_.ready_to_send(*this);
}

void FunctionalTxQueue::send_one(TransmitMac& mac) {
  const Descriptor descriptor = loaded_.front();
  loaded_.pop();
  --ready_;
  const PostEntry& entry = descriptor.entry;
  const bool bad = descriptor.bad || entry.length == 0 || entry.length > kFrameBytesMax;
  const TxTag tag{queue_, descriptor.index, bad ? 0 : entry.cookie};
  std::vector<unsigned char> bytes(bad ? 0 : entry.length);
  const bool failed =
      bad || dma_.payload_refused(vector_) || !dma_.read(vector_, entry.address, bytes.data(), bytes.size());
  if (failed) {
    mac.refuse(tag);
  } else {
    mac.send(tag, std::move(bytes), dma_.now_ps());
  }
  finish(failed);
  descriptors_came();
}

}  // namespace ringproof::nic
