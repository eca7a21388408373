// The program's entry: Catch2 2 makes it from a macro, Catch2 3 is called.
#if __has_include(<catch2/catch_all.hpp>)
#include "catch.hpp"

int main(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}
#else
#define CATCH_CONFIG_MAIN
#include "catch.hpp"
#endif
