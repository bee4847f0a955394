#pragma once
// Logins kept between runs.

#include <countersign/store/encrypted_file_store.hpp>
#include <countersign/store/file_store.hpp>
#include <countersign/store/login.hpp>
#include <countersign/store/login_json.hpp>
#include <countersign/store/memory_store.hpp>
#include <countersign/store/token_store.hpp>
