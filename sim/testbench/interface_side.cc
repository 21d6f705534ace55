// The published testbench: what the operating system does to interfaces, queues and the driver.

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {
namespace {

constexpr std::uint32_t kMtuLeast = 68;
constexpr std::uint32_t kMtuMost = 65535;

driver::Direction direction_of(Direction direction) {
  return direction == Direction::kRx ? driver::Direction::kRx : driver::Direction::kTx;
}

std::uint32_t known_types(std::uint32_t wanted) {
  if ((wanted & ~nic::rss_hash::kAll) == 0) return wanted;
  throw std::invalid_argument(
      fmt::format("RssSettings::hash_types: expected types that this device has, {:#x}, got {:#x}",
                  nic::rss_hash::kAll, wanted));
}

xdp::HostRss changed(xdp::HostRss rss, const RssSettings& wanted, std::uint32_t queues) {
  if (wanted.hash_types.has_value()) rss.hash_types = known_types(*wanted.hash_types);
  if (wanted.key.has_value()) {
    if (wanted.key->size() != rss.key.size()) {
      throw std::invalid_argument(
          fmt::format("RssSettings::key: expected {} bytes, got {}", rss.key.size(), wanted.key->size()));
    }
    std::copy(wanted.key->begin(), wanted.key->end(), rss.key.begin());
  }
  if (!wanted.table.has_value()) return rss;
  const std::vector<std::uint32_t>& table = *wanted.table;
  const bool fits =
      !table.empty() && table.size() <= xdp::kRssTableEntries && (table.size() & (table.size() - 1)) == 0;
  const bool known =
      std::all_of(table.begin(), table.end(), [queues](std::uint32_t q) { return q < queues; });
  if (!fits || !known) {
    throw std::invalid_argument(fmt::format(
        "RssSettings::table: expected a power of two of queues below {}, at most {}, got {} entries", queues,
        xdp::kRssTableEntries, table.size()));
  }
  rss.queues.assign(table.begin(), table.end());
  return rss;
}

}  // namespace

QuicConnection shown(const driver::QuicConnection& connection) {
  const driver::QuicKey& key = connection.key;
  QuicConnection result;
  result.receive = key.receive;
  result.address_family = key.address_family;
  result.udp_port = ntohs(key.udp_port);
  result.connection_id.assign(key.connection_id.begin(), key.connection_id.begin() + key.connection_id_bytes);
  result.address.assign(connection.address.begin(), connection.address.end());
  result.cipher = connection.cipher;
  result.key_phase = connection.key_phase;
  result.next_packet_number = connection.next_packet_number;
  result.passes_undecrypted = connection.passes_undecrypted;
  result.payload_key.assign(connection.payload_key.begin(), connection.payload_key.end());
  result.header_key.assign(connection.header_key.begin(), connection.header_key.end());
  result.payload_iv.assign(connection.payload_iv.begin(), connection.payload_iv.end());
  return result;
}

Handle Testbench::remove_interface(std::uint32_t interface) {
  impl_->port_of(interface);
  xdp::Platform& platform = impl_->bench().platform();
  return impl_->operate_in_service(
      fmt::format("remove interface {}", interface),
      [&platform, interface] { platform.remove_adapter(interface); },
      [&platform, interface] { platform.add_adapter(interface); });
}

Handle Testbench::add_interface(std::uint32_t interface) {
  impl_->port_of(interface);
  xdp::Platform& platform = impl_->bench().platform();
  if (platform.has_adapter(interface)) {
    throw std::invalid_argument(
        fmt::format("add_interface: expected an interface that is not there, got {}, which is", interface));
  }
  return impl_->operate_in_service(
      fmt::format("add interface {}", interface), [&platform, interface] { platform.add_adapter(interface); },
      [&platform, interface] { platform.remove_adapter(interface); });
}

Handle Testbench::restart_interface(std::uint32_t interface) {
  impl_->port_of(interface);
  xdp::Platform& platform = impl_->bench().platform();
  return impl_->operate_in_service(
      fmt::format("restart interface {}", interface),
      [&platform, interface] {
        platform.remove_adapter(interface);
        platform.add_adapter(interface);
      },
      nullptr);
}

Handle Testbench::pause_interface(std::uint32_t interface) {
  driver::Driver& driver = impl_->bench().driver(impl_->port_of(interface));
  return impl_->operate(
      fmt::format("pause interface {}", interface), [&driver] { driver.set_paused(true); },
      [&driver] { driver.set_paused(false); });
}

Handle Testbench::link_down(std::uint32_t interface) {
  nic::Port& port = impl_->bench().machine().port(impl_->port_of(interface));
  return impl_->operate(
      fmt::format("link of interface {} down", interface), [&port] { port.set_link(false); },
      [&port] { port.set_link(true); });
}

Handle Testbench::set_mtu(std::uint32_t bytes, std::uint32_t interface) {
  if (bytes < kMtuLeast || bytes > kMtuMost) {
    throw std::invalid_argument(
        fmt::format("set_mtu: expected {} to {} bytes, got {}", kMtuLeast, kMtuMost, bytes));
  }
  impl_->port_of(interface);
  xdp::Platform& platform = impl_->bench().platform();
  const std::uint32_t before = platform.mtu(interface);
  return impl_->operate_in_service(
      fmt::format("set the MTU of interface {} to {}", interface, bytes),
      [&platform, interface, bytes] { platform.set_mtu(interface, bytes); },
      [&platform, interface, before] { platform.set_mtu(interface, before); });
}

Handle Testbench::set_offloads(const OffloadSettings& current, std::uint32_t interface) {
  impl_->port_of(interface);
  if (current.rx_timestamp.has_value() || current.tx_timestamp.has_value()) {
    throw std::invalid_argument(
        "set_offloads: expected checksum offloads, got timestamps, which cannot be switched");
  }
  xdp::Platform& platform = impl_->bench().platform();
  const nic::Offloads before = platform.current_offloads(interface);
  return impl_->operate(
      fmt::format("set the offloads of interface {}", interface),
      [&] {
        platform.set_current_offloads(interface, current.rx_checksum.value_or(before.rx_checksum),
                                      current.tx_checksum.value_or(before.tx_checksum));
      },
      [&platform, interface, before] {
        platform.set_current_offloads(interface, before.rx_checksum, before.tx_checksum);
      });
}

Handle Testbench::set_capabilities(const OffloadSettings& hardware, std::uint32_t interface) {
  impl_->port_of(interface);
  xdp::Platform& platform = impl_->bench().platform();
  const nic::Offloads before = platform.hardware_offloads(interface);
  nic::Offloads after = before;
  after.rx_checksum = hardware.rx_checksum.value_or(before.rx_checksum);
  after.tx_checksum = hardware.tx_checksum.value_or(before.tx_checksum);
  after.rx_timestamp = hardware.rx_timestamp.value_or(before.rx_timestamp);
  after.tx_timestamp = hardware.tx_timestamp.value_or(before.tx_timestamp);
  return impl_->operate(
      fmt::format("set what the hardware of interface {} can do", interface),
      [&] { platform.set_hardware_offloads(interface, after); },
      [&platform, interface, before] { platform.set_hardware_offloads(interface, before); });
}

Handle Testbench::set_rss(const RssSettings& settings, std::uint32_t interface) {
  const std::size_t port = impl_->port_of(interface);
  xdp::RssControl& rss = impl_->bench().platform().rss(interface);
  const std::optional<xdp::HostRss> before = rss.host_setting();
  const xdp::HostRss after =
      changed(before.value_or(rss.host_default()), settings, impl_->bench().driver(port).info().rx_queues);
  return impl_->operate(
      fmt::format("set RSS of interface {}", interface), [&] { rss.set_host(after); },
      [&rss, before] { rss.set_host(before); });
}

std::vector<QuicConnection> Testbench::quic_connections(std::uint32_t interface) const {
  std::vector<QuicConnection> result;
  for (const auto& [key, connection] :
       impl_->bench().driver(impl_->port_of(interface)).quic().connections()) {
    result.push_back(shown(connection));
  }
  return result;
}

Handle Testbench::set_quic_answers(const QuicAnswers& answers, std::uint32_t interface) {
  driver::QuicTable& table = impl_->bench().driver(impl_->port_of(interface)).quic();
  const driver::QuicAnswers before = table.answers();
  driver::QuicAnswers after;
  after.connections_max = answers.connections_max.value_or(after.connections_max);
  after.request_status = answers.request_status;
  after.add_status = answers.add_status;
  after.remove_status = answers.remove_status;
  return impl_->operate(
      fmt::format("set what interface {} says to QUIC connections", interface),
      [&] { table.set_answers(after); }, [&table, before] { table.set_answers(before); });
}

Handle Testbench::stop_driver() {
  xdp::Platform& platform = impl_->bench().platform();
  return impl_->operate_in_service(
      "stop the driver", [&platform] { platform.stop(); }, [&platform] { platform.start(); });
}

Handle Testbench::set_queue_cpu(std::uint32_t queue, Direction direction, std::uint32_t cpu,
                                std::uint32_t interface) {
  driver::Driver& driver = impl_->bench().driver(impl_->port_of(interface));
  const std::uint32_t queues =
      direction == Direction::kRx ? driver.info().rx_queues : driver.info().tx_queues;
  const std::uint32_t cpus = impl_->bench().kernel().cpu_count();
  if (queue >= queues || cpu >= cpus) {
    throw std::invalid_argument(
        fmt::format("set_queue_cpu: expected a queue below {} and a processor below {}, got {} and {}",
                    queues, cpus, queue, cpu));
  }
  const driver::Direction way = direction_of(direction);
  const std::uint32_t before = driver.cpu(queue, way);
  return impl_->operate(
      fmt::format("{} queue {} of interface {} moves to processor {}",
                  direction == Direction::kRx ? "receive" : "transmit", queue, interface, cpu),
      [&] { driver.set_cpu(queue, way, cpu); },
      [&driver, queue, way, before] { driver.set_cpu(queue, way, before); });
}

}  // namespace ringproof::testbench
