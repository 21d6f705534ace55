// functional_port.h: one NIC port without a clock.
// Role     the registers, rings, MAC and interrupts of the engine as events of the host, for exploring what
//          sockets and drivers do: to a driver it is what a port with an engine is, only its times differ
// Shapes   registers are one source of events, each queue is one, each vector is one: a strategy may let them
//          overtake each other; both wires are the port's own and keep their times
// Units    [ps]
// Threads  simulation thread
// Errors   as the engine's
// Source   docs/design/functional-port.md, docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/doorbell_faults.h"
#include "model/nic/functional_dma.h"
#include "model/nic/functional_rx_queue.h"
#include "model/nic/functional_tx_queue.h"
#include "model/nic/interrupts.h"
#include "model/nic/nic_config.h"
#include "model/nic/port.h"
#include "model/nic/receive_mac.h"
#include "model/nic/toeplitz.h"
#include "model/nic/transaction_decoder.h"
#include "model/nic/transmit_mac.h"

namespace ringproof::nic {

class FunctionalPort final : public Port, private FunctionalQueueOwner {
 public:
  FunctionalPort(const NicConfig& config, std::uint32_t port, Host& host, const TapList& taps,
                 std::uint64_t seed);

  // The next event of a wire; the host's events take care of everything else.
  std::uint64_t next_stop_ps() const override;

  // Device
  const DeviceInfo& info() const override { return info_; }
  HostMemory& memory() override { return dma_.memory(); }
  void write32(std::uint32_t offset, std::uint32_t value) override;
  void read32(std::uint32_t offset, std::function<void(std::uint32_t)> done) override;
  std::uint64_t tx_timestamp_ns(std::uint32_t queue, std::uint32_t index) override {
    return transmit_.timestamp_ns(queue, index);
  }
  std::vector<std::uint32_t> take_rx_buffers(std::uint64_t timestamp_ns) override {
    return receive_.take_buffers(timestamp_ns);
  }
  RssSettings rss() const override { return rss_.settings(); }
  void set_rss(const RssSettings& settings) override { rss_.set(settings); }
  void set_interrupt_handler(std::uint32_t vector, std::function<void()> handler) override {
    interrupts_.set_handler(vector, std::move(handler));
  }
  void reset(std::uint32_t cycles) override;
  void set_present(bool present) override;
  void set_reachable(bool reachable) override { reachable_ = reachable; }

  // Hardware
  std::uint64_t time_ps() const override { return time_ps_; }
  // What leaves reaches nobody on the host.
  std::uint64_t horizon_ps() const override { return receive_.next_arrival_ps(); }
  void advance_to(std::uint64_t time_ps) override;
  bool quiet() const override;
  void start_traffic(FrameSource& source, std::uint64_t at_ps) override { receive_.start(source, at_ps); }
  void stop_traffic() override;
  bool traffic_over() const override { return receive_.over(); }
  std::uint64_t frames_begun() const override { return receive_.frames_begun(); }
  void set_link(bool up) override {
    receive_.set_link(up);
    transmit_.set_link(up);
  }
  // There is no clock.
  std::uint64_t cycles() const override { return 0; }
  std::uint64_t cycles_worked() const override { return 0; }

 private:
  struct Access {
    bool is_write = false;
    std::uint32_t offset = 0;
    std::uint32_t value = 0;
    std::function<void(std::uint32_t)> done;
  };

  // FunctionalQueueOwner
  void queue_moved() override;
  void ready_to_send(FunctionalTxQueue& queue) override;

  void post(Access access, std::uint64_t late_ps);
  void access_due();
  void run_accesses();
  bool run(Access& access);
  void answer(Access& access, std::uint32_t value);
  FunctionalQueue* queue_at(std::uint32_t offset) const;
  bool answers() const { return present_ && reachable_; }
  std::uint32_t read_register(std::uint32_t offset) const;
  void serve_receive(std::uint64_t now_ps);
  void serve_transmit();

  const NicConfig config_;
  DeviceInfo info_;
  const std::uint32_t port_;
  Host& host_;
  TransactionDecoder decoder_;
  FunctionalDma dma_;
  ReceiveSideScaling rss_;
  ReceiveMac receive_;
  TransmitMac transmit_;
  Interrupts interrupts_;
  DoorbellFaults doorbells_;
  std::vector<std::unique_ptr<FunctionalRxQueue>> rx_;
  std::vector<std::unique_ptr<FunctionalTxQueue>> tx_;

  std::uint64_t time_ps_ = 0;
  bool present_ = true;
  bool reachable_ = true;
  Fifo<Access> accesses_;
  std::uint64_t last_access_ps_ = 0;
  std::size_t accesses_due_ = 0;
  Fifo<FunctionalTxQueue*> senders_;  // queues with a frame for the MAC, in the order of their turns
  bool room_awaited_ = false;
};

}  // namespace ringproof::nic
