// What most tests begin with, compiled once ahead of them; each includes what it uses all the same.
#ifndef LAMINA_TESTS_PRELUDE
#define LAMINA_TESTS_PRELUDE

#include <lamina/lamina.hpp>

#include "catch.hpp"

#endif
