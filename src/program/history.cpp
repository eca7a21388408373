#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/atomic_file.hpp"
#include "program/measures.hpp"

namespace lamina::program {

namespace {

struct Column {
  const char* name;
  double (*value)(const EpochRecord& epoch);
};

constexpr Column columns[] = {
    {"epoch", [](const EpochRecord& epoch) { return static_cast<double>(epoch.epoch); }},
    {"loss", [](const EpochRecord& epoch) { return epoch.loss; }},
    {"penalty", [](const EpochRecord& epoch) { return epoch.penalty; }},
    {"validation_loss", [](const EpochRecord& epoch) { return epoch.validation_loss; }},
    {"validation_accuracy", [](const EpochRecord& epoch) { return epoch.validation_accuracy; }},
    {"learning_rate",
     [](const EpochRecord& epoch) { return static_cast<double>(epoch.learning_rate); }},
    {"seconds", [](const EpochRecord& epoch) { return epoch.seconds; }},
    {"samples_per_second", [](const EpochRecord& epoch) { return epoch.samples_per_second; }},
};

void write_text(const std::string& text, const std::filesystem::path& path) {
  io::AtomicFile file(path);
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

// A number that is none is an empty field.
std::string csv_of(const History& history) {
  std::ostringstream text;
  text.precision(9);
  const char* comma = "";
  for (const Column& column : columns) {
    text << comma << column.name;
    comma = ",";
  }
  for (const MetricColumn& metric : history.metrics) text << "," << metric.name;
  for (const EpochRecord& epoch : history.epochs) {
    comma = "\n";
    for (const Column& column : columns) {
      text << comma;
      if (const double value = column.value(epoch); !std::isnan(value)) text << value;
      comma = ",";
    }
    for (const double value : epoch.metrics) {
      text << ",";
      if (!std::isnan(value)) text << value;
    }
  }
  text << "\n";
  return text.str();
}

// A number that is none becomes null.
std::string json_of(const History& history) {
  nlohmann::ordered_json epochs = nlohmann::ordered_json::array();
  for (const EpochRecord& epoch : history.epochs) {
    nlohmann::ordered_json line;
    for (const Column& column : columns) line[column.name] = column.value(epoch);
    for (std::size_t i = 0; i < epoch.metrics.size(); ++i) {
      line[history.metrics[i].name] = epoch.metrics[i];
    }
    epochs.push_back(std::move(line));
  }
  const nlohmann::ordered_json whole{{"best_epoch", history.best_epoch + 1}, {"epochs", epochs}};
  return whole.dump(2) + "\n";
}

}  // namespace

void write_history(const History& history, const std::filesystem::path& directory) {
  write_text(csv_of(history), directory / "history.csv");
  write_text(json_of(history), directory / "history.json");
}

}  // namespace lamina::program
