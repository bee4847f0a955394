#pragma once
// When a credential is renewed, and what a refusal means.

#include <countersign/refresh/never.hpp>
#include <countersign/refresh/renewal.hpp>
