#include "model/xdp/interface_handle.h"

#include <algorithm>
#include <vector>

#include "model/xdp/user_memory.h"

namespace ringproof::xdp {
namespace {

// As far as offsets and sizes of 16 bits reach.
constexpr std::uint32_t kConfigurationBytesMax = 2 * 65'536;

}  // namespace

Status InterfaceHandle::rss_capabilities(void* to, std::uint32_t* size) const {
  const InPlatform in_platform(host_);
  Status status = Status::kOk;
  if (!user_writable(to, *size)) status = Status::kNoAccess;
  if (!failed(status) && removed_) status = Status::kNotReady;
  if (!failed(status)) return answer_query(xdp::rss_capabilities(rss_.adapter()), to, size);
  *size = 0;
  return status;
}

Status InterfaceHandle::rss_get(void* to, std::uint32_t* size) const {
  const InPlatform in_platform(host_);
  const std::optional<RssSetting> setting = rss_.current();
  Status status = Status::kOk;
  if (!user_writable(to, *size)) status = Status::kNoAccess;
  if (!failed(status) && removed_) status = Status::kNotReady;
  if (!failed(status) && !setting.has_value()) status = Status::kBadState;
  if (!failed(status)) return answer_query(rss_configuration(*setting), to, size);
  *size = 0;
  return status;
}

Status InterfaceHandle::rss_set(const void* from, std::uint32_t bytes) {
  RssRequest request;
  {
    const InPlatform in_platform(host_);
    if (!user_readable(from, bytes)) return Status::kNoAccess;
    const auto* first = static_cast<const unsigned char*>(from);
    const std::vector<unsigned char> copy(first, first + std::min(bytes, kConfigurationBytesMax));
    const Status read = read_rss_request(copy, &request);
    if (failed(read)) return read;
  }
  host_.meet_hardware();
  const TaskLock::Held held(rss_.setting());
  // Another thread may have closed the handle meanwhile: then it did so before this call.
  if (closed_) return Status::kInvalidHandle;
  return removed_ ? Status::kNotReady : rss_.set(this, request);
}

Status InterfaceHandle::qeo_set(void* connections, std::uint32_t bytes) {
  const InPlatform in_platform(host_);
  if (!user_writable(connections, bytes)) return Status::kNoAccess;
  if (bytes == 0) return Status::kBadParameter;
  const TaskLock::Held held(connecting_);
  if (closed_) return Status::kInvalidHandle;
  if (removed_) return Status::kNotReady;
  return quic_.set(static_cast<unsigned char*>(connections), bytes);
}

void InterfaceHandle::close() {
  closed_ = true;
  if (!removed_) revert();
}

void InterfaceHandle::adapter_removed() {
  removed_ = true;
  revert();
}

void InterfaceHandle::revert() {
  {
    const TaskLock::Held held(connecting_);
    quic_.remove_all();
  }
  rss_.release(this);
}

}  // namespace ringproof::xdp
