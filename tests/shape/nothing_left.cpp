// Credentials are used in every way and let go; then all memory of the process that can be written is
// searched for them: heap blocks that were freed, dead stack frames, globals. Prints what was found, for
// tests/shape/nothing_left.sh. Linux only.

#include <countersign/auth/any_authenticator.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/as_is.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/oauth/client_credentials.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/chain.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/store/encrypted_file_store.hpp>
#include <countersign/store/file_store.hpp>
#include <countersign/store/memory_store.hpp>

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
using namespace std::string_view_literals;

namespace {

constexpr auto url = "https://api.example/things"sv;
constexpr auto endpoint = "https://as.example/token"sv;

// So long that "Authorization" and "Bearer " make whole words of it. Nowhere in this program but hidden: the
// search would find itself.
constexpr std::size_t size = 28;
// Of so many of its bytes base64 stands alone behind "me:".
constexpr std::size_t encoded_bytes = 27;
constexpr unsigned char mask = 0xa5;
struct hidden {
  unsigned char bytes[size];
  consteval explicit hidden(std::string_view text) : bytes() {
    for (std::size_t i = 0; i < size; ++i)
      bytes[i] = static_cast<unsigned char>(static_cast<unsigned char>(text[i]) ^ mask);
  }
};
constexpr hidden warm("w4rm-up-0nly-f0r-th3-l1nk3r-"), real("c4nary-th4t-mu5t-n0t-r3m41n-");
hidden const* now = &warm;

cs::secret credential() {
  cs::secret made;
  made.resize(size);
  for (std::size_t i = 0; i < size; ++i) made.data()[i] = static_cast<char>(now->bytes[i] ^ mask);
  return made;
}
// One that no buffer on the stack has room for.
cs::secret long_credential() {
  cs::secret made;
  for (int i = 0; i < 200; ++i) made.append(credential());
  return made;
}

cs::context outside() {
  static std::int64_t time = 1'000'000;
  return {.self = &time,
          .read_clocks =
              [](void* t) noexcept {
                return cs::clocks{{*static_cast<std::int64_t*>(t) += 1000}, {*static_cast<std::int64_t*>(t)}};
              },
          .read_coarse = [](void* t) noexcept { return cs::wall_time{*static_cast<std::int64_t*>(t)}; },
          .read_entropy = [](void*, void* to,
                             std::size_t n) noexcept { return std::memset(to, 7, n) != nullptr; },
          .read_variable = [](void*, std::string_view) noexcept -> cs::result<cs::secret> {
            return credential();
          },
          .read_environment = nullptr,
          .read_file = nullptr,
          .read_file_state = nullptr,
          .run_command = nullptr,
          .write_trace = nullptr};
}
cs::only<1> origins() { return cs::only{"https://api.example"}; }

// Writes on every request anew.
struct anew {
  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&) const {
    out.set("X-Key", "prefix ", key.reveal());
    return cs::stamp{};
  }
};
// Gives another whenever it is asked, for two seconds.
struct renewed {
  using credential = cs::secret;
  static constexpr bool renewable = true;
  bool large = false;
  cs::result<cs::issued<cs::secret>> acquire(cs::occasion const& why, cs::context const&) const {
    return cs::issued<cs::secret>{large ? long_credential() : ::credential(), why.now.wall + cs::seconds(2)};
  }
};

// A transport that keeps no copy. It refuses every third call.
struct network {
  int calls = 0;
  cs::result<cs::response> operator()(cs::request const& what) {
    if (what.url() == endpoint)
      return cs::response(200, cs::secret("{\"expires_in\":2,\"access_token\":\"", credential().reveal(),
                                          "\",\"token_type\":\"Bearer\"}"));
    std::size_t written = 0;
    what.fields([&](std::string_view, std::string_view value) { written += value.size(); });
    if (written < size) std::abort();
    return cs::response(++calls % 3 == 0 ? 401 : 200);
  }
};

// How far a way is gone: to the end of several requests, or left midway. Each leaves another stack behind.
enum extent { to_the_end, left_at_once, left_after_one, left_after_two, left_after_three, extents };
extent far = to_the_end;

