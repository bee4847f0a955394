#include <countersign/os/loopback_socket.hpp>

#include "os/forked.hpp"
#include "os/knock.hpp"
#include "os/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <sys/resource.h>
#include <type_traits>

using namespace countersign;
using os::loopback;
using os::loopback_socket;
using os::tcp_connection;

static_assert(std::is_nothrow_move_constructible_v<loopback_socket>);
static_assert(!std::is_copy_constructible_v<tcp_connection>);

namespace {

loopback_socket listening(loopback where, std::uint16_t port = 0) {
  auto made = loopback_socket::open(where, port);
  BOOST_REQUIRE_MESSAGE(made, made.error().message());
  return std::move(*made);
}

tcp_connection welcomed(loopback_socket& at, std::size_t which = 0) {
  os::poll_entry ready = at.reading(which);
  BOOST_REQUIRE(os::wait_ready(&ready, 1, 2000));
  BOOST_REQUIRE(ready.revents != 0);
  tcp_connection got;
  BOOST_REQUIRE((at.accept(which, got) == loopback_socket::accepted::one));
  return got;
}

// What a file descriptor is bound to: family, and whether it is this machine's own address.
bool is_bound_to_loopback(int number, int family) {
  sockaddr_storage at = {};
  socklen_t size = sizeof at;
  BOOST_REQUIRE(::getsockname(number, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  if (at.ss_family != family) return false;
  if (family == AF_INET)
    return reinterpret_cast<sockaddr_in*>(&at)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<sockaddr_in6*>(&at)->sin6_addr) != 0;
}

bool is_private(int number) {
  return (::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0 && (::fcntl(number, F_GETFL) & O_NONBLOCK) != 0;
}

// Somebody else's listener on every address of the machine; 0 if the port is not to be had.
struct squatter {
  int number;
  std::uint16_t port = 0;
  explicit squatter(int family, bool everywhere, std::uint16_t wanted = 0)
      : number(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    int const yes = 1;
    ::setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in ipv4 = {};
    sockaddr_in6 ipv6 = {};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(wanted);
    ipv4.sin_addr.s_addr = htonl(everywhere ? INADDR_ANY : INADDR_LOOPBACK);
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = htons(wanted);
    ipv6.sin6_addr = everywhere ? in6addr_any : in6addr_loopback;
    auto* const at =
        family == AF_INET ? reinterpret_cast<sockaddr*>(&ipv4) : reinterpret_cast<sockaddr*>(&ipv6);
    socklen_t size = family == AF_INET ? sizeof ipv4 : sizeof ipv6;
    if (family == AF_INET6) ::setsockopt(number, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (::bind(number, at, size) != 0 || ::listen(number, 1) != 0 || ::getsockname(number, at, &size) != 0)
      return;
    port = ntohs(family == AF_INET ? ipv4.sin_port : ipv6.sin6_port);
  }
  squatter(squatter const&) = delete;
  ~squatter() { ::close(number); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(os_loopback_socket)

BOOST_AUTO_TEST_CASE(bytes_go_both_ways) {
  auto at = listening(loopback::ipv4);
  BOOST_TEST(at.port() != 0);
  BOOST_TEST(at.size() == 1u);
  knock browser(at.port());
  browser.say("hello");
  auto here = welcomed(at);
  os::poll_entry ready = here.reading();
  BOOST_REQUIRE(os::wait_ready(&ready, 1, 2000));
  secret heard;
  BOOST_TEST((here.receive(heard, 4) == tcp_connection::got::bytes));
  BOOST_TEST(heard.reveal() == "hell");
  BOOST_TEST((here.receive(heard, 100) == tcp_connection::got::bytes));
  BOOST_TEST(heard.reveal() == "hello");
  BOOST_TEST((here.receive(heard, 100) == tcp_connection::got::nothing_yet));
  BOOST_TEST(here.send("good day"));
  here.end_sending();
  BOOST_TEST(browser.hears() == "good day");
  browser.close();
  BOOST_REQUIRE(os::wait_ready(&(ready = here.reading()), 1, 2000));
  BOOST_TEST((here.receive(heard, 100) == tcp_connection::got::end));
}

BOOST_AUTO_TEST_CASE(only_this_machine_is_listened_to) {
  BOOST_TEST(is_bound_to_loopback(listening(loopback::ipv4).reading(0).fd, AF_INET));
  BOOST_TEST(is_bound_to_loopback(listening(loopback::ipv6).reading(0).fd, AF_INET6));
  auto const both = listening(loopback::both);
  BOOST_REQUIRE(both.size() == 2u);
  BOOST_TEST(is_bound_to_loopback(both.reading(0).fd, AF_INET));
  BOOST_TEST(is_bound_to_loopback(both.reading(1).fd, AF_INET6));
}

BOOST_AUTO_TEST_CASE(both_addresses_have_the_same_port) {
  auto both = listening(loopback::both);
  knock const four(both.port()), six(both.port(), over::ipv6);
  BOOST_TEST(welcomed(both, 0).number() >= 0);
  BOOST_TEST(welcomed(both, 1).number() >= 0);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_inherited_and_none_blocks) {
  auto at = listening(loopback::both);
  BOOST_TEST(is_private(at.reading(0).fd));
  BOOST_TEST(is_private(at.reading(1).fd));
  knock const browser(at.port());
  auto const here = welcomed(at);
  BOOST_TEST(is_private(here.number()));
  tcp_connection none;
  BOOST_TEST((at.accept(0, none) == loopback_socket::accepted::none));
  BOOST_TEST(!none);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_an_error_that_names_it) {
  for (bool const everywhere : {false, true}) {
    squatter const other(AF_INET, everywhere);
    auto const got = loopback_socket::open(loopback::ipv4, other.port);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::fatal));
    BOOST_TEST(got.error().message() ==
               "loopback: port " + std::to_string(other.port) +
                   " is taken by another program; end that one, or choose another port");
  }
}

BOOST_AUTO_TEST_CASE(of_two_addresses_both_must_be_free) {
  squatter const other(AF_INET6, false);
  auto const descriptors = count_descriptors();
  auto const got = loopback_socket::open(loopback::both, other.port);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == errc::fatal));
  BOOST_TEST(count_descriptors() == descriptors);
  BOOST_TEST(loopback_socket::open(loopback::ipv4, other.port).has_value());
}

BOOST_AUTO_TEST_CASE(nobody_can_have_the_port_until_the_end) {
  std::uint16_t port = 0;
  {
    auto first = listening(loopback::both);
    port = first.port();
    auto const moved = std::move(first);
    BOOST_TEST(!loopback_socket::open(loopback::ipv4, port).has_value());
    BOOST_TEST(!loopback_socket::open(loopback::ipv6, port).has_value());
    BOOST_TEST(squatter(AF_INET, true, port).port == 0);
    BOOST_TEST(squatter(AF_INET6, true, port).port == 0);
  }
  BOOST_TEST(listening(loopback::both, port).port() == port);
}

BOOST_AUTO_TEST_CASE(a_port_is_free_at_once_though_a_connection_was_closed_from_here) {
  std::uint16_t port = 0;
  {
    auto at = listening(loopback::ipv4);
    port = at.port();
    knock browser(port);
    {
      auto here = welcomed(at);
      BOOST_TEST(here.send("bye"));
    }
    BOOST_TEST(browser.hears() == "bye");
  }
  BOOST_TEST(loopback_socket::open(loopback::ipv4, port).has_value());
}

BOOST_AUTO_TEST_CASE(sending_to_one_who_has_gone_raises_no_signal) {
  auto at = listening(loopback::ipv4);
  knock browser(at.port());
  auto here = welcomed(at);
  browser.reset();
  os::poll_entry ready = here.reading();
  BOOST_REQUIRE(os::wait_ready(&ready, 1, 2000));
  here.send("first");
  BOOST_TEST(!here.send("second"));
}

BOOST_AUTO_TEST_CASE(a_process_without_descriptors_is_told_so) {
  BOOST_TEST(in_child([] {
    auto at = loopback_socket::open(loopback::ipv4, 0);
    knock const browser(at->port());
    os::poll_entry ready = at->reading(0);
    rlimit const none = {3, 3};
    if (!os::wait_ready(&ready, 1, 2000) || ::setrlimit(RLIMIT_NOFILE, &none) != 0) return false;
    tcp_connection one;
    return at->accept(0, one) == loopback_socket::accepted::no_room &&
           loopback_socket::open(loopback::ipv4, 0).error().code() == errc::transient;
  }));
}

BOOST_AUTO_TEST_CASE(waiting_ends_in_time_where_nobody_comes) {
  auto const at = listening(loopback::ipv4);
  os::poll_entry ready = at.reading(0);
  BOOST_TEST(os::wait_ready(&ready, 1, 1));
  BOOST_TEST(ready.revents == 0);
}

BOOST_AUTO_TEST_SUITE_END()
