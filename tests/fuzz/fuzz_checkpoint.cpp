#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include <lamina/lamina.hpp>

#include "memory_file.hpp"

// A run goes on from any bytes at all, or says what is wrong with them and has changed nothing.

namespace {

using namespace lamina;

using Net = Network<Input<2>, Standardize, Linear<3>, BatchNorm<>, ReLU, Dropout<0.5>, Linear<2>,
                    CrossEntropy<>>;

/// In memory; where LAMINA_FUZZ_DIRECTORY names one, it stays behind with the last checkpoint.
class Directory {
 public:
  Directory() { std::filesystem::create_directories(path); }
  ~Directory() {
    if (std::getenv("LAMINA_FUZZ_DIRECTORY") == nullptr) std::filesystem::remove_all(path);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::filesystem::path path = [] {
    const char* wanted = std::getenv("LAMINA_FUZZ_DIRECTORY");
    return wanted != nullptr ? wanted : "/dev/shm/lamina-fuzz-" + std::to_string(getpid());
  }();
};

void write(const std::filesystem::path& path, const std::uint8_t* bytes, std::size_t size) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr || std::fwrite(bytes, 1, size, file) != size || std::fclose(file) != 0) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Directory directory;
  static const Dataset data{2, std::vector<float>{1, 2, 3, 4, 5, 6, 7, 9},
                            std::vector<Label>{0, 1, 0, 1}};
  const std::filesystem::path last = directory.path / "last.safetensors";
  const std::filesystem::path best = directory.path / "best.safetensors";
  if (!std::filesystem::exists(best)) save(Model<Net>{}, best);
  write(last, bytes, size);
  if (size == 0) std::filesystem::remove(last);  // a run that begins
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Adam{}};
  const std::vector<Tensor> before = model.tensors();
  try {
    trainer.fit(data, data, {.epochs = 3, .batch_size = 2}, OneCycle{.max_learning_rate = 0.01f},
                EarlyStopping{.patience = 2},
                Checkpoint{.directory = directory.path, .resume = true});
  } catch (const Error& error) {
    // A loss that is not finite comes after steps that were made.
    if (std::string(error.what()).find("last.safetensors") == std::string::npos) return 0;
    const std::vector<Tensor> after = model.tensors();
    for (std::size_t i = 0; i < before.size(); ++i) {
      fuzz::require(before[i].values == after[i].values, "the model is as it was");
    }
    fuzz::require(trainer.steps() == 0, "steps are as they were");
  }
  return 0;
}
