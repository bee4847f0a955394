// A structured field (RFC 9651) read and written: a signature's inputs, as RFC 9421 has them.
#include <countersign/text.hpp>

namespace cs = countersign;

int main() {
  // [read]
  // Of a header that came twice, both values with ", " between.
  auto const inputs = cs::structured_field::parse_dictionary(
      cs::secret(R"(sig1=("@method" "@query-param";name="q");created=1618884473;keyid="a")"));
  if (!inputs) return 1;  // "structured field, byte 6: expected …"
  auto const signed_at = (*inputs)["sig1"].parameter("created").integer();
  std::size_t covered = 0;
  for (auto const component : (*inputs)["sig1"].elements())
    if (!component.string()) return 1;  // component.expected("a string") says what is there, and where
    else ++covered;
  // [/read]
  if (signed_at != 1618884473 || covered != 2) return 1;

  // [write]
  cs::secret out;
  auto const ok = cs::structured_writer(out, cs::structured_shape::dictionary)
                      .member("sig1")
                      .open_inner_list()
                      .string("@method")
                      .string("@query-param")
                      .key("name")
                      .string("q")
                      .close()
                      .key("created")
                      .integer(1618884473)
                      .key("keyid")
                      .string("a")
                      .finish();
  // [/write]
  if (!ok || out.reveal() != R"(sig1=("@method" "@query-param";name="q");created=1618884473;keyid="a")")
    return 1;

  cs::secret again;
  cs::structured_writer(again, cs::structured_shape::dictionary).member("sig1").value((*inputs)["sig1"]);
  return again == out ? 0 : 1;
}
