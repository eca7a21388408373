// What all commands begin with, compiled once ahead of them; each includes what it uses all the
// same.
#ifndef LAMINA_PROGRAM_PRELUDE
#define LAMINA_PROGRAM_PRELUDE

#include <CLI/CLI.hpp>
#include <iostream>

#endif
