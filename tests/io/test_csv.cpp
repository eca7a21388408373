#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "errors.hpp"
#include "io/csv_files.hpp"
#include "io/idx_files.hpp"

namespace test_csv {

namespace {

using namespace lamina::testing;
using lamina::CsvOptions;
using lamina::Dataset;
using lamina::Label;
using lamina::Shape;
using Names = std::vector<std::string>;
using Floats = std::vector<float>;
using Labels = std::vector<Label>;

bool are(std::span<const float> found, const Floats& expected) {
  return std::ranges::equal(found, expected);
}
bool are(std::span<const Label> found, const Labels& expected) {
  return std::ranges::equal(found, expected);
}

TEST_CASE("CSV: text in the last column becomes classes in the order of their names") {
  const Dataset data = CsvFile("a,b,kind\n1,2,wolf\n3,4,ant\n5,6,cat\n7,8,ant\n").read();
  CHECK(data.shape() == Shape{2, 1, 1});
  CHECK(are(data.inputs(), {1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK(are(data.labels(), {2, 0, 1, 0}));
  CHECK(data.feature_names() == Names{"a", "b"});
  CHECK(data.class_names() == Names{"ant", "cat", "wolf"});
  CHECK(data.target_names() == Names{"kind"});
}

TEST_CASE("CSV: numbers in every way that C++ writes them") {
  const Dataset data = CsvFile("1,+2,-3.5,4e2,5E-1,.5,6.,1e-60,1e-500\n").read({.target = ""});
  CHECK(are(data.inputs(), {1, 2, -3.5F, 400, 0.5F, 0.5F, 6, 0, 0}));
  CHECK(data.size() == 1);
  CHECK_FALSE(data.has_labels());
  CHECK(data.outputs() == 0);
  CHECK(data.slice(0, 1).inputs().size() == 9);
}

TEST_CASE("CSV: whole numbers are labels where each comes often, floats otherwise") {
  CHECK(are(CsvFile("1,0\n2,1\n3,1\n4,0\n").read().labels(), {0, 1, 1, 0}));
  CHECK(are(CsvFile("1,30\n2,41\n3,52\n4,63\n").read().targets(), {30, 41, 52, 63}));
  CHECK(are(CsvFile("1,0.0\n2,1.0\n3,1.0\n4,0.0\n").read().targets(), {0, 1, 1, 0}));
  const CsvFile three("1,0\n2,2\n3,1\n");
  CHECK(three.read().outputs() == 1);
  CHECK(are(three.read({.task = CsvOptions::Task::Classification}).labels(), {0, 2, 1}));
  const CsvFile pairs("1,0\n2,1\n3,1\n4,0\n");
  CHECK(are(pairs.read({.task = CsvOptions::Task::Regression}).targets(), {0, 1, 1, 0}));
}

TEST_CASE("CSV: whole-number labels from 0 on stay, others are numbered in their order") {
  const Dataset gap = CsvFile("1,0\n1,3\n1,0\n1,3\n").read();
  CHECK(are(gap.labels(), {0, 3, 0, 3}));
  CHECK(gap.class_names() == Names{"0", "1", "2", "3"});
  const Dataset signs = CsvFile("1,-1\n1,10\n1,9\n1,-1\n1,10\n1,9\n").read();
  CHECK(are(signs.labels(), {0, 2, 1, 0, 2, 1}));
  CHECK(signs.class_names() == Names{"-1", "9", "10"});
}

TEST_CASE("CSV: a second file gets the labels of the first") {
  const Dataset train = CsvFile("x,kind\n1,b\n2,a\n3,c\n").read();
  const Dataset test = CsvFile("x,kind\n1,c\n2,b\n").read({.classes = train.class_names()});
  CHECK(are(test.labels(), {2, 1}));
  CHECK(test.class_names() == train.class_names());
  const Dataset numbers = CsvFile("1,1.0\n2,2\n").read({.classes = {"2", "1"}});
  CHECK(are(numbers.labels(), {1, 0}));
}

TEST_CASE("CSV: columns by name, by number and from the end") {
  const CsvFile file("a,b,#1,d\n1,2,3,4\n5,6,7,8\n");
  const auto regression = CsvOptions::Task::Regression;
  const Dataset by_name = file.read({.target = "b", .task = regression});
  CHECK(are(by_name.inputs(), {1, 3, 4, 5, 7, 8}));
  CHECK(are(by_name.targets(), {2, 6}));
  CHECK(by_name.target_names() == Names{"b"});
  CHECK(are(file.read({.target = "#2", .task = regression}).targets(), {2, 6}));
  CHECK(are(file.read({.target = "#-4", .task = regression}).targets(), {1, 5}));
  CHECK(are(file.read({.target = "#1", .task = regression}).targets(), {3, 7}));  // its name
  const Dataset chosen = file.read({.targets = {"d", "a"}, .features = {"#3", "b"}});
  CHECK(are(chosen.inputs(), {3, 2, 7, 6}));
  CHECK(are(chosen.targets(), {4, 1, 8, 5}));
  CHECK(chosen.outputs() == 2);
  CHECK(chosen.feature_names() == Names{"#1", "b"});
  CHECK(chosen.target_names() == Names{"d", "a"});
}

TEST_CASE("CSV: columns that are not chosen may hold anything") {
  const Dataset data =
      CsvFile("id,x,y\nfirst,1,2.5\n,3,4.5\n").read({.target = "y", .features = {"x"}});
  CHECK(are(data.inputs(), {1, 3}));
  CHECK(are(data.targets(), {2.5F, 4.5F}));
}

TEST_CASE("CSV: with and without a header") {
  CHECK(CsvFile("x,y\n1,2.5\n").read().size() == 1);
  CHECK(CsvFile("1,2.5\n3,4.5\n").read().size() == 2);
  CHECK(CsvFile("1,2.5\n3,4.5\n").read().feature_names().empty());
  CHECK(CsvFile("1,cat\n2,ant\n").read().size() == 2);  // the labels' text is no header
  CHECK(CsvFile("2019,2020\n3,4.5\n").read({.header = CsvOptions::Header::Yes}).feature_names() ==
        Names{"2019"});
  CHECK(CsvFile("x,y\n?,2.5\n").read({.missing = CsvOptions::Missing::Value}).size() == 1);
}

TEST_CASE("CSV: quotes, spaces, line ends, marks and packing make no difference") {
  const Dataset plain = CsvFile("x,y,kind\n1,2,a\n3,4,b c\n").read();
  const std::vector<Bytes> others{
      bytes_of("\xef\xbb\xbfx,y,kind\r\n1,2,a\r\n3,4,b c\r\n"),
      bytes_of("x,y,kind\r1,2,a\r3,4,b c"),
      bytes_of("\n\"x\",\"y\",kind\n\n 1 , 2,\"a\"\n   \n\"3\",\"4\",\"b c\""),
      gzip(bytes_of("x,y,kind\n1,2,a\n3,4,b c\n")),
  };
  for (const Bytes& other : others) {
    const Dataset data = CsvFile(other).read();
    CHECK(same(data, plain));
    CHECK(data.names() == plain.names());
  }
  for (const char delimiter : {';', '\t', '|'}) {
    std::string text = "x,y,kind\n1,2,a\n3,4,b c\n";
    std::ranges::replace(text, ',', delimiter);
    CHECK(same(CsvFile(text).read({.delimiter = delimiter}), plain));
  }
}

TEST_CASE("CSV: quoted fields hold delimiters, quotes and line ends") {
  const Dataset data = CsvFile("x,kind\n1,\"a,\"\"b\"\"\"\n2,\"c\nd\"\n").read();
  CHECK(data.class_names() == Names{"a,\"b\"", "c\nd"});
}

TEST_CASE("CSV: missing values are filled from their own column") {
  const CsvFile file("a,b,y\n1,,0.5\nNA,10,1.5\n2,NaN,2.5\n6,nan,3.5\n?,20,4.5\nnull,60,5.5\n");
  const auto filled = [&](CsvOptions::Missing missing) {
    const Dataset data = file.read({.missing = missing, .fill_value = -7});
    return Floats(data.inputs().begin(), data.inputs().end());
  };
  CHECK(filled(CsvOptions::Missing::Mean) == Floats{1, 30, 3, 10, 2, 30, 6, 30, 3, 20, 3, 60});
  CHECK(filled(CsvOptions::Missing::Median) == Floats{1, 20, 2, 10, 2, 20, 6, 20, 2, 20, 2, 60});
  CHECK(filled(CsvOptions::Missing::Value) == Floats{1, -7, -7, 10, 2, -7, 6, -7, -7, 20, -7, 60});
  CHECK(
      CsvFile("1,0.5\n?,1.5\n4,2.5\n").read({.missing = CsvOptions::Missing::Median}).inputs()[1] ==
      2.5F);  // of an even number: the mean of the two in the middle
}

TEST_CASE("CSV: missing values are filled with those of another file") {
  const CsvFile file("b,a,y\n1,,0.5\nNA,10,1.5\n");
  const Dataset data = file.read(
      {.features = {"a", "b"}, .missing = CsvOptions::Missing::Value, .fill_values = {-1, -2}});
  CHECK(Floats(data.inputs().begin(), data.inputs().end()) == Floats{-1, 1, 10, -2});
}

TEST_CASE("CSV: files larger than every buffer") {
  std::string text = "x,y\n";
  Floats expected;
  for (int row = 0; row < 30'000; ++row) {
    text += std::to_string(row) + ",\"" + std::to_string(row) + ".5\"\n";
    expected.push_back(static_cast<float>(row));
  }
  const Dataset data = CsvFile(text).read();
  CHECK(are(data.inputs(), expected));
  CHECK(data.targets().back() == 29'999.5F);
}

TEST_CASE("CSV: numbers too small for a double are 0, those too large are refused") {
  const std::string zeros = std::string(400, '0');
  for (const std::string& small :
       Names{"1e-400", "0.0005e-330", "-12345e-5000", "0." + zeros + "1", "0." + zeros + "1e5"}) {
    CAPTURE(small);
    CHECK(are(CsvFile("a,b\n" + small + ",1.5\n2,2.5\n").read().inputs(), {0, 2}));
  }
  for (const std::string& large :
       Names{"0.5e400", "5e399", "1" + zeros, "1" + zeros + "e-5", "0.001e+500"}) {
    CAPTURE(large);
    CHECK(
        has(error_of([&] { (void)CsvFile("a,b\n" + large + ",1.5\n2,2.5\n").read(); }), "finite"));
  }
}

}  // namespace

}  // namespace test_csv
