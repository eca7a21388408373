#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/plot/plot.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "plot/pictures.hpp"

namespace test_draw {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::pictures;

/// Every kind of picture, by the stem it is given.
std::vector<std::function<Picture(const FilePath&)>> all_kinds() {
  return {
      [](const FilePath& stem) { return plot_history(history_of(20), stem); },
      [](const FilePath& stem) { return plot_history(history_of(1), stem); },
      [](const FilePath& stem) { return plot_learning_rates(curve_of(60), stem); },
      [](const FilePath& stem) { return plot_confusion(counts, 3, animals, stem); },
      [](const FilePath& stem) {
        return plot_confusion(std::vector<std::int64_t>(2500), 50, {}, stem);
      },
      [](const FilePath& stem) { return plot_weight_histograms(Model<Wide>{}, stem); },
      [](const FilePath& stem) {
        return plot_activation_histograms(Model<Wide>{}, std::vector<float>(30), stem);
      },
      [](const FilePath& stem) {
        return plot_histograms({{"none", {}}, {"one", {1}}, {"inf", {INFINITY}}}, stem);
      },
      [](const FilePath& stem) {
        return plot_decision_boundary(Model<Classifier>{}, triangle(), stem);
      },
      [](const FilePath& stem) {
        const Dataset data(2, {0, 0, 1, 1}, std::vector<float>{0, 1}, 1);
        return plot_decision_boundary(Model<Regression>{}, data, stem);
      },
  };
}

bool is_png(const FilePath& path) {
  const auto bytes = read_file(path);
  const Bytes signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  return bytes.size() > 1000 && first(bytes, 8) == signature;
}

bool is_svg(const FilePath& path) {
  const std::string text = text_of(path);
  return text.rfind("<?xml", 0) == 0 && text.find("<path") != std::string::npos &&
         text.find("</svg>") != std::string::npos;
}

TEST_CASE("pictures: every kind is drawn, and nothing else lies in the directory") {
  if (!has_gnuplot()) {
    WARN("gnuplot is not installed: nothing is drawn");
    return;
  }
  std::size_t kind = 0;
  for (const auto& plot : all_kinds()) {
    CAPTURE(kind++);
    const TemporaryDirectory directory;
    const Picture picture = plot(directory / "picture");
    CHECK(picture.missing == "");
    CHECK(picture.svg == directory / "picture.svg");
    CHECK(picture.png == directory / "picture.png");
    CHECK(is_svg(directory / "picture.svg"));
    CHECK(is_png(directory / "picture.png"));
    CHECK(names_in(directory.path()) ==
          std::vector<std::string>{"picture.csv", "picture.gp", "picture.png", "picture.svg"});
  }
}

TEST_CASE("pictures: names of any characters") {
  if (!has_gnuplot()) return;
  const TemporaryDirectory directory;
  const FilePath inner = directory / "a 'run' \"of\" $(touch x) {1}";
  std::filesystem::create_directory(inner);
  const std::string stem = "it's `all` {one} \"loss\" #1 100 % \\n";
  const std::vector<std::string> odd{"'it''s, \"a\" `b`'", "100 % {c\n#", "@d \\n \\ $(e) ö_^"};
  const Picture picture = plot_confusion(counts, 3, odd, inner / stem);
  CHECK(picture.missing == "");
  CHECK(is_svg(picture.svg));
  CHECK(names_in(inner) ==
        std::vector<std::string>{stem + ".csv", stem + ".gp", stem + ".png", stem + ".svg"});
  const std::string svg = text_of(picture.svg);
  CHECK(has(svg, "'it''s, ", "`b`'", "100 % {c", "@d \\n \\ $(e) ö_^"));

  History history = history_of(4);
  history.metrics[0].name = odd[0];
  history.metrics[1].name = odd[2];
  CHECK(plot_history(history, inner / "history").missing == "");
  CHECK(plot_histograms({{odd[0], {1, 2}}, {odd[2], {1, 2}}}, inner / "values").missing == "");
}

TEST_CASE("pictures: without gnuplot there are data, script and one sentence") {
  for (const auto& plot : all_kinds()) {
    const TemporaryDirectory directory;
    const TemporaryDirectory empty;
    const FilePath svg = directory / "picture.svg";
    std::ofstream{svg} << "of older data";
    Picture picture;
    {
      const Environment path{"PATH", empty.path().string()};
      picture = plot(directory / "picture");
    }
    CHECK(picture.missing ==
          svg.string() +
              ": expected the program gnuplot to draw it, found none; install it (Debian: "
              "gnuplot-nox); the data are in " +
              (directory / "picture.csv").string());
    CHECK(picture.data == directory / "picture.csv");
    CHECK(picture.svg.empty());
    CHECK(picture.png.empty());
    CHECK(rows_of(picture.data).size() > 1);
    CHECK(names_in(directory.path()) == std::vector<std::string>{"picture.csv", "picture.gp"});
  }
}

TEST_CASE("pictures: wrong arguments throw before anything is written") {
  const TemporaryDirectory directory;
  const FilePath stem = directory / "picture";
  const auto error = [](const auto& action) { return error_of(action); };
  const Dataset three(3, {1, 2, 3}, std::vector<Label>{0});

  CHECK(has(error([&] { plot_decision_boundary(Model<Wide>{}, three, stem); }),
            "plot_decision_boundary: expected a network of 2 features, found 3"));
  CHECK(has(error([&] { plot_decision_boundary(Model<Classifier>{}, three, stem); }),
            "expected samples of 2 features, found 3"));
  CHECK(has(error([&] {
              plot_decision_boundary(Model<Classifier>{}, Dataset(2, {}, std::vector<Label>{}),
                                     stem);
            }),
            "expected 1 sample or more, found none"));
  CHECK(has(error([&] { plot_decision_boundary(Model<Binary>{}, triangle(), stem); }),
            "expected labels below 2, found 2"));
  CHECK(has(error([&] {
              plot_decision_boundary(Model<Classifier>{},
                                     Dataset(2, {1, NAN}, std::vector<Label>{0}), stem);
            }),
            "expected finite inputs, found nan in row 0"));

  CHECK(has(error([&] { plot_history(History{}, stem); }), "expected 1 epoch or more, found none"));
  History history = history_of(3);
  history.epochs[1].metrics.pop_back();
  CHECK(has(error([&] { plot_history(history, stem); }), "epoch 2", "2 metrics, found 1"));
  history = history_of(3);
  history.best_epoch = 3;
  CHECK(has(error([&] { plot_history(history, stem); }), "best epoch below 3, found 3"));

  LearningRateCurve curve = curve_of(3);
  curve.smoothed.pop_back();
  CHECK(has(error([&] { plot_learning_rates(curve, stem); }), "3 learning rates, found 3 and 2"));
  curve = curve_of(3);
  curve.learning_rates[2] = 0;
  CHECK(has(error([&] { plot_learning_rates(curve, stem); }), "step 2", "above 0, found 0"));

  CHECK(has(error([&] { plot_confusion(counts, 2, {}, stem); }), "2 classes, found 9 counts"));
  CHECK(has(error([&] { plot_confusion({}, 0, {}, stem); }), "1 class or more, found none"));
  CHECK(has(error([&] { plot_confusion(counts, 3, std::vector<std::string>{"a"}, stem); }),
            "each of 3 classes", "found 1"));
  CHECK(has(error([&] { plot_confusion(std::vector<std::int64_t>{-4}, 1, {}, stem); }),
            "0 and more, found -4"));
  CHECK(has(error([&] { plot_histograms({}, stem); }), "1 histogram or more, found none"));
  for (const FilePath& wrong : {FilePath{}, directory.path() / "", FilePath{".."}}) {
    CHECK(has(error([&] { plot_history(history_of(2), wrong); }), "plot_history: expected a path"));
  }
  CHECK(has(error([&] { plot_history(history_of(2), directory / "none" / "history"); }),
            "history.csv", "cannot be written"));
  CHECK(names_in(directory.path()).empty());
}

TEST_CASE("draw: a changed script, and one that is wrong") {
  if (!has_gnuplot()) return;
  const TemporaryDirectory directory;
  const Picture picture = plot_learning_rates(curve_of(20), directory / "rates");
  const FilePath script = directory / "rates.gp";
  const std::string text = text_of(script);
  std::ofstream{script} << std::string(text).replace(text.find("\"learning rate\""), 15,
                                                     "\"step size, log\"");
  CHECK(draw(script).missing == "");
  const std::string svg = text_of(picture.svg);
  CHECK(has(svg, "step size, log"));

  std::ofstream{script} << std::string(text).replace(text.find("plot data"), 9, "plat data");
  const Picture failed = draw(script);
  CHECK(has(failed.missing, picture.svg.string() + ": expected gnuplot to draw ", script.string(),
            "invalid command", "; the data are in "));
  CHECK(text_of(picture.svg) == svg);
  CHECK(names_in(directory.path()).size() == 4);
  CHECK(has(error_of([&] { draw(directory / "none.gp"); }), "draw: expected", "none.gp"));
}

TEST_CASE("redraw: all pictures of a directory and no other scripts") {
  if (!has_gnuplot()) return;
  const TemporaryDirectory directory;
  plot_learning_rates(curve_of(20), directory / "b");
  plot_confusion(counts, 3, animals, directory / "a");
  std::ofstream{directory / "other.gp"} << "set output 'other.svg'\n";
  for (const char* name : {"a.svg", "b.svg", "b.png"}) std::filesystem::remove(directory / name);
  const std::vector<Picture> pictures = redraw(directory.path());
  REQUIRE(pictures.size() == 2);
  CHECK(pictures[0].svg == directory / "a.svg");
  CHECK(pictures[1].svg == directory / "b.svg");
  CHECK(is_svg(pictures[0].svg));
  CHECK(is_png(pictures[1].png));
  CHECK(names_in(directory.path()).size() == 9);
  CHECK(has(error_of([&] { redraw(directory / "none"); }), "redraw: expected a directory"));
}

}  // namespace

}  // namespace test_draw
