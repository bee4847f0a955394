// The JSON libraries but simdjson, each as its documentation shows for speed. What they hand out lies in them until the next text.

#include "../json_texts.hpp"

#include <cstring>
#include <string>
#include <string_view>

#if __has_include(<boost/json.hpp>)
#include <boost/json.hpp>
#include <boost/json/src.hpp>
#endif
#if __has_include(<rapidjson/document.h>)
#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/document.h>
#endif
#if __has_include(<picojson.h>)
#include <picojson.h>
#endif
#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#endif

namespace {

// Looks the same members up in any tree. `Tree` has view(name), integer(name), boolean(name), size(name), and
// has(name, element).
template <class Tree>
bool look_up(Tree const& tree, json_texts::token& to) {
  to.access_token = tree.view("access_token");
  to.token_type = tree.view("token_type");
  to.expires_in = tree.integer("expires_in");
  to.refresh_token = tree.view("refresh_token");
  to.scope = tree.view("scope");
  return true;
}
template <class Tree>
bool look_up(Tree const& tree, json_texts::metadata& to) {
  to.issuer = tree.view("issuer");
  to.authorization_endpoint = tree.view("authorization_endpoint");
  to.token_endpoint = tree.view("token_endpoint");
  to.registration_endpoint = tree.view("registration_endpoint");
  to.revocation_endpoint = tree.view("revocation_endpoint");
  to.jwks_uri = tree.view("jwks_uri");
  to.scopes = tree.size("scopes_supported");
  to.s256 = tree.has("code_challenge_methods_supported", "S256");
  to.refreshes = tree.has("grant_types_supported", "refresh_token");
  to.private_key_jwt = tree.has("token_endpoint_auth_methods_supported", "private_key_jwt");
  to.iss_parameter = tree.boolean("authorization_response_iss_parameter_supported");
  return true;
}

#if __has_include(<boost/json.hpp>)
class by_boost {
public:
  explicit by_boost(std::string_view text) : text_(text) {}
  template <class Wanted>
  bool read(Wanted& to) {
    boost::json::error_code failed;
    tree_ = boost::json::parse(text_, failed);
    return !failed && look_up(*this, to);
  }

  std::string_view view(char const* name) const { return of(name).get_string(); }
  std::int64_t integer(char const* name) const { return of(name).get_int64(); }
  bool boolean(char const* name) const { return of(name).get_bool(); }
  std::size_t size(char const* name) const { return of(name).get_array().size(); }
  bool has(char const* name, std::string_view what) const {
    for (auto const& element : of(name).get_array())
      if (element.get_string() == what) return true;
    return false;
  }

private:
  boost::json::value const& of(char const* name) const { return tree_.get_object().at(name); }

  std::string_view text_;
  boost::json::value tree_;
};
#endif

#if __has_include(<rapidjson/document.h>)
// In situ: it writes into the text, which is copied for the next time, as it would come from the network.
class by_rapidjson {
public:
  explicit by_rapidjson(std::string_view text) : text_(text), room_(text.size() + 1, '\0') {}
  template <class Wanted>
  bool read(Wanted& to) {
    std::memcpy(room_.data(), text_.data(), text_.size());
    rapidjson::Document tree;
    tree.ParseInsitu(room_.data());
    if (tree.HasParseError()) return false;
    return look_up(members{tree}, to);
  }

private:
  struct members {
    rapidjson::Document const& tree;
    std::string_view view(char const* name) const { return {tree[name].GetString(), tree[name].GetStringLength()}; }
    std::int64_t integer(char const* name) const { return tree[name].GetInt64(); }
    bool boolean(char const* name) const { return tree[name].GetBool(); }
    std::size_t size(char const* name) const { return tree[name].Size(); }
    bool has(char const* name, std::string_view what) const {
      for (auto const& element : tree[name].GetArray())
        if (std::string_view(element.GetString(), element.GetStringLength()) == what) return true;
      return false;
    }
  };

  std::string_view text_;
  std::string room_;
};
#endif

#if __has_include(<picojson.h>)
class by_picojson {
public:
  explicit by_picojson(std::string_view text) : text_(text) {}
  template <class Wanted>
  bool read(Wanted& to) {
    std::string failed;
    picojson::parse(tree_, text_.data(), text_.data() + text_.size(), &failed);
    return failed.empty() && look_up(*this, to);
  }

  std::string_view view(char const* name) const { return tree_.get(name).get<std::string>(); }
  std::int64_t integer(char const* name) const { return static_cast<std::int64_t>(tree_.get(name).get<double>()); }
  bool boolean(char const* name) const { return tree_.get(name).get<bool>(); }
  std::size_t size(char const* name) const { return tree_.get(name).get<picojson::array>().size(); }
  bool has(char const* name, std::string_view what) const {
    for (auto const& element : tree_.get(name).get<picojson::array>())
      if (element.get<std::string>() == what) return true;
    return false;
  }

private:
  std::string_view text_;
  picojson::value tree_;
};
#endif

#if __has_include(<nlohmann/json.hpp>)
class by_nlohmann {
public:
  explicit by_nlohmann(std::string_view text) : text_(text) {}
  template <class Wanted>
  bool read(Wanted& to) {
    tree_ = nlohmann::json::parse(text_, nullptr, false);
    return !tree_.is_discarded() && look_up(*this, to);
  }

  std::string_view view(char const* name) const { return tree_.at(name).get_ref<std::string const&>(); }
  std::int64_t integer(char const* name) const { return tree_.at(name).get<std::int64_t>(); }
  bool boolean(char const* name) const { return tree_.at(name).get<bool>(); }
  std::size_t size(char const* name) const { return tree_.at(name).size(); }
  bool has(char const* name, std::string_view what) const {
    for (auto const& element : tree_.at(name))
      if (element.get_ref<std::string const&>() == what) return true;
    return false;
  }

private:
  std::string_view text_;
  nlohmann::json tree_;
};
#endif

bool const added = [] {
#if __has_include(<boost/json.hpp>)
  json_texts::add<by_boost>("Boost.JSON");
#else
  table::left_out("Boost.JSON", "no Boost of 1.75 or newer");
#endif
#if __has_include(<rapidjson/document.h>)
  json_texts::add<by_rapidjson>("RapidJSON in situ");
#else
  table::left_out("RapidJSON", "rapidjson-dev is not there");
#endif
#if __has_include(<picojson.h>)
  json_texts::add<by_picojson>("picojson");
#else
  table::left_out("picojson", "picojson-dev is not there");
#endif
#if __has_include(<nlohmann/json.hpp>)
  json_texts::add<by_nlohmann>("nlohmann");
#else
  table::left_out("nlohmann", "nlohmann-json3-dev is not there");
#endif
  return true;
}();

}  // namespace
