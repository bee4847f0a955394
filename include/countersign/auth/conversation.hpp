#pragma once
// Acquire, write, let the user's request go, hear the answer: for one request. Every verdict is about what that attempt
// carried, never about what the authenticator holds by now.

#include <countersign/auth/detail/call_state.hpp>
#include <countersign/auth/detail/live_conversation.hpp>
#include <countersign/auth/detail/settled_conversation.hpp>
