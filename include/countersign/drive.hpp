#pragma once
// What drives a conversation: blocking, and on an event loop.

#include <countersign/drive/async_send.hpp>
#include <countersign/drive/prepare.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/drive/send.hpp>
