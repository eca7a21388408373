#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/io/history_file.hpp>

#include "io/atomic_file.hpp"

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

/// The shortest text that reads back as the same number.
template <class T>
std::string text_of(T number) {
  if (!std::isfinite(number)) return {};
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\n\r") == std::string::npos) return name;
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  io::AtomicFile file{path};
  file.write(std::as_bytes(std::span{text}));
  file.commit();
}

}  // namespace

void write_csv(const History& history, const std::filesystem::path& path) {
  std::string text = "epoch";
  for (const Column& column : columns) (text += ",") += column.first;
  text += ",learning_rate";
  for (const MetricColumn& metric : history.metrics) (text += ",") += quoted(metric.name);
  text += "\n";
  for (const EpochRecord& epoch : history.epochs) {
    text += std::to_string(epoch.epoch);
    for (const Column& column : columns) (text += ",") += text_of(epoch.*column.second);
    (text += ",") += text_of(epoch.learning_rate);
    for (const double metric : epoch.metrics) (text += ",") += text_of(metric);
    text += "\n";
  }
  write_text(path, text);
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
  write_text(path, whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace lamina
