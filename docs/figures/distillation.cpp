// Small networks taught by large ones: what the teacher's label smoothing does to the student.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

constexpr std::size_t classes = 10;

template <int Channels>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>>;
template <class Loss>
using Teacher =
    Network<Input<1, 28, 28>,                         //
            Conv<16>, BatchNorm<>, ReLU, MaxPool<2>,  //
            Conv<32>, BatchNorm<>, ReLU, MaxPool<2>,  //
            Flatten, Linear<128>, BatchNorm<>, ReLU, Dropout<0.3>, Linear<classes>, Loss>;

template <int Temperature>
constexpr auto softer = [](auto x) { return x / double{Temperature}; };

/// A student whose logits are divided by a temperature in training.
template <int Temperature, class Loss>
using Student = Network<Input<1, 28, 28>, Flatten, Linear<64>, ReLU, Linear<classes>,
                        Elementwise<softer<Temperature>>, Loss>;

template <class Net>
std::vector<float> logits_of(const Model<Net>& model, const Dataset& data) {
  std::vector<float> logits(data.size() * classes);
  model.predict(data.inputs(), logits);
  return logits;
}

/// Rows of softmax(logits / temperature).
std::vector<float> softened(std::vector<float> logits, double temperature) {
  for (auto row = logits.begin(); row != logits.end(); row += classes) {
    const double largest = static_cast<double>(*std::max_element(row, row + classes));
    double total = 0;
    for (auto logit = row; logit != row + classes; ++logit) {
      const double power = std::exp((static_cast<double>(*logit) - largest) / temperature);
      *logit = static_cast<float>(power);
      total += power;
    }
    for (auto share = row; share != row + classes; ++share) {
      *share = static_cast<float>(static_cast<double>(*share) / total);
    }
  }
  return logits;
}

template <class Net>
double percent_right(const Model<Net>& model, const Dataset& data) {
  const std::vector<float> logits = logits_of(model, data);
  double right = 0;
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto first = logits.begin() + static_cast<std::ptrdiff_t>(row * classes);
    right += std::max_element(first, first + classes) - first == data.labels()[row] ? 1 : 0;
  }
  return 100 * right / static_cast<double>(data.size());
}

/// What a student of these lessons is right in, of the test images.
template <class Net>
double percent_taught(std::uint64_t seed, const Dataset& lessons, const Dataset& test) {
  const auto trained = train<Net>(seed, {lessons, {}}, Adam{}, {.epochs = 60},
                                  OneCycle{.max_learning_rate = 0.003f});
  return percent_right(trained.model, test);
}

/// The images with a teacher's probabilities at a temperature as their targets.
Dataset lessons_of(const Dataset& images, const std::vector<float>& logits, double temperature) {
  return Dataset(images.shape(), std::vector<float>(images.inputs().begin(), images.inputs().end()),
                 softened(logits, temperature), classes);
}

/// Images for students, the test images, and what came of them.
struct School {
  Split data;
  Results accuracy{"temperature"};

  void teach_by_labels(std::uint64_t seed) {
    const double right = percent_taught<Student<1, CrossEntropy<>>>(seed, data.train, data.test);
    // The same at every temperature: a line of the figure.
    for (const double temperature : {1.0, 4.0, 8.0}) {
      accuracy.add(temperature, "hard labels", right);
    }
  }
  template <class Net>
  void teach_by(const Model<Net>& teacher, const char* name, std::uint64_t seed) {
    const std::vector<float> logits = logits_of(teacher, data.train);
    teach_at<1>(logits, name, seed);
    teach_at<4>(logits, name, seed);
    teach_at<8>(logits, name, seed);
  }
  void save(const std::filesystem::path& results, const std::string& name) const {
    accuracy.save_csv(results / (name + ".csv"));
    accuracy.save_markdown(results / (name + ".md"), {.digits = 2});
  }

 private:
  template <int Temperature>
  void teach_at(const std::vector<float>& logits, const char* name, std::uint64_t seed) {
    using Net = Student<Temperature, CrossEntropy<SoftTargets>>;
    const Dataset lessons = lessons_of(data.train, logits, Temperature);
    accuracy.add(Temperature, name, percent_taught<Net>(seed, lessons, data.test));
  }
};

/// Trains a teacher and has it teach students by its own images and by others.
template <class Loss>
void teach(const char* name, std::uint64_t seed, const Split& data, School& own, School& others,
           Results& teachers) {
  const auto teacher = train<Teacher<Loss>>(seed, data, Sgd{.momentum = 0.9f}, {.epochs = 8},
                                            OneCycle{.max_learning_rate = 0.1f});
  teachers.add(name, "right in % of its own images", percent_right(teacher.model, data.train));
  teachers.add(name, "of the test images", percent_right(teacher.model, data.test));
  own.teach_by(teacher.model, name, seed);
  others.teach_by(teacher.model, name, seed);
}

}  // namespace

void distillation(const Place& place) {
  const Split all = images(place, 60'000);
  const Split data{all.train.slice(0, 10'000), all.test};
  School own{{all.train.slice(0, 2000), all.test}};
  School others{{all.train.slice(10'000, 2000), all.test}};
  Results teachers("teacher");
  for (const std::uint64_t seed : seeds) {
    own.teach_by_labels(seed);
    others.teach_by_labels(seed);
    teach<CrossEntropy<>>("teacher without smoothing", seed, data, own, others, teachers);
    teach<CrossEntropy<LabelSmoothing<0.1>>>("teacher with LabelSmoothing<0.1>", seed, data, own,
                                             others, teachers);
  }
  own.save(place.results, "distillation_own");
  others.save(place.results, "distillation");
  teachers.save_markdown(place.results / "distillation_teachers.md", {.digits = 2});
}

}  // namespace lamina::figures
