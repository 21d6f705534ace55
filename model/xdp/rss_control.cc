#include "model/xdp/rss_control.h"

#include <algorithm>
#include <utility>

namespace ringproof::xdp {
namespace {

namespace types = nic::rss_hash;

static_assert(types::kIpv4 == XDP_RSS_HASH_TYPE_IPV4 && types::kIpv6 == XDP_RSS_HASH_TYPE_IPV6);
static_assert(types::kTcpIpv4 == XDP_RSS_HASH_TYPE_TCP_IPV4 && types::kTcpIpv6 == XDP_RSS_HASH_TYPE_TCP_IPV6);
static_assert(types::kUdpIpv4 == XDP_RSS_HASH_TYPE_UDP_IPV4 && types::kUdpIpv6 == XDP_RSS_HASH_TYPE_UDP_IPV6);
static_assert(kRssTableEntries == nic::RssSettings::kTableEntries && kRssKeyBytes == sizeof(nic::RssKey));

// What the NIC can do with it: its table is always a whole one, and types that it does not know count for
// nothing.
nic::RssSettings for_nic(const RssSetting& setting) {
  nic::RssSettings nic;
  nic.key = {};
  std::copy_n(setting.key.begin(), std::min(setting.key.size(), nic.key.size()), nic.key.begin());
  nic.hash_types = setting.hash_types & types::kAll;
  if (setting.hash_types == 0) return nic;
  for (std::size_t i = 0; i < nic.table.size(); ++i) nic.table[i] = setting.queues[i % setting.queues.size()];
  return nic;
}

}  // namespace

RssControl::RssControl(driver::Driver& driver, Host& host, RssSupport support, bool configured)
    : driver_(driver),
      host_(host),
      adapter_{support, types::kTcpIpv4 | types::kUdpIpv4 | types::kTcpIpv6 | types::kUdpIpv6,
               driver.info().rx_queues, kRssTableEntries, host.cpu_count()},
      setting_(host, {"RSS of an adapter", driver.info().port}),
      default_key_(driver.rss().key) {
  if (configured && support != RssSupport::kNone) {
    upper_ = host_default();  // as the NIC begins
  } else {
    apply();
  }
}

HostRss RssControl::host_default() const {
  HostRss setting;
  setting.key = default_key_;
  for (std::uint32_t i = 0; i < kRssTableEntries; ++i) {
    setting.queues.push_back(static_cast<std::uint8_t>(i % adapter_.queues));
  }
  return setting;
}

void RssControl::set_host(std::optional<HostRss> setting) {
  if (adapter_.support == RssSupport::kNone) return;
  host_.meet_hardware();
  const InPlatform in_platform(host_);
  upper_ = std::move(setting);
  if (!lower_.has_value()) apply();
}

std::uint32_t RssControl::processor_of(std::uint32_t queue) const {
  const std::uint32_t cpu = lower_.has_value() ? home_[queue] : driver_.cpu(queue, driver::Direction::kRx);
  return cpu % adapter_.processors;
}

RssSetting RssControl::upper_setting() const {
  RssSetting setting;
  setting.hash_types = upper_->hash_types;
  setting.key.assign(upper_->key.begin(), upper_->key.end());
  setting.queues = upper_->queues;
  for (const std::uint8_t queue : upper_->queues) setting.processors.push_back(processor_of(queue));
  return setting;
}

std::optional<RssSetting> RssControl::current() const {
  if (lower_.has_value()) return lower_;
  return upper_.has_value() ? std::optional(upper_setting()) : std::nullopt;
}

Status RssControl::set(const void* owner, const RssRequest& request) {
  const InPlatform in_platform(host_);
  if (!upper_.has_value()) return Status::kNotReady;
  if (owner_ != nullptr && owner_ != owner) return Status::kBadState;
  const Status checked = check_rss_request(request, adapter_);
  if (failed(checked)) return checked;
  RssSetting setting = *current();
  if (request.hash_types.has_value()) setting.hash_types = *request.hash_types;
  if (request.key.has_value()) setting.key = *request.key;
  if (request.table.has_value()) {
    setting.processors.clear();
    for (const PROCESSOR_NUMBER& entry : *request.table) setting.processors.push_back(entry.Number);
    setting.queues = queues_of(setting.processors);
  }
  const auto answered = static_cast<Status>(driver_.control().ask(for_nic(setting)));
  if (failed(answered)) return answered;
  if (owner_ == nullptr) {
    home_.clear();
    for (std::uint32_t queue = 0; queue < adapter_.queues; ++queue) home_.push_back(processor_of(queue));
    sent_.fill(home_);
    owner_ = owner;
  }
  lower_ = std::move(setting);
  apply();
  driver_.wait_for_rss();
  return Status::kOk;
}

void RssControl::release(const void* owner) {
  const TaskLock::Held held(setting_);
  if (owner_ != owner) return;
  host_.meet_hardware();
  const InPlatform in_platform(host_);
  lower_.reset();
  apply();
  owner_ = nullptr;
}

void RssControl::apply() {
  const std::optional<RssSetting> setting = current();
  driver_.set_rss(setting.has_value() ? for_nic(*setting) : for_nic({}));
  if (owner_ != nullptr) move_queues();
}

// A queue that somebody else has moved since stays there.
void RssControl::move_queues() {
  std::vector<std::uint32_t> wanted = home_;
  if (lower_.has_value()) {
    for (std::size_t i = 0; i < lower_->queues.size(); ++i) {
      wanted[lower_->queues[i]] = lower_->processors[i];
    }
  }
  move_queues(driver::Direction::kRx, adapter_.queues, wanted);
  // What a queue sends goes out where it receives.
  move_queues(driver::Direction::kTx, std::min(adapter_.queues, driver_.info().tx_queues), wanted);
}

void RssControl::move_queues(driver::Direction direction, std::uint32_t queues,
                             const std::vector<std::uint32_t>& wanted) {
  std::vector<std::uint32_t>& sent = sent_[direction == driver::Direction::kTx];
  for (std::uint32_t queue = 0; queue < queues; ++queue) {
    const bool ours = driver_.cpu(queue, direction) % adapter_.processors == sent[queue];
    if (!ours || wanted[queue] == sent[queue]) continue;
    driver_.set_cpu(queue, direction, wanted[queue]);
    sent[queue] = wanted[queue];
  }
}

}  // namespace ringproof::xdp
