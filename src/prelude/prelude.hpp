// What most files of the library begin with, compiled once ahead of them; each includes what it
// uses all the same.
#ifndef LAMINA_LIBRARY_PRELUDE
#define LAMINA_LIBRARY_PRELUDE

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/data/dataset.hpp>

#endif
