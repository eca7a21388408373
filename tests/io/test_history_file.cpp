#include <nlohmann/json.hpp>

#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "io/files.hpp"
#include "numbers.hpp"

namespace test_history_file {

using namespace lamina;
using namespace lamina::testing;

namespace {

History some_history() {
  History history;
  history.metrics = {{"f1", true}, {"odd, \"name\"", false}};
  for (int i = 0; i < 3; ++i) {
    EpochRecord epoch;
    epoch.epoch = i + 1;
    epoch.loss = 1.0 / (3 + i);
    epoch.validation_loss = i == 1 ? NAN : 0.1 * i;
    epoch.validation_accuracy = NAN;
    epoch.learning_rate = 0.1f;
    epoch.metrics = {0.5 + i, i == 2 ? INFINITY : 1e-300};
    history.epochs.push_back(epoch);
  }
  history.best_epoch = 2;
  return history;
}

std::string text_of(const std::filesystem::path& path) {
  const Bytes bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("history file: CSV holds every number to the bit", "[io]") {
  const TemporaryDirectory directory;
  write_csv(some_history(), directory / "history.csv");
  std::istringstream lines(text_of(directory / "history.csv"));
  std::string line;
  std::getline(lines, line);
  CHECK(line ==
        "epoch,loss,data_loss,penalty,validation_loss,validation_accuracy,seconds,"
        "samples_per_second,learning_rate,f1,\"odd, \"\"name\"\"\"");
  for (int i = 0; i < 3; ++i) {
    REQUIRE(std::getline(lines, line));
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == ',') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    REQUIRE(fields.size() == 11);
    CHECK(fields[0] == std::to_string(i + 1));
    CHECK(std::stod(fields[1]) == 1.0 / (3 + i));
    CHECK(fields[4].empty() == (i == 1));
    CHECK(fields[5].empty());
    CHECK(std::stof(fields[8]) == 0.1f);
    CHECK(std::stod(fields[9]) == 0.5 + i);
    CHECK(fields[10].empty() == (i == 2));
  }
  CHECK_FALSE(std::getline(lines, line));
}

TEST_CASE("history file: JSON reads back", "[io]") {
  const TemporaryDirectory directory;
  write_json(some_history(), directory / "history.json");
  const auto whole = nlohmann::json::parse(text_of(directory / "history.json"));
  CHECK(whole["best_epoch"] == 2);
  REQUIRE(whole["epochs"].size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& epoch = whole["epochs"][i];
    CHECK(epoch["epoch"] == i + 1);
    CHECK(epoch["loss"].get<double>() == 1.0 / static_cast<double>(3 + i));
    CHECK(epoch["validation_loss"].is_null() == (i == 1));
    CHECK(epoch["metrics"]["f1"].get<double>() == 0.5 + static_cast<double>(i));
    CHECK(epoch["metrics"]["odd, \"name\""].is_null() == (i == 2));
  }
}

TEST_CASE("history file: every number is in the column of its name", "[io]") {
  const TemporaryDirectory directory;
  History history;
  history.epochs.push_back({.epoch = 1,
                            .loss = 2,
                            .data_loss = 3,
                            .penalty = 4,
                            .validation_loss = 5,
                            .validation_accuracy = 6,
                            .learning_rate = 7,
                            .seconds = 8,
                            .samples_per_second = 9,
                            .metrics = {}});
  write_csv(history, directory / "history.csv");
  CHECK(text_of(directory / "history.csv") ==
        "epoch,loss,data_loss,penalty,validation_loss,validation_accuracy,seconds,"
        "samples_per_second,learning_rate\n1,2,3,4,5,6,8,9,7\n");
  write_json(history, directory / "history.json");
  const auto whole = nlohmann::json::parse(text_of(directory / "history.json"));
  const auto& epoch = whole["epochs"][0];
  CHECK(epoch["epoch"] == 1);
  CHECK(epoch["loss"] == 2);
  CHECK(epoch["data_loss"] == 3);
  CHECK(epoch["penalty"] == 4);
  CHECK(epoch["validation_loss"] == 5);
  CHECK(epoch["validation_accuracy"] == 6);
  CHECK(epoch["learning_rate"] == 7);
  CHECK(epoch["seconds"] == 8);
  CHECK(epoch["samples_per_second"] == 9);
}

TEST_CASE("history file: a metric's name may be any bytes", "[io]") {
  const TemporaryDirectory directory;
  History history = some_history();
  history.metrics[0].name = "\xff";  // no UTF-8
  write_json(history, directory / "history.json");
  const auto whole = nlohmann::json::parse(text_of(directory / "history.json"));
  CHECK(whole["epochs"][0]["metrics"]["\xef\xbf\xbd"] == 0.5);  // the replacement character
}

TEST_CASE("history file: what cannot be written leaves nothing", "[io]") {
  const TemporaryDirectory directory;
  const auto nowhere = directory / "none" / "history.csv";
  CHECK(has(error_of([&] { write_csv(some_history(), nowhere); }), "history.csv"));
  CHECK(std::filesystem::is_empty(directory.path()));
}

}  // namespace test_history_file
