#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// Metrics of images and class maps against scikit-learn's and scikit-image's.

namespace test_metrics_over_positions {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr Shape maps{5, 4, 6, 2};

/// Samples of a golden case, shown to a metric.
template <class M>
M over_maps(const Golden& golden, const std::string& name, M metric = M{}) {
  static_assert(Metric<M>);
  const auto& logits = golden.floats(name + ".logits");
  const auto labels = golden.labels(name + ".labels");
  metric.reset();
  const std::size_t positions = 24;
  for (std::size_t sample = 0; sample < labels.size() / positions; ++sample) {
    metric.add(EvaluatedRow{.outputs = std::span(logits).subspan(sample * 120, 120),
                            .targets = {},
                            .labels = std::span(labels).subspan(sample * positions, positions),
                            .shape = maps,
                            .ignored = name == "maps" ? -1 : 255});
  }
  return metric;
}

template <class M>
void check_maps(const std::string& name, const M& metric = M{}) {
  const Golden golden("metrics");
  const M found = over_maps(golden, name, metric);
  INFO(name << " " << found.name());
  // Stored as F32.
  CHECK(found.value() == Approx(golden.floats(name + "." + found.name())[0]).epsilon(1e-6));
}

template <class M>
void check_images(const std::string& name, const Shape& shape, M metric) {
  static_assert(Metric<M>);
  const Golden golden("metrics");
  INFO(name << " " << metric.name());
  const auto& outputs = golden.floats(name + ".outputs");
  const auto& targets = golden.floats(name + ".targets");
  const auto size = static_cast<std::size_t>(shape.features());
  for (std::size_t at = 0; at < outputs.size(); at += size) {
    metric.add(EvaluatedRow{.outputs = std::span(outputs).subspan(at, size),
                            .targets = std::span(targets).subspan(at, size),
                            .shape = shape});
  }
  CHECK(metric.value() == Approx(golden.floats(name + "." + metric.name())[0]).epsilon(1e-6));
  metric.reset();
  CHECK(std::isnan(metric.value()));
}

}  // namespace

TEST_CASE("metrics over positions: those of classes are scikit-learn's", "[metrics]") {
  for (const std::string name : {"maps", "maps_ignored"}) {
    check_maps<metrics::Accuracy>(name);
    check_maps<metrics::ConfusionMatrix>(name);
    check_maps<metrics::F1>(name);
    check_maps<metrics::IntersectionOverUnion>(name);
    check_maps(name, metrics::IntersectionOverUnion{metrics::ClassAverage::Weighted});
    const Golden golden("metrics");
    const auto iou = over_maps<metrics::IntersectionOverUnion>(golden, name);
    for (std::size_t c = 0; c < 5; ++c) {
      CHECK(iou.of_class(c) == Approx(golden.floats(name + ".of_classes")[c]).epsilon(1e-6));
    }
    CHECK(over_maps(golden, name, metrics::TopK{1}).value() ==
          over_maps<metrics::Accuracy>(golden, name).value());
    CHECK(over_maps(golden, name, metrics::TopK{5}).value() == 1);
  }
}

TEST_CASE("metrics over positions: those of images are scikit-image's", "[metrics]") {
  const Shape two{2, 13, 17, 2};
  const Shape narrow{1, 24, 11, 2};
  check_images("images", two, metrics::PeakSignalToNoise{});
  check_images("images", two, metrics::StructuralSimilarity{});
  check_images("narrow_images", narrow, metrics::PeakSignalToNoise{255});
  check_images("narrow_images", narrow, metrics::StructuralSimilarity{255});
}

TEST_CASE("metrics over positions: images without an error", "[metrics]") {
  const std::vector<float> values = uniform(11 * 12, 1, 0, 1);
  const EvaluatedRow exact{.outputs = values, .targets = values, .shape = {1, 11, 12, 2}};
  metrics::PeakSignalToNoise ratio;
  ratio.add(exact);
  CHECK(ratio.value() == std::numeric_limits<double>::infinity());
  metrics::StructuralSimilarity similarity;
  similarity.add(exact);
  CHECK(similarity.value() == Approx(1).epsilon(1e-12));
}

