#include <curl/curl.h>

#include <countersign/core/secret.hpp>

int main() { return curl_version() == nullptr; }
