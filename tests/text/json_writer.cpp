// RFC 8259 §7 (escapes).
#include <countersign/text/json_writer.hpp>

#include <countersign/text/json.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>

namespace cs = countersign;
using namespace std::literals;

namespace {

template <class Write>
std::string written(Write write) {
  cs::secret out;
  cs::json_writer json(out);
  write(json);
  auto const done = json.finish();
  return done ? std::string(out.reveal()) : std::string(done.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_writer)

BOOST_AUTO_TEST_CASE(a_value_is_written_compactly_on_one_line) {
  BOOST_TEST(
      written([](auto& json) {
        json.open_object()
            .member("name", "agent")
            .member("count", 3)
            .member("public", true)
            .name("redirect_uris")
            .open_array()
            .value("http://127.0.0.1/cb")
            .value("b")
            .close()
            .name("none")
            .null()
            .name("empty")
            .open_object()
            .close()
            .name("list")
            .open_array()
            .close()
            .name("jwk")
            .raw(R"({"kty":"EC"})")
            .member("secret", cs::secret("s"))
            .close();
      }) ==
      R"({"name":"agent","count":3,"public":true,"redirect_uris":["http://127.0.0.1/cb","b"],"none":null,"empty":{},"list":[],"jwk":{"kty":"EC"},"secret":"s"})");
  BOOST_TEST(written([](auto& json) { json.value("alone"); }) == "\"alone\"");
  BOOST_TEST(
      written([](auto& json) {
        json.open_array().open_array().close().open_array().value(1).value(2).close().value(false).close();
      }) == "[[],[1,2],false]");
}

BOOST_AUTO_TEST_CASE(integers_of_every_width_are_exact) {
  BOOST_TEST(written([](auto& json) {
               json.open_array()
                   .value(0)
                   .value(-1)
                   .value(std::numeric_limits<std::int64_t>::min())
                   .value(std::numeric_limits<std::int64_t>::max())
                   .value(std::numeric_limits<std::uint64_t>::max())
                   .value(std::int8_t{-128})
                   .value(std::uint16_t{65535})
                   .close();
             }) == "[0,-1,-9223372036854775808,9223372036854775807,18446744073709551615,-128,65535]");
}

BOOST_AUTO_TEST_CASE(every_byte_survives_the_way_there_and_back) {
  for (int byte = 0; byte < 0x80; ++byte) {
    auto const string = "before it " + std::string(1, static_cast<char>(byte)) + " and after";
    auto const json = written([&](auto& out) { out.value(string); });
    for (char const c : json) BOOST_TEST(static_cast<unsigned char>(c) >= 0x20);
    auto const back = cs::json_document::parse(cs::secret(json), {.nul_in_strings = true});
    BOOST_REQUIRE(back);
    BOOST_TEST(back->root().string() == string);
  }
  BOOST_TEST(written([](auto& json) { json.value("\"\\\b\f\n\r\t/\x01\x1f\x7f\xc3\xa9"); }) ==
             R"("\"\\\b\f\n\r\t/\u0001\u001f)"
             "\x7f\xc3\xa9\"");
  BOOST_TEST(written([](auto& json) { json.open_object().member("a\"b", 1).close(); }) == R"({"a\"b":1})");
  BOOST_TEST(written([](auto& json) { json.value("\0"sv); }) == R"("\u0000")");
}

BOOST_AUTO_TEST_CASE(a_string_that_is_not_utf8_fails_and_stays_failed) {
  for (std::string_view const bad : {"\xff"sv, "12345678\xc3"sv, "\xed\xa0\x80"sv}) {
    BOOST_TEST(written([&](auto& json) { json.value(bad); }) ==
               "JSON cannot be written: a string that is not UTF-8");
    BOOST_TEST(written([&](auto& json) { json.open_object().member(bad, 1).close(); }) ==
               "JSON cannot be written: a string that is not UTF-8");
  }
  cs::secret out;
  cs::json_writer json(out);
  json.open_array().value("\xff");
  auto const size = out.size();
  json.value("good").close();
  BOOST_TEST(out.size() == size);
  BOOST_TEST(!json.finish());
}

BOOST_AUTO_TEST_CASE(misuse_is_told_and_never_written) {
  auto const message = [](char const* what) { return "JSON cannot be written: " + std::string(what); };
  BOOST_TEST(written([](auto&) {}) == message("the value is not complete"));
  BOOST_TEST(written([](auto& json) { json.open_object(); }) == message("the value is not complete"));
  BOOST_TEST(written([](auto& json) { json.close(); }) == message("nothing is open to be closed"));
  BOOST_TEST(written([](auto& json) { json.value(1).value(2); }) == message("a second value"));
  BOOST_TEST(written([](auto& json) { json.value(1).open_array(); }) == message("a second value"));
  BOOST_TEST(written([](auto& json) { json.open_object().value(1); }) ==
             message("a value without a name in an object"));
  BOOST_TEST(written([](auto& json) { json.open_object().open_array(); }) ==
             message("a value without a name in an object"));
  BOOST_TEST(written([](auto& json) { json.open_object().name("a").close(); }) ==
             message("a name without a value"));
  BOOST_TEST(written([](auto& json) { json.open_object().name("a").name("b"); }) ==
             message("a name where none belongs"));
  BOOST_TEST(written([](auto& json) { json.open_array().name("a"); }) ==
             message("a name where none belongs"));
  BOOST_TEST(written([](auto& json) { json.name("a"); }) == message("a name where none belongs"));
  BOOST_TEST(written([](auto& json) { json.raw(""); }) == message("raw JSON that is empty"));
  BOOST_TEST(written([](auto& json) { json.value(cs::json_value()); }) ==
             message("a value that is not there"));
}

BOOST_AUTO_TEST_CASE(depth_is_limited_to_64) {
  auto const nested = [](std::size_t depth) {
    return written([depth](auto& json) {
      for (std::size_t i = 0; i < depth; ++i) i % 2 == 0 ? json.open_array() : json.open_object().name("a");
      // Each object's turn left it with a name that the next level answers.
      if (depth % 2 == 0) json.value(0);
      for (std::size_t i = 0; i < depth; ++i) json.close();
    });
  };
  BOOST_TEST(nested(64).find("cannot") == std::string::npos);
  BOOST_TEST(nested(65) == "JSON cannot be written: arrays and objects lie too deep in one another");
}

BOOST_AUTO_TEST_CASE(a_parsed_value_is_copied_whole_with_its_digits) {
  std::string_view const text =
      R"( { "a" : [ 1.50e+3 , { "x\n" : [ ] , "y" : { } } , [ [ 2 ] ] ] , "b" : "\u00e9\u0001" , "c" : null , "d":true } )";
  auto const document = cs::json_document::parse(cs::secret(text));
  BOOST_REQUIRE(document);
  std::string_view const compact =
      "{\"a\":[1.50e+3,{\"x\\n\":[],\"y\":{}},[[2]]],\"b\":\"\xc3\xa9\\u0001\",\"c\":null,\"d\":true}";
  BOOST_TEST(written([&](auto& json) { json.value(document->root()); }) == compact);
  BOOST_TEST(written([&](auto& json) {
               json.open_object().member("all", document->root()).member("b", (*document)["b"]).close();
             }) == "{\"all\":" + std::string(compact) + ",\"b\":\"\xc3\xa9\\u0001\"}");
  BOOST_TEST(written([&](auto& json) {
               json.open_array().value((*document)["a"][1]).value((*document)["c"]).close();
             }) == R"([{"x\n":[],"y":{}},null])");
  BOOST_TEST(written([&](auto& json) { json.open_object().value((*document)["b"]); }) ==
             "JSON cannot be written: a value without a name in an object");
}

BOOST_AUTO_TEST_CASE(a_copy_that_would_lie_too_deep_fails) {
  auto const document = cs::json_document::parse(cs::secret(std::string(64, '[') + std::string(64, ']')));
  BOOST_REQUIRE(document);
  BOOST_TEST(written([&](auto& json) { json.value(document->root()); }) ==
             std::string(64, '[') + std::string(64, ']'));
  BOOST_TEST(written([&](auto& json) { json.open_array().value(document->root()).close(); }) ==
             "JSON cannot be written: arrays and objects lie too deep in one another");
}

BOOST_AUTO_TEST_CASE(a_copy_of_any_depth_stays_within_bounds) {
  auto const document =
      cs::json_document::parse(cs::secret(std::string(500, '[') + std::string(500, ']')), {.depth = 500});
  BOOST_REQUIRE(document);
  BOOST_TEST(written([&](auto& json) { json.value(document->root()); }) ==
             "JSON cannot be written: arrays and objects lie too deep in one another");
}

BOOST_AUTO_TEST_CASE(writing_continues_after_what_the_secret_held) {
  cs::secret out("data: ");
  BOOST_TEST(static_cast<bool>(cs::json_writer(out).open_array().close().finish()));
  BOOST_TEST(out.reveal() == "data: []");
}

BOOST_AUTO_TEST_CASE(a_secret_that_lacked_memory_is_told) {
  cs::secret short_of;
  BOOST_REQUIRE(!short_of.reserve(static_cast<std::size_t>(-1) / 2));
  BOOST_TEST(written([&](auto& json) { json.value(short_of); }) ==
             "JSON cannot be written: a string was cut short for lack of memory");
  cs::json_writer json(short_of);
  auto const done = json.value(1).finish();
  BOOST_REQUIRE(!done);
  BOOST_TEST((done.error().code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
