// Writes a model to a file and reads it back: needs lamina's library.
#include <array>
#include <cstdio>

#include <lamina/lamina.hpp>

using Net = lamina::Network<lamina::Input<2>, lamina::Linear<4>, lamina::Tanh, lamina::Linear<1>,
                            lamina::MeanSquaredError>;

// What the readers need is linked; there are no such files.
template <class Read>
bool refuses(Read read) {
  try {
    read("no such file");
  } catch (const lamina::Error&) {
    return true;
  }
  return false;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (!refuses([](const char* path) { (void)lamina::read_image(path); })) return 3;
  if (!refuses([](const char* path) { (void)lamina::read_sound(path); })) return 4;
  const std::array<float, 4> inputs{1, 2, 3, 4};  // (2, 2)
  std::array<float, 2> expected{};
  std::array<float, 2> found{};
  const lamina::Model<Net> model{lamina::Seed{1}};
  lamina::Model<Net> other{lamina::Seed{2}};
  model.predict(inputs, expected);
  lamina::save(model, argv[1]);
  lamina::load(other, argv[1]);
  other.predict(inputs, found);
  std::printf("%.6f = %.6f\n", static_cast<double>(expected[0]), static_cast<double>(found[0]));
  return expected == found ? 0 : 1;
}
