// Slack's requests: a version, the time and the body are signed. The sample is the one of its documentation.
#include <countersign/countersign.hpp>

#include <charconv>
#include <cstdlib>

namespace cs = countersign;

// [verify]
bool is_from_slack(std::string_view timestamp, std::string_view signature, std::string_view body,
                   cs::secret const& key, cs::wall_time now) {
  std::int64_t sent = 0;  // X-Slack-Request-Timestamp, in seconds; X-Slack-Signature
  auto const* const end = timestamp.data() + timestamp.size();
  if (std::from_chars(timestamp.data(), end, sent).ptr != end || std::abs(sent - now.ms / 1000) > 300)
    return false;
  if (!signature.starts_with("v0=")) return false;
  auto const code = cs::decode_hex(signature.substr(3));
  cs::hmac<cs::sha256> message(key);
  message.update("v0:").update(timestamp).update(":");
  return code && message.verify(body, code->reveal());
}
// [/verify]

int main() {
  cs::secret const key("8f742231b10e8888abcd99yyyzzz85a5");
  auto clock = cs::system_context;  // that stands still at the sample's time
  static constexpr cs::wall_time then{1531420618'000};
  clock.read_clocks = [](void*) noexcept { return cs::clocks{then, {}}; };
  clock.read_coarse = [](void*) noexcept { return then; };
  // [sign]
  cs::hmac_body_signature const scheme{
      {.timestamp = cs::time_form::unix_seconds,
       .message = "v0:{timestamp}:{body}",
       .headers = {{"X-Slack-Request-Timestamp", "{timestamp}"}, {"X-Slack-Signature", "v0={signature}"}}}};
  // [/sign]
  cs::authenticator app{cs::fixed{key}, scheme, cs::only{"https://app.example.com"}, clock};
  constexpr std::string_view body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_"
      "name=foobar&"
      "user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%"
      "2Fhooks.slack.com%"
      "2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
      "803a0bc887a14d10d2c447fce8b6703c";
  cs::request sent("POST", "https://app.example.com/slack", cs::secret(body));
  if (!app.authorize(sent)) return 1;
  auto const signature = *sent.get("X-Slack-Signature");
  if (signature != "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503") return 1;
  auto const good = [&](std::string_view time, std::string_view of, cs::wall_time now) {
    return is_from_slack(time, signature, of, key, now);
  };
  return good("1531420618", body, then) && !good("1531420619", body, then) &&
                 !good("1531420618", "text=", then) && !good("1531420618", body, then + cs::seconds(301))
             ? 0
             : 1;
}
