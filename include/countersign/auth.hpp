#pragma once
// Source, formatter and strategy, composed.

#include <countersign/auth/any_authenticator.hpp>
#include <countersign/auth/any_view.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/conversation.hpp>
#include <countersign/auth/flight.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/auth/origin_binding.hpp>
#include <countersign/auth/slot.hpp>
