#pragma once
// Encodings and formats: base64, UTF-8, JSON, URLs, origins.

#include <countersign/text/base64.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/challenge.hpp>
#include <countersign/text/dotenv.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/host_reach.hpp>
#include <countersign/text/http_date.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_limits.hpp>
#include <countersign/text/json_value.hpp>
#include <countersign/text/json_writer.hpp>
#include <countersign/text/nearest.hpp>
#include <countersign/text/netrc.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/percent.hpp>
#include <countersign/text/retry_after.hpp>
#include <countersign/text/rfc3339.hpp>
#include <countersign/text/timestamp.hpp>
#include <countersign/text/url.hpp>
#include <countersign/text/url_resolve.hpp>
#include <countersign/text/utf8.hpp>
