#include "fake/heap_hooks.hpp"