template <class Auth>
void use(Auth&& auth) {
  cs::request const request("GET", url);
  network net;
  if (far == to_the_end) {
    for (int turn = 0; turn < 7; ++turn) static_cast<void>(cs::send(auth, request, net));
  } else {
    auto talk = auth.begin(request);
    for (int i = 0; i < far - left_at_once; ++i) {
      if (talk.wants() == cs::want::send) {
        talk.supply(*net(talk.pending()), outside().now());
      } else if (talk.wants() == cs::want::call) {
        cs::request attempt = request;
        static_cast<void>(talk.write(attempt));
        talk.heard(cs::response_head(401), outside().now());
      }
    }
    [[maybe_unused]] auto const moved = std::move(talk);
  }
  [[maybe_unused]] auto const moved = std::move(auth);
}
template <class Source, class Formatter>
void compose(Source source, Formatter formatter) {
  use(cs::authenticator(source, formatter, origins(), outside()));
}
template <class Source, class Formatter>
void compose_erased(Source source, Formatter formatter) {
  use(cs::any_authenticator(cs::authenticator(source, formatter, origins(), outside())));
}
cs::oauth::client_credentials client(cs::oauth::client_auth method) {
  return {.token_endpoint = endpoint, .client = {.id = "me", .secret = cs::env("SECRET"), .method = method}};
}
cs::header_list two_fields() {
  cs::header_list list;
  list.append("X-Key", credential().reveal()).append("X-Other", "other").set("X-Key", credential().reveal());
  return list;
}

