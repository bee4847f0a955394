#pragma once
// The cases of tests/vectors/aws-sigv4, each with its request as a view.

#include <countersign/core/credential.hpp>
#include <countersign/core/time.hpp>
#include <countersign/format/sigv4_options.hpp>

#include "fake/plain_request.hpp"
#include "vectors/read.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace vectors {

namespace cs = countersign;

struct aws_case {
  std::string name;
  fake::plain_request request;
  cs::aws_credentials credentials;
  cs::sigv4_options options;
  cs::wall_time time = {1'440'938'160'000};  // 2015-08-30T12:36:00Z
  std::int64_t lifetime = 0;                 // seconds

  [[nodiscard]] std::string text(std::string const& file) const {
    auto in = open("aws-sigv4/v4/" + name + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

inline std::vector<aws_case> aws_cases() {
  std::vector<aws_case> all;
  for (auto const& folder :
       std::filesystem::directory_iterator(COUNTERSIGN_SOURCE_DIR "/tests/vectors/aws-sigv4/v4")) {
    aws_case one;
    one.name = folder.path().filename().string();
    auto const context = json("aws-sigv4/v4/" + one.name + "/context.json");
    one.credentials = {.access_key_id = cs::secret(context.get<std::string>("credentials.access_key_id")),
                       .secret_access_key =
                           cs::secret(context.get<std::string>("credentials.secret_access_key")),
                       .session_token = cs::secret(context.get<std::string>("credentials.token", ""))};
    if (context.get<std::string>("timestamp") != "2015-08-30T12:36:00Z")
      throw std::runtime_error("another time");
    one.lifetime = std::stol(context.get<std::string>("expiration_in_seconds"));

    auto const text = one.text("request.txt");
    std::istringstream in(text);
    std::string line;
    std::getline(in, line);
    one.request.verb = line.substr(0, line.find(' '));
    auto const end = line.rfind(' ');
    one.request.path_and_query = line.substr(one.request.verb.size() + 1, end - one.request.verb.size() - 1);
    std::string listed;
    while (std::getline(in, line) && !line.empty()) {
      auto const colon = line.find(':');
      one.request.lines.emplace_back(line.substr(0, colon), line.substr(colon + 1));
      listed += line.substr(0, colon) + ", ";
    }
    one.request.content.assign(std::istreambuf_iterator<char>(in), {});

    bool const hashed = context.get<std::string>("sign_body") == "true";
    one.options = {.region = context.get<std::string>("region"),
                   .service = context.get<std::string>("service"),
                   .path = context.get<std::string>("normalize") == "true" ? cs::sigv4_path::normalized
                                                                           : cs::sigv4_path::as_written,
                   .hash_header = hashed ? cs::sigv4_hash_header::always : cs::sigv4_hash_header::never,
                   .also_signed = listed};
    all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
  return all;
}

}  // namespace vectors
