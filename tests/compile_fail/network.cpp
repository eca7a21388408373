// A program that uses LAMINA_NETWORK in every way that a user would. A wrong network must give one
// error and no cascade behind it, whatever the program does with it.
#include <lamina/lamina.hpp>

using namespace lamina;

struct Stranger {};  // no item
struct NoRole {      // no item: it does not say what it is
  static constexpr TextBuffer name() { return item_name("NoRole"); }
};
struct HalfALayer {  // an item that lacks what the planner asks for
  static constexpr Role role = Role::Contraction;
  static constexpr TextBuffer name() { return item_name("HalfALayer"); }
};
struct HalfRandom {  // random, but not what it draws
  static constexpr Role role = Role::Elementwise;
  static constexpr double rate = 0.5;
  static constexpr TextBuffer name() { return item_name("HalfRandom"); }
};
struct HalfSpatial {  // moves positions, but not how
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("HalfSpatial"); }
};
template <Axes Over, Averages Kept>
struct OwnNorm {  // whose parts may not go together
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization{.axes = Over, .averages = Kept};
  static constexpr TextBuffer name() { return item_name("OwnNorm"); }
};

using Net = LAMINA_NETWORK;

#ifdef CHECK_ONLY
static_assert(TrainableNetwork<Net>);
static_assert(plan_of<Net>.parameters > 0);
#else
int main() {
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
  std::vector<float> inputs(Model<Net>::features * 2);
  std::vector<float> outputs(Model<Net>::outputs * 2);
  std::vector<Label> labels(2);
  std::array<float, 4> sample{};
  std::array<Label, 1> label{};
  float loss = trainer.step(inputs, labels) + trainer.step(sample, label);
  trainer.optimizer().learning_rate = 0.01f;

  Dataset data{};
  const History history = trainer.fit(data, data, {.epochs = 2, .batch_size = 2},
                                      OneCycle{.max_learning_rate = 0.2f}, ProgressBar{});
  loss += static_cast<float>(evaluate(model, data).loss + accuracy(trainer.model(), data));
  save(model, "network.safetensors");
  load(model, "network.safetensors");
  model.assign(model.tensors());

  model.predict(inputs, outputs);
  const Predictor<Net> predictor = model.freeze();
  predictor(inputs, outputs);
  const std::array<float, 3> scores = predictor(sample);
  const auto same = predictor(sample);
  for (const float score : same) loss += score;
  const std::string text = describe<Net>();
  return static_cast<int>(loss + scores[0] + same[0]) + static_cast<int>(plan_of<Net>.stages) +
         static_cast<int>(text.size() + history.epochs.size() + model.seed().value) +
         static_cast<int>(trainer.steps());
}

static_assert(plan_of<Net>.parameters == 15);
#endif