// Signed in, marked, renewed, forgotten; with a key of the store's own that is searched for as well.
template <class Store>
void keep(Store&& store) {
  constexpr cs::login_key who{"", url};
  cs::login record;
  record.issuer = endpoint;
  record.access_token = long_credential();
  record.refresh_token = credential();
  record.client.secret = credential();
  if (!*store.compare_and_swap(who, 0, record)) std::abort();
  for (std::uint64_t generation = 1; generation < 3; ++generation) {
    auto found = *store.load(who);
    if (!(found.refresh_token == credential())) std::abort();
    found.pending = cs::refresh_mark(found.refresh_token.reveal());
    if (!*store.compare_and_swap(who, generation, found)) std::abort();
  }
  if (!*store.remove(who, 3)) std::abort();
}
template <class Store, class... Key>
void keep_in_files(Key const&... key) {
  auto folder = (std::filesystem::temp_directory_path() / "countersign-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) std::abort();
  keep(Store(folder, key...));
  std::filesystem::remove_all(folder);
}

struct way {
  char const* name;
  void (*go)();
};
constexpr way ways[] = {
    {"bearer, at hand", [] { compose(cs::env("TOKEN"), cs::bearer()); }},
    {"bearer, renewed", [] { compose(renewed(), cs::bearer()); }},
    {"bearer, long and renewed", [] { compose(renewed{.large = true}, cs::bearer()); }},
    {"bearer, long and at hand", [] { compose(cs::fixed(long_credential()), cs::bearer()); }},
    {"basic",
     [] {
       compose(cs::fixed(cs::basic_login{cs::secret("me"), credential()}), cs::basic());
     }},
    {"header", [] { compose(cs::env("KEY"), cs::header("X-Key", "k=", ";")); }},
    {"as it is", [] { compose(cs::fixed(two_fields()), cs::as_is()); }},
    {"written anew, at hand", [] { compose(cs::env("KEY"), anew()); }},
    {"written anew, renewed", [] { compose(renewed(), anew()); }},
    {"written anew, long", [] { compose(renewed{.large = true}, anew()); }},
    {"a pair",
     [] {
       compose(cs::all_of(cs::env("A"), cs::env("B")), cs::each_of(cs::header("X-A"), cs::header("X-B")));
     }},
    {"a pair, renewed",
     [] { compose(cs::all_of(cs::env("A"), renewed()), cs::each_of(cs::header("X-A"), anew())); }},
    {"a chain", [] { compose(cs::chain(cs::env("A"), renewed()), cs::bearer()); }},
    {"a token, client_secret_basic", [] { compose(client(cs::oauth::client_auth::basic), cs::bearer()); }},
    {"a token, client_secret_post", [] { compose(client(cs::oauth::client_auth::post), cs::bearer()); }},
    {"erased", [] { compose_erased(renewed(), cs::bearer()); }},
    {"erased, written anew", [] { compose_erased(cs::env("KEY"), anew()); }},
    {"kept in memory", [] { keep(cs::memory_store()); }},
    {"kept in files", [] { keep_in_files<cs::file_store>(); }},
    {"kept in encrypted files",
     [] {
       auto key = credential();
       key.append("4444");
       keep_in_files<cs::encrypted_file_store>(key);
     }},
    {"refused by the formatter",
     [] {
       auto bad = credential();
       bad.append("\n");
       cs::authenticator auth(cs::fixed(std::move(bad)), cs::bearer(), origins(), outside());
       cs::request request("GET", url);
       if (auth.authorize(request)) std::abort();
     }},
};
// What must be found, or the search is blind.
constexpr way leaks[] = {
    {"left on the stack",
     [] {
       char room[2000];
       auto const made = credential();
       std::memcpy(room + 1000, made.reveal().data(), size);
       asm volatile("" : : "r"(room) : "memory");
     }},
    {"left in a freed block",
     [] {
       auto const made = credential();
       auto* volatile room = static_cast<char*>(std::malloc(2000));
       std::memcpy(room + 1000, made.reveal().data(), size);
       asm volatile("" : : : "memory");
       std::free(room);
     }},
};

// On a stack of its own, which is neither given back nor used again before it has been searched.
void run(way const& one) {
  constexpr std::size_t stack_size = 1024 * 1024;
  static void* const stack =
      ::mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::memset(stack, 0, stack_size);
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  if (pthread_attr_setstack(&attributes, stack, stack_size) != 0) std::abort();
  if (pthread_create(
          &thread, &attributes, [](void* w) -> void* { return static_cast<way const*>(w)->go(), nullptr; },
          const_cast<way*>(&one)) != 0)
    std::abort();
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

// Places with eight bytes in a row of the hidden text, or of its base64.
struct found {
  long plain = 0, encoded = 0;
};
// `needle` is masked.
long count(unsigned char const* bytes, std::size_t length, unsigned char const* needle,
           std::size_t needle_size) {
  bool begins[256] = {};
  for (std::size_t from = 0; from + 8 <= needle_size; ++from) begins[needle[from] ^ mask] = true;
  long places = 0;
  for (std::size_t at = 0; at + 8 <= length; ++at) {
    if (!begins[bytes[at]]) continue;
    for (std::size_t from = 0; from + 8 <= needle_size; ++from) {
      std::size_t same = 0;
      while (same < 8 && (bytes[at + same] ^ mask) == needle[from + same]) ++same;
      places += same == 8;
    }
  }
  return places;
}

unsigned char encoded[cs::base64_size(encoded_bytes)];

found search() {
  static char maps[1 << 20];
  static unsigned char room[1 << 16];
  std::size_t filled = 0;
  int const list = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  for (ssize_t n = 0; (n = ::read(list, maps + filled, sizeof maps - 1 - filled)) > 0;)
    filled += static_cast<std::size_t>(n);
  ::close(list);
  maps[filled] = '\0';
  int const memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  found all;
  for (char* line = maps; *line != '\0';) {
    char* const end = std::strchr(line, '\n');
    unsigned long long begin = 0, past = 0;
    char rights[5] = {};
    if (std::sscanf(line, "%llx-%llx %4s", &begin, &past, rights) == 3 && rights[1] == 'w')
      while (begin < past) {
        auto const want = past - begin < sizeof room ? past - begin : sizeof room;
        auto const got = ::pread(memory, room, want, static_cast<off_t>(begin));
        if (got <= 0) break;
        all.plain += count(room, static_cast<std::size_t>(got), now->bytes, size);
        all.encoded += count(room, static_cast<std::size_t>(got), encoded, sizeof encoded);
        begin += got == static_cast<ssize_t>(want) && past - begin > want
                     ? want - 8
                     : static_cast<unsigned long long>(got);
      }
    if (end == nullptr) break;
    line = end + 1;
  }
  ::close(memory);
  std::memset(room, 0, sizeof room);
  return all;
}

}  // namespace

int main() {
  // Once with another credential: where the linker binds a function at its first call, it saves the vector
  // registers, and what was copied with them, on the stack.
  auto const each_way = [](auto&& done) {
    for (auto const& one : ways)
      for (int i = 0; i < extents; ++i) {
        far = static_cast<extent>(i);
        run(one);
        done(one);
      }
    far = to_the_end;
  };
  each_way([](way const&) {});
  for (auto const& one : leaks) run(one);
  now = &real;
  {
    auto const plain = credential();
    cs::secret text;
    cs::append_base64(text, plain.reveal().substr(0, encoded_bytes));
    for (std::size_t i = 0; i < sizeof encoded; ++i)
      encoded[i] = static_cast<unsigned char>(static_cast<unsigned char>(text.reveal()[i]) ^ mask);
  }
  int faults = 0;
  auto const first = search();
  if (first.plain + first.encoded != 0)
    ++faults, std::printf("found before it was used: %ld\n", first.plain + first.encoded);
  each_way([&](way const& one) {
    auto const left = search();
    if (left.plain + left.encoded == 0) return;
    ++faults;
    std::printf("%s, %d: %ld pieces, %ld in base64\n", one.name, static_cast<int>(far), left.plain,
                left.encoded);
  });
  for (auto const& one : leaks) {
    run(one);
    if (search().plain == 0) ++faults, std::printf("%s: not found, so the search is blind\n", one.name);
    run(ways[0]);  // overwrites neither: each is found by itself
  }
  return faults == 0 ? 0 : 1;
}
