#pragma once
// What is told to a person about a config: why a server refuses, what is wrong with an entry, where credentials stand.

#include <countersign/inspect/basic_to_oauth.hpp>
#include <countersign/inspect/curl_line.hpp>
#include <countersign/inspect/diagnose.hpp>
#include <countersign/inspect/finding.hpp>
#include <countersign/inspect/lint_config.hpp>
#include <countersign/inspect/lint_path.hpp>
#include <countersign/inspect/lint_text.hpp>
#include <countersign/inspect/local_problems.hpp>
#include <countersign/inspect/login_problems.hpp>
#include <countersign/inspect/moved_secrets.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/inspect/readme.hpp>
#include <countersign/inspect/server_state.hpp>
#include <countersign/inspect/shown_url.hpp>
