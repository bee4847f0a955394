#pragma once
// The system: clocks, entropy, environment, files, processes, waiting. Loopback sockets, lines of a terminal, and the opening of
// a page are for a terminal's person: their headers stand apart.

#include <countersign/os/clock.hpp>
#include <countersign/os/entropy.hpp>
#include <countersign/os/entropy_pool.hpp>
#include <countersign/os/environment.hpp>
#include <countersign/os/file.hpp>
#include <countersign/os/file_state.hpp>
#include <countersign/os/parking.hpp>
#include <countersign/os/private_files.hpp>
#include <countersign/os/process.hpp>
#include <countersign/os/process_id.hpp>
#include <countersign/os/shared_copy.hpp>
#include <countersign/os/system.hpp>
#include <countersign/os/word_lock.hpp>
#include <countersign/os/yield.hpp>
