// RFC 1918, 3056, 4193, 4291, 6052, 6598, 6761, 6890; inet_aton's forms of an address.
#include <countersign/text/host_reach.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace cs = countersign;
using cs::host_reach;

namespace {

struct sample {
  std::string_view host;
  host_reach reach;
};
constexpr sample samples[] = {
    {"mcp.example.com", host_reach::everywhere},
    {"mcp.example.com.", host_reach::everywhere},
    {"8.8.8.8", host_reach::everywhere},
    {"134744072", host_reach::everywhere},
    {"127.0.0.1.example.com", host_reach::everywhere},
    {"1e100.net", host_reach::everywhere},
    {"local.example.com", host_reach::everywhere},
    {"notlocal.com", host_reach::everywhere},
    {"[2606:4700::1111]", host_reach::everywhere},
    {"[::ffff:8.8.8.8]", host_reach::everywhere},
    {"[2002:808:808::]", host_reach::everywhere},
    // the first and the last of each block, and their neighbours
    {"9.255.255.255", host_reach::everywhere},
    {"10.0.0.0", host_reach::network},
    {"10.255.255.255", host_reach::network},
    {"11.0.0.0", host_reach::everywhere},
    {"100.63.255.255", host_reach::everywhere},
    {"100.64.0.0", host_reach::network},
    {"100.127.255.255", host_reach::network},
    {"100.128.0.0", host_reach::everywhere},
    {"126.255.255.255", host_reach::everywhere},
    {"127.0.0.0", host_reach::this_machine},
    {"127.255.255.255", host_reach::this_machine},
    {"128.0.0.0", host_reach::everywhere},
    {"169.253.255.255", host_reach::everywhere},
    {"169.254.0.0", host_reach::link},
    {"169.254.169.254", host_reach::link},
    {"169.255.0.0", host_reach::everywhere},
    {"172.15.255.255", host_reach::everywhere},
    {"172.16.0.0", host_reach::network},
    {"172.31.255.255", host_reach::network},
    {"172.32.0.0", host_reach::everywhere},
    {"192.0.0.255", host_reach::network},
    {"192.0.1.0", host_reach::everywhere},
    {"192.167.255.255", host_reach::everywhere},
    {"192.168.0.0", host_reach::network},
    {"192.169.0.0", host_reach::everywhere},
    {"198.17.255.255", host_reach::everywhere},
    {"198.18.0.0", host_reach::network},
    {"198.19.255.255", host_reach::network},
    {"198.20.0.0", host_reach::everywhere},
    {"223.255.255.255", host_reach::everywhere},
    {"224.0.0.1", host_reach::link},
    {"255.255.255.255", host_reach::link},
    {"0.0.0.0", host_reach::this_machine},
    {"0", host_reach::this_machine},
    {"1.0.0.0", host_reach::everywhere},
    // one address in other clothes
    {"2130706433", host_reach::this_machine},
    {"017700000001", host_reach::this_machine},
    {"0x7f000001", host_reach::this_machine},
    {"0X7F.1", host_reach::this_machine},
    {"127.1", host_reach::this_machine},
    {"127.0.1", host_reach::this_machine},
    {"0177.0.0.01", host_reach::this_machine},
    {"127.0.0.1.", host_reach::this_machine},
    {"2852039166", host_reach::link},
    {"0xa9.0376.43518", host_reach::link},
    {"169.254.43518", host_reach::link},
    {"0251.0376.0251.0376", host_reach::link},
    {"012.1", host_reach::network},
    {"[::ffff:169.254.169.254]", host_reach::link},
    {"[::ffff:a9fe:a9fe]", host_reach::link},
    {"[::FFFF:7F00:1]", host_reach::this_machine},
    {"[::127.0.0.1]", host_reach::this_machine},
    {"[::ffff:0:10.0.0.1]", host_reach::network},
    {"[64:ff9b::10.0.0.1]", host_reach::network},
    {"[64:ff9b::a9fe:a9fe]", host_reach::link},
    {"[64:ff9b:1::808:808]", host_reach::network},
    {"[2002:a9fe:a9fe::1]", host_reach::link},
    {"[2001::4136:e378]", host_reach::unclear},
    {"[::1]", host_reach::this_machine},
    {"[0:0:0:0:0:0:0:1]", host_reach::this_machine},
    {"[::]", host_reach::this_machine},
    {"[fe80::1]", host_reach::link},
    {"[febf::1]", host_reach::link},
    {"[ff02::1]", host_reach::link},
    {"[fc00::1]", host_reach::network},
    {"[fd00:ec2::254]", host_reach::network},
    {"[fec0::1]", host_reach::network},
    {"[fe00::1]", host_reach::everywhere},
    // names
    {"localhost", host_reach::this_machine},
    {"LocalHost.", host_reach::this_machine},
    {"a.localhost", host_reach::this_machine},
    {"intranet", host_reach::network},
    {"printer.local", host_reach::network},
    {"metadata.google.internal", host_reach::network},
    {"metadata.google.internal.", host_reach::network},
    {"router.home.ARPA", host_reach::network},
    // neither
    {"256.1.1.1", host_reach::unclear},
    {"1.2.3.4.5", host_reach::unclear},
    {"1.2.3.09", host_reach::unclear},
    {"127.0.0.0x1g", host_reach::everywhere},  // a name: its last part is no number
    {"1..1", host_reach::unclear},
    {"4294967296", host_reach::unclear},
    {"99999999999999999999999999", host_reach::unclear},
    {"127.16777216", host_reach::unclear},
    {"", host_reach::unclear},
    {".", host_reach::unclear},
    {"[::1", host_reach::unclear},
    {"[nonsense]", host_reach::unclear},
    {"\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.1", host_reach::unclear},  // full-width digits
    {"\xe2\x93\x9bocalhost", host_reach::unclear},
};
static_assert(cs::reach_of("127.0.0.1") == host_reach::this_machine);

}  // namespace

