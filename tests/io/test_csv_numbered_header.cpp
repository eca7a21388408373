#include <string>
#include <vector>

#include "catch.hpp"
#include "errors.hpp"
#include "io/csv_files.hpp"

// First rows that name the columns by numbers, and samples that look like them.

namespace test_csv_numbered_header {

namespace {

using namespace lamina::testing;
using lamina::CsvOptions;
using lamina::Dataset;
using Header = CsvOptions::Header;
using Names = std::vector<std::string>;

struct Read {
  std::size_t size = 0;
  Names features;
  bool operator==(const Read&) const = default;
};

Read read(const std::string& text, const CsvOptions& options = {}) {
  const Dataset data = CsvFile(text).read(options);
  return {data.size(), data.feature_names()};
}

const std::string labelled = "1.5,2,x\n-2,0.5,y\n4,1,x\n3,3,y\n";

TEST_CASE("CSV numbered header: what pandas calls columns without names is a header") {
  const Dataset classes = CsvFile("0,1,2\n" + labelled).read();
  CHECK(classes.size() == 4);
  CHECK(classes.class_names() == Names{"x", "y"});
  CHECK(classes.target_names() == Names{"2"});
  CHECK(classes.feature_names() == Names{"0", "1"});
  CHECK(classes.labels()[0] == 0);
  CHECK(classes.inputs()[0] == 1.5F);
  // Labels that are numbers, floats, and whole numbers alone.
  const Read three{2, {"0", "1", "2"}};
  CHECK(read("0,1,2,3\n1.5,2.5,3.5,0\n1.5,2.5,3.5,1\n") == three);
  CHECK(read("0,1,2,3\n1.5,2.5,3.5,0.25\n1.5,2.5,3.5,1.25\n") == three);
  CHECK(read("0,1,2,3\n7,5,3,0\n7,4,3,1\n") == three);
  CHECK(read("\"0\",\"1\",\"2\"\n7,5,3\n7,4,1\n", {.target = ""}) == three);
}

TEST_CASE("CSV numbered header: with the index of pandas, whose column has no name") {
  CHECK(read(",0,1\n0,1.5,2.5\n1,3.5,4.5\n", {.features = {"0"}}) == Read{2, {"0"}});
  CHECK(read(",0,1\n0,1.5,2.5\n1,3.5,4.5\n") == Read{2, {"", "0"}});
  CHECK(read(",0,1\n0,1,2\n1,2,3\n", {.features = {"#2"}}) == Read{2, {"0"}});
}

TEST_CASE("CSV numbered header: numbers and a text that no other row of the target has") {
  CHECK(read("0,1,kind\n" + labelled) == Read{4, {"0", "1"}});
  CHECK(read("kind,0,1\nx,1,2\ny,3,4\nx,5,6\ny,7,8\n", {.target = "#1"}) == Read{4, {"0", "1"}});
  CHECK(read("0,1\n1.5,x\n2.5,y\n3.5,x\n4.5,y\n", {.features = {"#1"}}).size == 4);
  // One column is not enough to count, but numbers above text are no class.
  CHECK(read("0,1\n1.5,x\n2.5,y\n3.5,x\n4.5,y\n") == Read{4, {"0"}});
  CHECK(read("3,1,2\n" + labelled) == Read{4, {"3", "1"}});
  const Dataset data = CsvFile("3,1,2\n" + labelled).read();
  CHECK(std::vector(data.labels().begin(), data.labels().end()) ==
        std::vector<lamina::Label>{0, 1, 0, 1});
  CHECK(data.inputs()[2] == -2);
  CHECK(data.class_names() == Names{"x", "y"});
}

TEST_CASE("CSV numbered header: where nobody knows, options must say") {
  for (const std::string row : {"2019,2020,kind", "1.5,0.5,kind", "1.5,0.5,7", "2,2,7"}) {
    INFO(row);
    const CsvFile file(row + "\n" + labelled);
    CHECK(has(file.error(), file.at(1), "column 3", "here alone", "Header::Yes", "Header::No"));
    CHECK(read(row + "\n" + labelled, {.header = Header::No}).size == 5);
  }
  CHECK(read("2019,2020,kind\n" + labelled, {.header = Header::Yes}) == Read{4, {"2019", "2020"}});
}

TEST_CASE("CSV numbered header: a name that the options call a column by") {
  CHECK(read("2019,2020,kind\n" + labelled, {.target = "kind"}) == Read{4, {"2019", "2020"}});
  CHECK(read("0,1\n5,3\n6,4\n", {.target = "1"}) == Read{2, {"0"}});
  CHECK(read("0,1\n5,3\n6,4\n", {.targets = {"0"}}) == Read{2, {"1"}});
  CHECK(read("1,0\n5,3\n6,4\n", {.target = "", .features = {"0", "1"}}) == Read{2, {"0", "1"}});
  CHECK(read("1,0\n", {.header = Header::No, .target = ""}).size == 1);
}

TEST_CASE("CSV numbered header: samples that look like one stay samples") {
  CHECK(read("0,1\n0.5,0.25\n1,0.125\n").size == 3);  // a curve
  CHECK(read("0,1\n1,0\n1,0\n0,1\n").size == 4);      // exclusive or
  CHECK(read("0,1,2\n1,2,3\n2,3,4\n").size == 3);     // windows of a sequence
  CHECK(read("0,1,3\n7,5,3\n7,4,3\n").size == 3);
  CHECK(read("1,2,3\n7,5,3\n7,4,3\n").size == 3);
  CHECK(read("1.5,2,x\n" + labelled).size == 5);
  CHECK(read("1.5,2,z\n4,2,z\n" + labelled).size == 6);
  CHECK(read("1,2,z\n" + labelled + "5,5,w\n").size == 6);  // one class of one sample of several
  CHECK(read("0,1,2\n" + labelled, {.header = Header::No}).size == 5);
}

}  // namespace

}  // namespace test_csv_numbered_header
