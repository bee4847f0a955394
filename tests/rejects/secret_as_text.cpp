// expect: conversion from
#include <countersign/core/secret.hpp>

namespace cs = countersign;

int main() {
  cs::secret const token("token");
#ifdef TWIN
  std::string_view text = token.reveal();
#else
  std::string_view text = token;
#endif
  return text.empty();
}