BOOST_AUTO_TEST_SUITE(host_reach_)

BOOST_AUTO_TEST_CASE(a_host_is_as_private_as_what_it_may_be_taken_for) {
  for (auto const& s : samples)
    BOOST_TEST(static_cast<int>(cs::reach_of(s.host)) == static_cast<int>(s.reach), s.host);
}

BOOST_AUTO_TEST_CASE(nobody_names_what_is_more_private_than_himself) {
  constexpr std::string_view places[] = {"mcp.example.com", "10.0.0.1", "169.254.1.1", "127.0.0.1"};
  for (std::size_t from = 0; from < 4; ++from)
    for (std::size_t to = 0; to < 4; ++to)
      BOOST_TEST(cs::may_name(places[from], places[to]) == (to <= from),
                 places[from] << " names " << places[to]);
  BOOST_TEST(!cs::may_name("127.0.0.1", "1.2.3.4.5"));
  BOOST_TEST(!cs::may_name("1.2.3.4.5", "10.0.0.1"));
  BOOST_TEST(cs::may_name("1.2.3.4.5", "as.example.com"));
}

BOOST_AUTO_TEST_CASE(an_address_is_as_private_as_its_text) {
  auto const of = [](std::initializer_list<int> bytes) {
    std::string text;
    for (int const one : bytes) text.push_back(static_cast<char>(one));
    return cs::reach_of_address(text);
  };
  BOOST_TEST((of({127, 0, 0, 1}) == host_reach::this_machine));
  BOOST_TEST((of({10, 255, 0, 1}) == host_reach::network));
  BOOST_TEST((of({169, 254, 169, 254}) == host_reach::link));
  BOOST_TEST((of({203, 0, 113, 200}) == host_reach::everywhere));
  BOOST_TEST((of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) == host_reach::this_machine));
  BOOST_TEST((of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1}) == host_reach::network));
  BOOST_TEST((of({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) == host_reach::link));
  BOOST_TEST((of({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) == host_reach::everywhere));
  BOOST_TEST((of({}) == host_reach::unclear));
  BOOST_TEST((of({127, 0, 0}) == host_reach::unclear));
  BOOST_TEST((of({127, 0, 0, 1, 0}) == host_reach::unclear));
}

BOOST_AUTO_TEST_SUITE_END()
