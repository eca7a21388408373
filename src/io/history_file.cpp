#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include <lamina/io/history_file.hpp>

#include "io/text_file.hpp"

namespace lamina {

namespace {

using Column = std::pair<const char*, double EpochRecord::*>;
constexpr std::array<Column, 7> columns{{{"loss", &EpochRecord::loss},
                                         {"data_loss", &EpochRecord::data_loss},
                                         {"penalty", &EpochRecord::penalty},
                                         {"validation_loss", &EpochRecord::validation_loss},
                                         {"validation_accuracy", &EpochRecord::validation_accuracy},
                                         {"seconds", &EpochRecord::seconds},
                                         {"samples_per_second", &EpochRecord::samples_per_second}}};

/// What is not finite is an empty field.
template <class T>
std::string text_of(T number) {
  return std::isfinite(number) ? io::text_of_number(number) : std::string();
}

}  // namespace

void write_csv(const History& history, const std::filesystem::path& path) {
  std::string text = "epoch";
  for (const Column& column : columns) (text += ",") += column.first;
  text += ",learning_rate";
  for (const MetricColumn& metric : history.metrics) (text += ",") += io::csv_field(metric.name);
  text += "\n";
  for (const EpochRecord& epoch : history.epochs) {
    text += std::to_string(epoch.epoch);
    for (const Column& column : columns) (text += ",") += text_of(epoch.*column.second);
    (text += ",") += text_of(epoch.learning_rate);
    for (const double metric : epoch.metrics) (text += ",") += text_of(metric);
    text += "\n";
  }
  io::write_text(path, text);
}

void write_json(const History& history, const std::filesystem::path& path) {
  using Json = nlohmann::ordered_json;
  Json epochs = Json::array();
  for (const EpochRecord& epoch : history.epochs) {
    Json record;
    record["epoch"] = epoch.epoch;
    for (const Column& column : columns) record[column.first] = epoch.*column.second;
    record["learning_rate"] = epoch.learning_rate;
    Json metrics = Json::object();
    for (std::size_t i = 0; i < epoch.metrics.size(); ++i) {
      metrics[history.metrics[i].name] = epoch.metrics[i];
    }
    record["metrics"] = std::move(metrics);
    epochs.push_back(std::move(record));
  }
  Json whole;
  whole["epochs"] = std::move(epochs);
  whole["best_epoch"] = history.best_epoch;
  // A metric's name of one's own need not be UTF-8, which JSON is: what is not is replaced.
  io::write_text(path, whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace lamina
