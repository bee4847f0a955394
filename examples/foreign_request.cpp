// A client that exists already: its own request type is read and written in place.
#include <countersign/countersign.hpp>

#include <map>
#include <string>

// [use]
struct my_request {  // what the client has today
  std::string verb, url;
  std::map<std::string, std::string> headers;
};

template <>
struct countersign::request_traits<my_request> {
  struct view_type {
    my_request const& r;
    std::string_view method() const { return r.verb; }
    std::string_view url() const { return r.url; }
    std::string_view origin() const { return url().substr(0, url().find('/', sizeof "https://" - 1)); }
    std::string_view target() const { return url().substr(origin().size()); }
    void fields(auto&& f) const { for (auto& [name, value] : r.headers) f(name, value); }
  };
  static view_type view(my_request const& r) { return {r}; }
  static auto sink(my_request& r) {
    return [&r](std::string_view name, std::string_view value) { return r.headers[std::string(name)] = value, true; };
  }
};
// [/use]

int main() {
  namespace cs = countersign;
  cs::authenticator api{cs::fixed{"k-123"}, cs::header{"X-API-Key"}, cs::only{"https://api.example.com"}};
  my_request request{"GET", "https://api.example.com/v1/things", {}};
  return api.authorize(request) && request.headers["X-API-Key"] == "k-123" ? 0 : 1;
}
