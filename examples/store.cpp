// Logins kept between runs, in files that are worth nothing without the key.
#include <countersign/countersign.hpp>

#include <filesystem>
namespace cs = countersign;

int main() {
  auto const folder = (std::filesystem::temp_directory_path() / "countersign-example-logins").string();
  cs::secret const key("32 bytes that nobody can predict");

  // [use]
  cs::encrypted_file_store store(folder, key);
  cs::login_key const who{.profile = "work", .server = "https://mcp.example.com"};
  cs::login login;
  login.issuer = "https://id.example.com";
  login.refresh_token = cs::secret("r-1");
  auto kept = store.compare_and_swap(who, 0, login);  // false: somebody was faster
  auto found = store.load(who);                       // in the next run, or in another process
  // [/use]
  if (!kept || !*kept || !found || found->issuer.view() != login.issuer.view()) return 1;

  // [forget]
  found = store.load(who);
  auto const gone = found ? store.remove(who, found->generation) : false;
  // [/forget]
  std::filesystem::remove_all(folder);
  return gone && *gone ? 0 : 1;
}
