// A store whose key the desktop's keychain holds, where there is one.
#include <countersign/adapt/libsecret.hpp>
#include <countersign/countersign.hpp>

#include <cstdio>
#include <filesystem>
namespace cs = countersign;

int main() {
  auto const folder = (std::filesystem::temp_directory_path() / "countersign-example-keychain").string();
  cs::secret const other_key("32 bytes that nobody can predict");

  // [use]
  auto key = cs::keychain_key(folder).find_or_make();  // the same 32 bytes in the next run
  if (!key) {
    std::fprintf(stderr, "%s\n", key.error().c_str());  // "keychain: it is locked; unlock it …"
    key = other_key;
  }
  cs::encrypted_file_store store(folder, *key);
  // [/use]
  auto const kept = store.compare_and_swap({.server = "https://mcp.example.com"}, 0, {});
  std::filesystem::remove_all(folder);
  return kept && *kept ? 0 : 1;
}
