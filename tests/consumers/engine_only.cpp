// Uses the templates and no files: needs no link to lamina's library.
#include <array>
#include <cstdio>

#include <lamina/lamina.hpp>

using Net = lamina::Network<lamina::Input<2>, lamina::Linear<4>, lamina::Tanh, lamina::Linear<1>,
                            lamina::MeanSquaredError>;

using Images = lamina::Network<lamina::Input<2, 3, 3>, lamina::Conv2d<4, lamina::Kernel<2>>,
                               lamina::ConvTranspose2d<2, lamina::Kernel<2>>, lamina::MaxPool<3>,
                               lamina::Flatten, lamina::Linear<1>, lamina::MeanSquaredError>;
static_assert(lamina::plan_of<Images>.outputs == 1);

int main() {
  const std::array<float, 8> inputs{0, 0, 0, 1, 1, 0, 1, 1};  // (4, 2)
  const std::array<float, 4> targets{0, 1, 1, 0};             // (4, 1)
  lamina::Model<Net> model{lamina::Seed{1}};
  lamina::Trainer trainer{model, lamina::Adam{.learning_rate = 0.05F}};
  const float before = trainer.step(inputs, targets);
  float after = before;
  for (int step = 0; step < 500; ++step) after = trainer.step(inputs, targets);
  std::printf("loss %.4f -> %.4f\n", static_cast<double>(before), static_cast<double>(after));
  return after < 0.1F * before ? 0 : 1;
}
