#include <algorithm>
#include <cmath>

#include <lamina/augment/labels.hpp>
#include <lamina/augment/warp.hpp>

#include "augment/check.hpp"

namespace lamina::augment {

namespace {

std::size_t place_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error("key points: expected a name of the list to swap, found '" + name + "'");
  }
  return static_cast<std::size_t>(found - names.begin());
}

/// The box around what becomes of a box: of points along its edges, since displacements bend them.
/// None where part of it is beyond a horizon.
std::optional<Box> around(const Box& box, const Warp& by) {
  constexpr int parts = 8;
  Box found{.label = box.label};
  bool first = true;
  for (int part = 0; part <= parts; ++part) {
    // Box coordinates are half a pixel more than those of pixel centres.
    const double share = static_cast<double>(part) / parts;
    const double x = box.left + share * (static_cast<double>(box.right) - box.left) - 0.5;
    const double y = box.top + share * (static_cast<double>(box.bottom) - box.top) - 0.5;
    for (const Point edge : {Point{x, box.top - 0.5}, Point{x, box.bottom - 0.5},
                             Point{box.left - 0.5, y}, Point{box.right - 0.5, y}}) {
      const auto target = by.target(edge);
      if (!target) return std::nullopt;
      const auto right = static_cast<float>(target->x + 0.5);
      const auto down = static_cast<float>(target->y + 0.5);
      found.left = first ? right : std::min(found.left, right);
      found.right = first ? right : std::max(found.right, right);
      found.top = first ? down : std::min(found.top, down);
      found.bottom = first ? down : std::max(found.bottom, down);
      first = false;
    }
  }
  return found;
}

double area(const Box& box) {
  return (static_cast<double>(box.right) - box.left) * (static_cast<double>(box.bottom) - box.top);
}

Box clipped(const Box& box, Size size) {
  const auto width = static_cast<float>(size.width);
  const auto height = static_cast<float>(size.height);
  return {std::clamp(box.left, 0.0f, width), std::clamp(box.top, 0.0f, height),
          std::clamp(box.right, 0.0f, width), std::clamp(box.bottom, 0.0f, height), box.label};
}

/// In the square of a pixel of the image.
bool is_inside(Point point, Size size) {
  return point.x >= -0.5 && point.y >= -0.5 && point.x < size.width - 0.5 &&
         point.y < size.height - 0.5;
}

}  // namespace

KeyPointSwaps::KeyPointSwaps(const std::vector<std::string>& names,
                             const std::vector<std::pair<std::string, std::string>>& pairs)
    : names_(names.size()) {
  std::vector<bool> taken(names.size());
  for (const auto& [one, other] : pairs) {
    const std::size_t places[] = {place_of(names, one), place_of(names, other)};
    for (const std::size_t place : places) {
      if (taken[place]) {
        throw Error("key points: expected each name in one pair, found '" + names[place] +
                    "' again");
      }
      taken[place] = true;
    }
    pairs_.emplace_back(places[0], places[1]);
  }
}

void KeyPointSwaps::apply(std::span<KeyPoint> points) const {
  if (pairs_.empty()) return;
  if (points.size() != names_) {
    throw Error("key points: expected " + std::to_string(names_) + " points, one a name, found " +
                std::to_string(points.size()));
  }
  for (const auto& [one, other] : pairs_) std::swap(points[one], points[other]);
}

void warp(std::vector<Box>& boxes, const Warp& by, float min_visibility) {
  expect(min_visibility >= 0 && min_visibility <= 1, "warp", "a visible share in [0, 1]",
         static_cast<double>(min_visibility));
  std::size_t kept = 0;
  for (const Box& box : boxes) {
    const auto moved = around(box, by);
    if (!moved) continue;
    const Box visible = clipped(*moved, by.to());
    if (area(visible) > 0 && area(visible) >= static_cast<double>(min_visibility) * area(*moved)) {
      boxes[kept++] = visible;
    }
  }
  boxes.resize(kept);
}

void warp(std::span<KeyPoint> points, const Warp& by, const KeyPointSwaps& swaps) {
  if (by.mirrors()) swaps.apply(points);
  for (KeyPoint& point : points) {
    const auto moved = by.target({point.x, point.y});
    point.visible = point.visible && moved && is_inside(*moved, by.to());
    if (!moved) continue;
    point.x = static_cast<float>(moved->x);
    point.y = static_cast<float>(moved->y);
  }
}

}  // namespace lamina::augment
