#include <countersign/adapt/libsecret.hpp>

int main() { return countersign::keychain_key("relative").find().has_value() ? 1 : 0; }
