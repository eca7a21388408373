#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/plot/curves.hpp>

#include "plot/data_file.hpp"
#include "plot/panels.hpp"
#include "plot/range.hpp"
#include "plot/redraw.hpp"
#include "plot/script.hpp"

namespace lamina {

namespace {

using plot::Panel;
using plot::Range;
using plot::text_of_number;

constexpr std::size_t rate_column = 4;

/// A column of the data: what it is called there and in the picture, and its values.
struct Column {
  std::string name;
  std::string title;
  std::vector<double> values;

  [[nodiscard]] Range range() const {
    Range range;
    for (const double value : values) range.add(value);
    return range;
  }
};

template <class Value>
Column column_of(const History& history, const char* name, const char* title, const Value& value) {
  Column column{name, title, {}};
  for (const EpochRecord& epoch : history.epochs) {
    column.values.push_back(static_cast<double>(value(epoch)));
  }
  return column;
}

std::vector<Column> columns_of(const History& history) {
  using Epoch = const EpochRecord&;
  std::vector<Column> columns;
  const auto add = [&](const char* name, const char* title, const auto& value) {
    columns.push_back(column_of(history, name, title, value));
  };
  add("epoch", "epoch", [](Epoch e) { return e.epoch; });
  add("loss", "training", [](Epoch e) { return e.loss; });
  add("validation_loss", "validation", [](Epoch e) { return e.validation_loss; });
  add("accuracy", "accuracy", [](Epoch e) { return e.validation_accuracy; });
  add("learning_rate", "learning rate", [](Epoch e) { return e.learning_rate; });
  for (std::size_t m = 0; m < history.metrics.size(); ++m) {
    const char* name = history.metrics[m].name.c_str();
    add(name, name, [m](Epoch e) { return e.metrics[m]; });
  }
  return columns;
}

/// Marks the epoch that `EarlyStopping` and checkpoints keep.
void mark_best_epoch(const History& history, Panel& panel) {
  const std::string row = text_of_number(history.best_epoch);
  panel.more_title =
      std::string("best: epoch ") + text_of_number(history.epochs[history.best_epoch].epoch);
  panel.more = std::string("data skip 1 every ::") + row + "::" + row +
               " using 1:" + text_of_number(panel.curves.back().column) +
               " with points pointtype 6 pointsize 1.4 linecolor rgb color(3) title " +
               plot::shown(panel.more_title);
}

Panel loss_panel(const History& history, const std::vector<Column>& columns) {
  Panel panel{.label = "loss", .curves = {{2, "training", 1}}, .height = 240};
  if (!columns[2].range().empty()) panel.curves.push_back({3, "validation", 2});
  if (history.epochs.size() > 1) mark_best_epoch(history, panel);
  Range range = columns[1].range();
  for (const double value : columns[2].values) range.add(value);
  panel.logarithmic = !range.empty() && range.low > 0 && range.high > 30 * range.low;
  const bool near_zero = range.low >= 0 && range.low < 0.5 * range.high;
  panel.range = panel.logarithmic ? Range{range.low / 1.2, range.high * 1.2} : range.widened(0.06);
  if (near_zero && !panel.logarithmic) panel.range.low = 0;
  return panel;
}

/// A panel for all that lies in [0, 1], and one for each of the others.
std::vector<Panel> metric_panels(const std::vector<Column>& columns) {
  std::vector<Panel> panels{{.label = "validation", .curves = {}}};
  for (std::size_t c = 3; c < columns.size(); ++c) {
    const Range range = columns[c].range();
    if (c == rate_column || range.empty()) continue;
    if (range.low >= 0 && range.high <= 1) {
      Panel& shares = panels.front();
      shares.curves.push_back(
          {c + 1, columns[c].title, static_cast<int>(shares.curves.size()) + 1});
      shares.range.add(range.low);
      shares.range.add(range.high);
    } else {
      panels.push_back({.label = columns[c].title,
                        .curves = {{c + 1, columns[c].title, 1}},
                        .range = range.widened(0.08)});
    }
  }
  Panel& shares = panels.front();
  if (shares.curves.empty()) {
    panels.erase(panels.begin());
    return panels;
  }
  shares.range = shares.range.widened(0.08);
  shares.range = {std::max(shares.range.low, 0.0), std::min(shares.range.high, 1.02)};
  if (shares.curves.size() == 1) {
    shares.label = std::string("validation ") + shares.curves[0].title;
  }
  return panels;
}

Panel rate_panel(const std::vector<Column>& columns) {
  const Range range = columns[rate_column].range();
  Panel panel{.label = "learning rate",
              .curves = {{rate_column + 1, "learning rate", 6}},
              .range = range.widened(0.08),
              .height = 90};
  if (range.low < range.high && range.low >= 0.5 * range.high) return panel;
  if (range.low >= 0 && !range.empty()) {
    panel.range = {0, range.high > 0 ? (range.low < range.high ? 1.1 : 1.5) * range.high : 1};
  }
  return panel;
}

plot::Script script_of(const History& history, const std::vector<Column>& columns) {
  std::vector<Panel> panels{loss_panel(history, columns)};
  for (Panel& panel : metric_panels(columns)) panels.push_back(std::move(panel));
  panels.push_back(rate_panel(columns));
  const Range epochs = columns[0].range();
  const plot::Axis axis{
      .label = "epoch",
      .range = epochs.low < epochs.high ? epochs.widened(0.015)
                                        : Range{epochs.low - 0.5, epochs.high + 0.5},
      .tic_step = std::max(1.0, plot::step_of(std::max(1.0, epochs.high - epochs.low), 10))};
  return plot::script_of(panels, axis, history.epochs.size() <= 60);
}

void check(const History& history) {
  if (history.epochs.empty()) throw Error("plot_history: expected 1 epoch or more, found none");
  for (const EpochRecord& epoch : history.epochs) {
    if (epoch.metrics.size() == history.metrics.size()) continue;
    throw Error(std::string("plot_history: epoch ") + std::to_string(epoch.epoch) +
                ": expected a number for each of " + std::to_string(history.metrics.size()) +
                " metrics, found " + std::to_string(epoch.metrics.size()));
  }
  if (history.best_epoch >= history.epochs.size()) {
    throw Error(std::string("plot_history: expected a best epoch below ") +
                std::to_string(history.epochs.size()) + ", found " +
                std::to_string(history.best_epoch));
  }
}

// As a fit finds it.
std::size_t best_epoch_of(const History& history) {
  const bool validated = !std::isnan(history.epochs.front().validation_loss);
  std::size_t best = 0;
  for (std::size_t i = 1; i < history.epochs.size(); ++i) {
    const auto score = [&](std::size_t epoch) {
      const EpochRecord& record = history.epochs[epoch];
      return validated ? record.validation_loss : record.loss;
    };
    if (score(i) < score(best) || std::isnan(score(best))) best = i;
  }
  return best;
}

}  // namespace

Picture plot_history(const History& history, const std::filesystem::path& stem) {
  plot::expect_stem(stem, "plot_history");
  check(history);
  const std::vector<Column> columns = columns_of(history);
  plot::Table data;
  for (const Column& column : columns) data.add(column.name);
  data.end_row();
  for (std::size_t row = 0; row < history.epochs.size(); ++row) {
    data.add(history.epochs[row].epoch);
    for (std::size_t c = 1; c < columns.size(); ++c) {
      // A float's shortest text, not that of the double that it was widened to.
      if (c == rate_column) {
        data.add(history.epochs[row].learning_rate);
      } else {
        data.add(columns[c].values[row]);
      }
    }
    data.end_row();
  }
  return plot::make_picture(stem, data, script_of(history, columns));
}

Picture plot::redraw_history(const std::filesystem::path& stem) {
  constexpr std::size_t fixed = 5;
  const DataFile data{stem.string() + ".csv",
                      {"epoch", "loss", "validation_loss", "accuracy", "learning_rate"}};
  History history;
  for (std::size_t column = fixed; column < data.names().size(); ++column) {
    history.metrics.push_back({data.names()[column]});
  }
  for (std::size_t row = 0; row < data.rows(); ++row) {
    EpochRecord epoch;
    epoch.epoch = static_cast<int>(data.count(row, 0, std::numeric_limits<int>::max()));
    epoch.loss = data.number(row, 1);
    epoch.validation_loss = data.number(row, 2);
    epoch.validation_accuracy = data.number(row, 3);
    constexpr auto most = static_cast<double>(std::numeric_limits<float>::max());
    epoch.learning_rate =
        static_cast<float>(std::clamp(data.number(row, rate_column), -most, most));
    for (std::size_t column = fixed; column < data.names().size(); ++column) {
      epoch.metrics.push_back(data.number(row, column));
    }
    history.epochs.push_back(std::move(epoch));
  }
  history.best_epoch = best_epoch_of(history);
  return plot_history(history, stem);
}

}  // namespace lamina
