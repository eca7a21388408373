#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "catch.hpp"
#include "io/csv_files.hpp"
#include "io/idx_files.hpp"

namespace test_csv_errors {

namespace {

using namespace lamina::testing;
using lamina::CsvOptions;
using lamina::Error;
using Task = CsvOptions::Task;
using Missing = CsvOptions::Missing;

TEST_CASE("CSV errors: text in a feature column names file, line and column") {
  const CsvFile file("a,b,y\n1,2,0.5\n3,cat,0.5\n");
  CHECK(has(file.error(), file.at(3), "column 2 \"b\"", "expected a number", "found \"cat\""));
  const CsvFile bare("1,2,0.5\n3,1.5x,0.5\n");
  CHECK(has(bare.error(), bare.at(2), "column 2:", "expected a number", "found \"1.5x\""));
}

TEST_CASE("CSV errors: lines are counted as an editor counts them") {
  const CsvFile quoted("a,y\n\n1,\"p\nq\"\r\n2,r\r\nbad,s\n");
  CHECK(has(quoted.error(), quoted.at(6), "found \"bad\""));
  const CsvFile within("a,b,k\n1,2,x\n3,\"b\nad\",y\n");
  CHECK(has(within.error(), within.at(3), "found \"b\\x0aad\""));  // where the field begins
  const CsvFile after("a,b,k\n1,2,x\n\"3\n\",bad,y\n");
  CHECK(has(after.error({.target = "k", .features = {"b"}}), after.at(4), "found \"bad\""));
  const CsvFile returns("a,y\r1,p\rbad,q\r");
  CHECK(has(returns.error(), returns.at(3), "found \"bad\""));
}

TEST_CASE("CSV errors: numbers that no float holds") {
  for (const std::string number : {"inf", "-inf", "1e39", "1e400", "-nan"}) {
    const CsvFile file("a,y\n1,0.5\n" + number + ",0.5\n");
    CHECK(has(file.error(), file.at(3), "column 1 \"a\"", "expected a finite number", number));
    const CsvFile target("a,y\n1,0.5\n1," + number + "\n");
    CHECK(has(target.error({.task = Task::Regression}), target.at(3), "column 2 \"y\"",
              "expected a finite number", number));
  }
}

TEST_CASE("CSV errors: missing values") {
  for (const std::string word : {"", "NA", "NaN", "nan", "?", "null"}) {
    const CsvFile file("a,y\n1,0.5\n" + word + ",0.5\n");
    CHECK(has(file.error(), file.at(3), "column 1 \"a\"", "missing value \"" + word + "\""));
    const CsvFile target("a,y\n1,0.5\n2," + word + "\n");
    CHECK(has(target.error({.missing = Missing::Mean}), target.at(3), "column 2 \"y\"",
              "expected a target"));
  }
  const CsvFile nothing("a,b,y\n1,,0.5\n2,?,0.5\n");
  CHECK(has(nothing.error({.missing = Missing::Median}), "table.csv", "column 2 \"b\"",
            "missing values alone"));
}

TEST_CASE("CSV errors: rows of another length") {
  const CsvFile shorter("a,b,y\n1,2,0.5\n1,2\n");
  CHECK(has(shorter.error(), shorter.at(3), "expected 3 columns", "found 2"));
  const CsvFile longer("a,b,y\n1,2,0.5,9\n");
  CHECK(has(longer.error(), longer.at(2), "expected 3 columns", "found 4"));
}

TEST_CASE("CSV errors: quotes") {
  const CsvFile open("a,k\n1,x\n2,\"y\n3,z\n");
  CHECK(has(open.error(), open.at(3), "expected the closing quote", "end of the file"));
  const CsvFile inside("a,k\n1,x\n2,y\"z\n");
  CHECK(has(inside.error(), inside.at(3), "expected quotes around a whole field"));
  const CsvFile after("a,k\n1,\"x\"z\n");
  CHECK(has(after.error(), after.at(2), "expected quotes around a whole field"));
  const CsvFile endless("a,k\n1,\"" + std::string(3'000'000, 'x'));
  CHECK(has(endless.error(), endless.at(2), "at most 1048576 bytes"));
}

TEST_CASE("CSV errors: files without rows") {
  CHECK(has(CsvFile("").error(), "table.csv", "expected rows", "found none"));
  CHECK(has(CsvFile("\n \r\n").error(), "table.csv", "expected rows", "found none"));
  CHECK(has(CsvFile("\xef\xbb\xbf").error(), "table.csv", "found none"));
  CHECK(has(CsvFile("a,b\n").error(), "table.csv", "found a header alone"));
}

TEST_CASE("CSV errors: columns that are not there, or twice") {
  const CsvFile file("a,b,y\n1,2,0.5\n");
  CHECK(has(file.error({.target = "kind"}), file.at(1), "expected a column \"kind\"",
            "\"a\", \"b\""));
  CHECK(has(file.error({.target = "#4"}), "\"#4\"", "3 columns"));
  CHECK(has(file.error({.target = "#0"}), "\"#0\""));
  for (const std::string number : {"#-99", "#-4", "#4", "#9223372036854775807",
                                   "#-9223372036854775808", "#99999999999999999999", "#-0"}) {
    const std::string range = " from #1 to #3 or from #-3 to #-1, found 3 columns";
    CHECK(has(file.error({.target = number}), "a column \"" + number + '"' + range));
    CHECK(has(file.error({.targets = {number}}), "a column \"" + number + '"' + range));
    CHECK(has(file.error({.features = {"#1", number}}), "a column \"" + number + '"' + range));
  }
  CHECK(has(file.error({.features = {"a", "y"}}), "each column once", "column 3 \"y\""));
  CHECK(has(CsvFile("1,2\n").error({.target = "y"}), "without names"));
  CHECK(has(CsvFile("a;y\n1.5;2.5\n").error(), "expected a column beside the targets", "','"));
  const CsvFile twice("a,b,a\n1,2,0.5\n");
  CHECK(has(twice.error(), twice.at(1), "column 3 \"a\"", "named as column 1"));
}

TEST_CASE("CSV errors: targets that are neither labels nor floats") {
  const CsvFile mixed("a,y\n1,0.5\n2,1.5\n3,1.x\n");
  CHECK(has(mixed.error(), mixed.at(4), "column 2 \"y\"", "0.5 in line 2", "found \"1.x\""));
  CHECK(mixed.read({.task = Task::Classification}).classes() == 3);
  CHECK(has(mixed.error({.task = Task::Regression}), mixed.at(4), "expected a number"));
  const CsvFile kinds("a,k\n1,x\n2,y\n");
  CHECK(has(kinds.error({.classes = {"x", "z"}}), kinds.at(3), "column 2 \"k\"",
            "one of the 2 classes", "found \"y\""));
}

TEST_CASE("CSV errors: options that contradict each other") {
  const CsvFile file("a,y\n1,0.5\n");
  CHECK(has(file.error({.delimiter = '"'}), "delimiter"));
  CHECK(has(file.error({.delimiter = '\n'}), "delimiter"));
  CHECK(has(file.error({.classes = {"a", "a"}}), "each class once", "\"a\""));
  CHECK(has(file.error({.task = Task::Regression, .classes = {"a"}}), "classes"));
  CHECK(has(file.error({.targets = {"y"}, .task = Task::Classification}), "one target column"));
  CHECK(has(
      file.error({.missing = Missing::Value, .fill_value = std::numeric_limits<float>::infinity()}),
      "fill_value"));
  CHECK(has(file.error({.missing = Missing::Value, .fill_values = {std::nanf("")}}), "fill_value"));
  CHECK(has(file.error({.missing = Missing::Mean, .fill_values = {1}}), "Missing::Value"));
  CHECK(has(file.error({.missing = Missing::Value, .fill_values = {1, 2}}), "table.csv",
            "expected 2 features", "found 1"));
}

TEST_CASE("CSV errors: messages stay on one line and short") {
  const CsvFile file("a,y\n1,0.5\n" + std::string(5000, 'x') + ",0.5\n");
  CHECK(file.error().size() < 300);
}

TEST_CASE("CSV errors: corrupted files are refused or have whole rows") {
  const Bytes whole = bytes_of("a,\"b\"\"c\",kind\r\n1,2.5,\"x\ny\"\r\n3,NA,z\r\n");
  std::mt19937 random{3};
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes = whole;
    for (int i = 0; i < 3; ++i) {
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    }
    try {
      const auto data = CsvFile(bytes).read({.missing = Missing::Mean});
      CHECK(data.inputs().size() == data.size() * data.features());
    } catch (const Error&) {
    }
  }
}

}  // namespace

}  // namespace test_csv_errors
