// Requests to AWS: signed in headers, and a URL that works by itself for an hour.
#include <countersign/countersign.hpp>

#include <cstdlib>

namespace cs = countersign;

int main() {
  setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 1);

  // [use]
  cs::authenticator queue{cs::aws_environment{}, cs::sigv4{{.region = "eu-west-1", .service = "sqs"}},
                          cs::only{"https://sqs.eu-west-1.amazonaws.com"}};
  // [/use]
  cs::request message("POST", "https://sqs.eu-west-1.amazonaws.com/", cs::secret("{}"));
  if (!queue.authorize(message) || !message.get("X-Amz-Date")) return 1;

  cs::aws_credentials const key{
      cs::secret("AKIDEXAMPLE"), cs::secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), {}};
  // [presigned]
  cs::request const download("GET", "https://reports.s3.amazonaws.com/2026/11.pdf");
  auto const url = cs::sigv4_presigned_url({.region = "us-east-1", .service = "s3"}, key, download,
                                           cs::seconds(3600), cs::system_context.now().wall);
  if (!url) return 1;
  // [/presigned]
  return url->reveal().find("&X-Amz-Signature=") != std::string_view::npos ? 0 : 1;
}
