#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <queue>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/split.hpp>

#include "data/shuffled.hpp"

namespace lamina {

namespace {

using Rows = std::vector<std::uint32_t>;

void fail(const char* where, const std::string& expected, const std::string& found) {
  throw Error(std::string(where) + ": expected " + expected + ", found " + found);
}

// How many samples of `data` are for the test.
std::size_t test_size(const Dataset& data, double share, const char* where) {
  if (!(share > 0 && share < 1)) {
    TextBuffer text;
    text << share;
    fail(where, "a test share in (0, 1)", std::string(text.view()));
  }
  const auto count = static_cast<std::size_t>(std::round(share * static_cast<double>(data.size())));
  if (count == 0 || count >= data.size()) {
    fail(where, "samples for both parts",
         std::to_string(data.size()) + " samples, " + std::to_string(count) +
             " of them for the test");
  }
  return count;
}

void check_folds(const Dataset& data, int folds, const char* where) {
  if (folds < 2) fail(where, "2 or more folds", std::to_string(folds));
  if (data.size() < static_cast<std::size_t>(folds)) {
    fail(where, "a sample or more for each of " + std::to_string(folds) + " folds",
         std::to_string(data.size()) + " samples");
  }
}

// Which stratum a sample is in: its class, or the only one.
class Strata {
 public:
  Strata(const Dataset& data, const char* where) : labels_(data.labels()) {
    if (!data.has_labels()) fail(where, "class labels", "float targets");
    if (data.labels_a_sample() > 1) {
      fail(where, "for each sample one label", detail::words_of_labels(data.label_shape()));
    }
    // Labels may be far apart, so their number, not the largest, decides the memory.
    values_.assign(labels_.begin(), labels_.end());
    std::sort(values_.begin(), values_.end());
    values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
    sizes_.resize(values_.size());
    for (std::size_t row = 0; row < labels_.size(); ++row) ++sizes_[of(row)];
  }

  [[nodiscard]] std::size_t of(std::size_t row) const {
    const auto found = std::lower_bound(values_.begin(), values_.end(), labels_[row]);
    return static_cast<std::size_t>(found - values_.begin());
  }
  [[nodiscard]] const std::vector<std::size_t>& sizes() const { return sizes_; }

  void check_sizes(std::size_t least, const char* where) const {
    for (std::size_t stratum = 0; stratum < sizes_.size(); ++stratum) {
      if (sizes_[stratum] >= least) continue;
      fail(where, std::to_string(least) + " or more samples of every class",
           std::to_string(sizes_[stratum]) + " of class " + std::to_string(values_[stratum]));
    }
  }

 private:
  std::span<const Label> labels_;
  std::vector<Label> values_;
  std::vector<std::size_t> sizes_;
};

// Parts of `total` in proportion to `sizes`, none empty and none all of its size. All are rounded
// down, and what is missing then goes, one each, to those that are owed the most. Where parts that
// would round down to nothing took more than there is, those with the most of their size give.
std::vector<std::size_t> quotas(const std::vector<std::size_t>& sizes, double share,
                                std::size_t total) {
  std::vector<std::size_t> parts;
  for (const std::size_t size : sizes) {
    const auto exact = static_cast<std::size_t>(share * static_cast<double>(size));
    parts.push_back(std::clamp(exact, std::size_t{1}, size - 1));
  }
  std::size_t given = std::accumulate(parts.begin(), parts.end(), std::size_t{0});
  const bool more = given < total;
  const auto claim = [&](std::size_t i) {
    const auto size = static_cast<double>(sizes[i]);
    const auto part = static_cast<double>(parts[i]);
    // Spelled, so that every compiler rounds the same.
    return more ? std::fma(share, size, -part) : (part - 0.5) / size;
  };
  const auto later = [&](std::size_t a, std::size_t b) {
    return claim(a) < claim(b) || (claim(a) == claim(b) && a > b);
  };
  const auto open = [&](std::size_t i) { return more ? parts[i] + 1 < sizes[i] : parts[i] > 1; };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> queue{later};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (open(i)) queue.push(i);
  }
  for (; given != total; more ? ++given : --given) {
    const std::size_t next = queue.top();
    queue.pop();
    more ? ++parts[next] : --parts[next];
    if (open(next)) queue.push(next);
  }
  return parts;
}

// The splits that test on one fold each. Samples keep the order of `order` in both parts.
std::vector<Split> splits(const Dataset& data, const Rows& order, const Rows& fold_of, int folds) {
  std::vector<Split> made;
  for (std::uint32_t fold = 0; fold < static_cast<std::uint32_t>(folds); ++fold) {
    Rows train;
    Rows test;
    for (const std::uint32_t row : order) (fold_of[row] == fold ? test : train).push_back(row);
    made.push_back({data.select(train), data.select(test)});
  }
  return made;
}

}  // namespace

Split split(const Dataset& data, double test_share, Seed seed) {
  const std::size_t count = test_size(data, test_share, "split");
  const Rows order = data::shuffled(data.size(), seed, data::Purpose::split, "split");
  const std::span<const std::uint32_t> rows = order;
  return {data.select(rows.subspan(count)), data.select(rows.first(count))};
}

Split stratified_split(const Dataset& data, double test_share, Seed seed) {
  constexpr const char* where = "stratified_split";
  const Strata strata{data, where};
  const std::size_t count = test_size(data, test_share, where);
  strata.check_sizes(2, where);
  const std::size_t classes = strata.sizes().size();
  if (std::min(count, data.size() - count) < classes) {
    fail(where, "a sample of each of " + std::to_string(classes) + " classes in both parts",
         std::to_string(data.size()) + " samples, " + std::to_string(count) +
             " of them for the test");
  }
  std::vector<std::size_t> left = quotas(strata.sizes(), test_share, count);
  Rows train;
  Rows test;
  for (const std::uint32_t row : data::shuffled(data.size(), seed, data::Purpose::split, where)) {
    std::size_t& wanted = left[strata.of(row)];
    (wanted > 0 ? test : train).push_back(row);
    if (wanted > 0) --wanted;
  }
  return {data.select(train), data.select(test)};
}

std::vector<Split> k_fold(const Dataset& data, int folds, Seed seed) {
  check_folds(data, folds, "k_fold");
  const Rows order = data::shuffled(data.size(), seed, data::Purpose::split, "k_fold");
  Rows fold_of(data.size());
  const auto count = static_cast<std::uint32_t>(folds);
  for (std::uint32_t i = 0; i < order.size(); ++i) fold_of[order[i]] = i % count;
  return splits(data, order, fold_of, folds);
}

std::vector<Split> stratified_k_fold(const Dataset& data, int folds, Seed seed) {
  constexpr const char* where = "stratified_k_fold";
  const Strata strata{data, where};
  check_folds(data, folds, where);
  const auto count = static_cast<std::size_t>(folds);
  strata.check_sizes(count, where);
  const Rows order = data::shuffled(data.size(), seed, data::Purpose::split, where);
  // Dealt like cards, a class where the one before ended, so that the folds are even in size, too.
  std::vector<std::size_t> next(strata.sizes().size());
  std::exclusive_scan(strata.sizes().begin(), strata.sizes().end(), next.begin(), std::size_t{0});
  Rows fold_of(data.size());
  for (const std::uint32_t row : order) {
    fold_of[row] = static_cast<std::uint32_t>(next[strata.of(row)]++ % count);
  }
  return splits(data, order, fold_of, folds);
}

}  // namespace lamina
