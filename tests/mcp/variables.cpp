#include <countersign/mcp/variables.hpp>

#include <countersign/text/json.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

BOOST_AUTO_TEST_SUITE(mcp_variables)

BOOST_AUTO_TEST_CASE(variables_are_found_in_every_text_in_order) {
  auto const document = cs::json_document::parse(cs::secret(
      R"({"url":"https://${T}.x/${P:-v1}","headers":{"A":"${K}","B":"${v%x} $K"},"args":["${A}",3],
          "auth":[{"password":"${W:-}"}],"headersHelper":"get ${L}","timeout":5,"env":{"X":"${K}"}})"));
  std::string found;
  mcp::each_variable(mcp::server("s", mcp::server_type::http, document->root()),
                     [&](std::string_view name, bool has_default) {
                       found += std::string(name) + (has_default ? "? " : " ");
                     });
  BOOST_TEST(found == "T P? K A W? L K ");
}

BOOST_AUTO_TEST_SUITE_END()
