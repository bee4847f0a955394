// A scheme of your own beside the same by hand: how to measure yours. bench/run your_scheme

#include <countersign/auth/authenticator.hpp>
#include <countersign/source/fixed.hpp>

#include "by_hand.hpp"
#include "table.hpp"

#include <cstring>
#include <string_view>

namespace cs = countersign;

namespace {

struct acme {
  static constexpr bool constant = true;  // the same header for each request
  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out, cs::moment const&) const {
    out.set("X-Acme", "key=", key.reveal());
    return cs::stamp{};
  }
};

char room[256];
by_hand::request const request{"GET", "https://acme.example/orders"};

}  // namespace

int main(int argc, char** argv) {
  // [use]
  std::string const line = "X-Acme: key=your-key\r\n";
  cs::authenticator auth{cs::fixed{"your-key"}, acme{}, cs::only{"https://acme.example"}};
  table::add("my scheme/1 header/floor", [&] {
    std::memcpy(room, line.data(), line.size());
    return std::string_view(room, line.size());
  }, line);
  table::add("my scheme/1 header/countersign", [&] {
    by_hand::wire sink{room, room + sizeof room};
    return auth.authorize(request, sink) ? std::string_view(room, sink.at) : std::string_view();
  }, line);
  return table::main(argc, argv);
  // [/use]
}
