// Prints random requests, one a line as JSON, with what sigv4 made of them. sigv4.mjs signs them by @smithy/signature-v4.
#include <countersign/format/sigv4.hpp>
#include <countersign/format/sigv4_presigned_url.hpp>

#include "fake/context.hpp"
#include "fake/plain_request.hpp"

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;

namespace {

std::mt19937 generator(2026);
std::size_t below(std::size_t n) { return generator() % n; }
template <class T>
T one_of(std::vector<T> const& all) {
  return all[below(all.size())];
}

// In JSON, and its bytes encoded at random: always where they have to be, now and then where not.
struct text {
  std::string plain, sent;
};
text some_text(std::size_t most, std::string_view raw) {
  text made;
  for (auto n = below(most); n-- > 0;) {
    auto const piece = one_of<std::string>(
        {"a", "b", "Z", "0", "9", "-", "_", ".", "~", " ", "+", "%", "&", "=",        "/",           "?",
         "#", ":", "@", "!", "$", "'", "(", ")", "*", ",", ";", "[", "{", "\xc3\xa9", "\xe1\x88\xb4"});
    made.plain += piece;
    bool const keep = raw.find(piece) != std::string_view::npos && below(8) != 0;
    for (char const c : piece) {
      char escape[4];
      std::snprintf(escape, sizeof escape, below(4) == 0 ? "%%%02x" : "%%%02X",
                    unsigned{static_cast<unsigned char>(c)});
      made.sent += keep ? std::string(1, c) : std::string(escape);
    }
  }
  return made;
}
std::string json(std::string_view plain) {
  std::string out = "\"";
  for (char const c : plain) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\t') out += "\\t";
    else out += c;
  }
  return out + "\"";
}
std::string json(std::vector<std::pair<std::string, std::string>> const& pairs) {
  std::string out = "[";
  for (auto const& [name, value] : pairs)
    out += (out.size() > 1 ? ",[" : "[") + json(name) + "," + json(value) + "]";
  return out + "]";
}

}  // namespace

int main(int count, char** arguments) {
  auto const wanted = count > 1 ? std::atoi(arguments[1]) : 1000;
  for (int i = 0; i < wanted; ++i) {
    fake::plain_request request;
    request.verb = one_of<std::string>({"GET", "PUT", "POST", "DELETE", "HEAD"});
    request.host = "https://h" + std::to_string(below(9)) + ".example.com";
    bool const s3 = below(2) == 0;
    // For S3 as its clients send it, each byte encoded that may be: what is signed is then what is sent.
    std::string path;
    for (auto n = 1 + below(5); n-- > 0;) {
      auto const segment = s3 ? std::pair(std::string(), some_text(6, ""))
                              : std::pair(std::string(), some_text(6, "abZ09-_.~!$'()*,;:@=&"));
      for (std::size_t c = 0; s3 && c < segment.second.plain.size(); ++c) {
        auto const byte = segment.second.plain[c];
        char escape[4];
        std::snprintf(escape, sizeof escape, "%%%02X", unsigned{static_cast<unsigned char>(byte)});
        path += (c == 0 ? "/" : "") + (std::string_view("abZ09-_.~").find(byte) != std::string_view::npos
                                           ? std::string(1, byte)
                                           : std::string(escape));
      }
      if (s3 && segment.second.plain.empty()) path += "/";
      if (!s3)
        path += "/" + one_of<std::string>(
                          {segment.second.sent, segment.second.sent, segment.second.sent, ".", "..", ""});
    }
    std::vector<std::pair<std::string, std::string>> query;
    std::string sent;
    for (auto n = below(7); n-- > 0;) {
      auto const name = some_text(4, "abZ09-_.~"), value = some_text(6, "abZ09-_.~/?:@!$'()*,;=");
      if (name.plain.empty()) continue;
      query.emplace_back(name.plain, value.plain);
      sent += (sent.empty() ? "" : "&") + name.sent +
              (value.plain.empty() && below(2) == 0 ? "" : "=" + value.sent);
    }
    request.path_and_query = path + (sent.empty() ? "" : "?" + sent);
    if (request.verb != "GET" && request.verb != "HEAD") request.content = some_text(40, "").plain;
    std::string also;
    for (auto n = below(6); n-- > 0;) {
      auto const name = one_of<std::string>({"X-Amz-Meta-", "x-other-", "My_", "Content-"}) +
                        std::to_string(n) + one_of<std::string>({"a", "B", "-"});
      std::string value = "v";
      for (auto m = below(12); m-- > 0;)
        value += one_of<std::string>({"a", "B", " ", "  ", ",", "\t", "'", ";"});
      while (value.back() == ' ' || value.back() == '\t') value.pop_back();
      request.lines.emplace_back(name, value);
      also += name + ",";
    }
    auto const token = below(2) == 0 ? "" : "session/" + std::to_string(i) + "+==";
    auto const region = one_of<std::string>({"us-east-1", "eu-central-2"});
    std::string const service = s3 ? "s3" : one_of<std::string>({"execute-api", "iam"});
    cs::wall_time const now{static_cast<std::int64_t>(generator()) * 1000};
    auto const lifetime = static_cast<std::int64_t>(1 + below(604'800));
    cs::aws_credentials const as{cs::secret("AKID" + std::to_string(i)),
                                 cs::secret("key/" + std::to_string(generator())), cs::secret(token)};
    cs::sigv4_options const how{.region = region, .service = service, .also_signed = also};

    fake::world world;
    world.set_wall(now);
    cs::draft out;
    cs::sigv4::memory memory;
    auto const context = world.context();
    auto const made = cs::sigv4(how).format(as, request, out, cs::moment(context), memory);
    auto const url = cs::sigv4_presigned_url(how, as, request, cs::seconds(lifetime), now);
    if (!made || !url) {
      std::fprintf(stderr, "%d: %s\n", i, std::string((made ? url.error() : made.error()).message()).c_str());
      return 1;
    }
    std::printf("{\"method\":%s,\"host\":%s,\"path\":%s,\"query\":%s,\"headers\":%s,\"body\":%s,\"id\":%s,"
                "\"key\":%s,\"token\":%s,\"region\":%s,"
                "\"service\":%s,\"time\":%lld,\"lifetime\":%lld,\"authorization\":%s,\"url\":%s}\n",
                json(request.verb).c_str(), json(request.host.substr(8)).c_str(), json(path).c_str(),
                json(query).c_str(), json(request.lines).c_str(), json(request.content).c_str(),
                json(as.access_key_id.reveal()).c_str(), json(as.secret_access_key.reveal()).c_str(),
                json(token).c_str(), json(region).c_str(), json(service).c_str(),
                static_cast<long long>(now.ms), static_cast<long long>(lifetime),
                json(*out.get("Authorization")).c_str(), json(url->reveal()).c_str());
  }
}
