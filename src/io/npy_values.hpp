#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "io/half.hpp"
#include "io/npy_array.hpp"

namespace lamina::io {

/// Calls `visit(offset)` for each value, row-major, with its place among the values in the file.
template <class Visit>
void for_each_place(const NpyHeader& header, Visit visit) {
  const std::uint64_t count = header.count();
  if (!header.fortran_order || header.shape.size() < 2) {
    for (std::uint64_t i = 0; i < count; ++i) visit(static_cast<std::size_t>(i));
    return;
  }
  // Column-major: the first axis is the closest one. The last index of the row-major walk runs
  // fastest, as the last wheel of a counter.
  const std::size_t axes = header.shape.size();
  std::vector<std::uint64_t> steps(axes, 1);
  std::vector<std::uint64_t> index(axes, 0);
  for (std::size_t axis = 1; axis < axes && count > 0; ++axis) {
    steps[axis] = steps[axis - 1] * static_cast<std::uint64_t>(header.shape[axis - 1]);
  }
  std::uint64_t place = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    visit(static_cast<std::size_t>(place));
    for (std::size_t axis = axes; axis-- > 0;) {
      place += steps[axis];
      if (++index[axis] < static_cast<std::uint64_t>(header.shape[axis])) break;
      place -= steps[axis] * index[axis];
      index[axis] = 0;
    }
  }
}

/// The bits of the value at `bytes`.
template <class Unsigned>
Unsigned npy_bits(const std::uint8_t* bytes, bool big_endian) {
  Unsigned bits = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    const std::size_t from = big_endian ? sizeof(Unsigned) - 1 - i : i;
    bits = static_cast<Unsigned>(bits | static_cast<Unsigned>(bytes[from]) << (8 * i));
  }
  return bits;
}

/// Calls `visit` with an unsigned type of the size of the values, and what makes its bits a float,
/// a double, or an integer of 64 bits, signed or not.
template <class Visit>
void with_npy_type(const NpyHeader& header, Visit visit) {
  const auto as = [&]<class Unsigned, class Signed>(Unsigned zero, Signed) {
    if (header.kind == 'i') {
      visit(zero,
            [](Unsigned bits) { return static_cast<std::int64_t>(static_cast<Signed>(bits)); });
    } else {
      visit(zero, [](Unsigned bits) { return static_cast<std::uint64_t>(bits); });
    }
  };
  if (header.kind != 'f') {
    switch (header.size) {
      case 1:
        return as(std::uint8_t{}, std::int8_t{});
      case 2:
        return as(std::uint16_t{}, std::int16_t{});
      case 4:
        return as(std::uint32_t{}, std::int32_t{});
      default:
        return as(std::uint64_t{}, std::int64_t{});
    }
  }
  switch (header.size) {
    case 2:
      return visit(std::uint16_t{}, [](std::uint16_t bits) { return from_half(bits); });
    case 4:
      return visit(std::uint32_t{}, [](std::uint32_t bits) { return std::bit_cast<float>(bits); });
    default:
      return visit(std::uint64_t{}, [](std::uint64_t bits) { return std::bit_cast<double>(bits); });
  }
}

/// The values row-major, each as `convert` makes it of what `with_npy_type` gives.
template <class To, class Convert>
[[nodiscard]] std::vector<To> npy_values(const NpyArray& array, Convert convert) {
  std::vector<To> values;
  with_npy_type(array.header, [&]<class Unsigned>(Unsigned, auto number_of) {
    values.reserve(array.bytes.size() / sizeof(Unsigned));
    for_each_place(array.header, [&](std::size_t place) {
      const std::uint8_t* const bytes = array.bytes.data() + place * sizeof(Unsigned);
      values.push_back(convert(number_of(npy_bits<Unsigned>(bytes, array.header.big_endian))));
    });
  });
  return values;
}

}  // namespace lamina::io
