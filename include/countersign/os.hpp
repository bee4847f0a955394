#pragma once
// The system: clocks, entropy, environment, files, processes, loopback sockets, waiting.

#include <countersign/os/clock.hpp>
#include <countersign/os/entropy.hpp>
#include <countersign/os/entropy_pool.hpp>
#include <countersign/os/environment.hpp>
#include <countersign/os/file.hpp>
#include <countersign/os/file_state.hpp>
#include <countersign/os/line_input.hpp>
#include <countersign/os/loopback_socket.hpp>
#include <countersign/os/parking.hpp>
#include <countersign/os/private_files.hpp>
#include <countersign/os/process.hpp>
#include <countersign/os/process_id.hpp>
#include <countersign/os/shared_copy.hpp>
#include <countersign/os/start_detached.hpp>
#include <countersign/os/system.hpp>
#include <countersign/os/url_opener.hpp>
#include <countersign/os/word_lock.hpp>
#include <countersign/os/yield.hpp>
