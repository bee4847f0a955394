#pragma once
// Everything a client needs. Left out: inspect/, which is for who talks to people about configs, and adapt/, whose headers
// each need a library of their own.

#include <countersign/core.hpp>
#include <countersign/text.hpp>
#include <countersign/crypto.hpp>
#include <countersign/os.hpp>
#include <countersign/source.hpp>
#include <countersign/format.hpp>
#include <countersign/refresh.hpp>
#include <countersign/store.hpp>
#include <countersign/auth.hpp>
#include <countersign/oauth.hpp>
#include <countersign/mcp.hpp>
#include <countersign/drive.hpp>