TEST_CASE("metrics over positions: a channel alone is yes or no", "[metrics]") {
  // Right at four of six positions; of three that are or were taken for yes, one is both.
  const std::vector<float> logits{1, -2, 3, -4, -5, -6};
  const std::vector<float> targets{1, 0, 0, 1, 0, 0};
  const EvaluatedRow row{.outputs = logits, .targets = targets, .shape = {1, 2, 3, 2}};
  metrics::Accuracy accuracy;
  accuracy.add(row);
  CHECK(accuracy.value() == Approx(4.0 / 6));
  metrics::IntersectionOverUnion iou;
  iou.add(row);
  CHECK(iou.value() == Approx(1.0 / 3));
  metrics::RocAuc area;
  area.add(row);
  CHECK(area.value() == 0.625);  // of eight pairs of a yes and a no, five are in order
}

TEST_CASE("metrics over positions: where all is ignored nothing is known", "[metrics]") {
  const std::vector<float> outputs(12, 1.0f);
  const std::vector<Label> labels(6, 9);
  const auto unknown = [&](auto metric, Shape shape) {
    metric.add(EvaluatedRow{.outputs = std::span(outputs).first(6u * (shape.channels == 2 ? 2 : 1)),
                            .targets = {},
                            .labels = labels,
                            .shape = shape,
                            .ignored = 9});
    return std::isnan(metric.value());
  };
  for (const int channels : {1, 2}) {
    const Shape shape{channels, 2, 3, 2};
    CHECK(unknown(metrics::Accuracy{}, shape));
    CHECK(unknown(metrics::IntersectionOverUnion{}, shape));
    CHECK(unknown(metrics::RocAuc{}, shape));
  }
  metrics::Accuracy flat;
  flat.add(EvaluatedRow{.outputs = outputs, .label = 9, .targets = {}, .ignored = 9});
  CHECK(std::isnan(flat.value()));
}

TEST_CASE("metrics over positions: what makes no sense is refused", "[metrics]") {
  const std::vector<float> values(242);
  const std::vector<Label> labels(121);
  const EvaluatedRow map{
      .outputs = values, .targets = {}, .labels = labels, .shape = {2, 11, 11, 2}};
  CHECK(has(error_of([&] { static_cast<void>(map.predicted_class()); }), "one position",
            "an image of 2 x 11 x 11"));
  CHECK(has(error_of([&] { static_cast<void>(map.true_class()); }), "one position"));
  CHECK(has(error_of([&] { metrics::PeakSignalToNoise{}.add(map); }), "PeakSignalToNoise",
            "float targets", "found class labels"));
  CHECK(has(error_of([&] { metrics::StructuralSimilarity{}.add(map); }), "StructuralSimilarity",
            "found class labels"));
  const auto similarity = [&](const Shape& shape) {
    return error_of([&] {
      metrics::StructuralSimilarity{}.add(
          EvaluatedRow{.outputs = values, .targets = values, .shape = shape});
    });
  };
  CHECK(has(similarity({1, 10, 20, 2}), "at least 11 x 11", "an image of 1 x 10 x 20"));
  CHECK(has(similarity({2, 1, 121, 1}), "images", "a signal of 2 x 121"));
  CHECK(has(similarity({}), "found flat outputs"));
  CHECK(has(similarity({242, 1, 1, 0}), "found 242 features"));
  for (const double range : {0.0, -1.0, double{NAN}, HUGE_VAL}) {
    CHECK(has(error_of([&] { metrics::PeakSignalToNoise{range}; }), "data range above 0"));
    CHECK(has(error_of([&] { metrics::StructuralSimilarity{range}; }), "data range above 0"));
  }
}

}  // namespace test_metrics_over_positions
