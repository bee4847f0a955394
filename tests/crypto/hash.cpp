#include <countersign/crypto/hash.hpp>

#include <countersign/crypto/hmac.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string_view>

namespace {

// A sum: no hash to be used, but all that HMAC asks of one.
class checksum {
public:
  static constexpr std::size_t block_size = 4;
  static constexpr std::size_t digest_size = 1;
  using digest = std::array<unsigned char, digest_size>;

  static digest of(std::string_view message) { return checksum().finish(message); }
  checksum& update(std::string_view bytes) {
    for (char c : bytes) sum_ = static_cast<unsigned char>(sum_ + static_cast<unsigned char>(c));
    return *this;
  }
  digest finish(std::string_view rest = {}) const { return {checksum(*this).update(rest).sum_}; }

private:
  unsigned char sum_ = 0;
};
static_assert(countersign::hash_function<checksum>);
static_assert(countersign::hash_function<countersign::sha256>);

struct without_midstate : checksum {
  without_midstate() = default;
  without_midstate(without_midstate const&) = delete;
};
struct digest_longer_than_block : checksum {
  static constexpr std::size_t block_size = 0;
};
struct of_another_digest : checksum {
  using digest = std::array<char, 1>;
};
static_assert(!countersign::hash_function<int>);
static_assert(!countersign::hash_function<without_midstate>);
static_assert(!countersign::hash_function<digest_longer_than_block>);
static_assert(!countersign::hash_function<of_another_digest>);

}  // namespace

BOOST_AUTO_TEST_SUITE(hash)

// RFC 2104 section 2: H(K xor opad, H(K xor ipad, text))
BOOST_AUTO_TEST_CASE(hmac_works_over_any_hash) {
  auto const sum_of_pads = [](unsigned pad, unsigned key) { return (key ^ pad) + 3 * pad; };
  countersign::hmac<checksum> const mac("k");
  unsigned const inner = (sum_of_pads(0x36, 'k') + 'a' + 'b') & 0xff;
  BOOST_TEST(unsigned{mac.finish("ab")[0]} == ((sum_of_pads(0x5c, 'k') + inner) & 0xff));
  // a key of more than a block is hashed first
  unsigned const key = 5 * 'x' & 0xff;
  unsigned const inner_of_long = (sum_of_pads(0x36, key) + 'a') & 0xff;
  countersign::hmac<checksum> const long_key("xxxxx");
  BOOST_TEST(unsigned{long_key.finish("a")[0]} == ((sum_of_pads(0x5c, key) + inner_of_long) & 0xff));
  BOOST_TEST(
      long_key.verify("a", std::string_view(reinterpret_cast<char const*>(long_key.finish("a").data()), 1)));
}

BOOST_AUTO_TEST_SUITE_END()
