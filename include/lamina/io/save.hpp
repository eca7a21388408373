#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/io/safetensors.hpp>

namespace lamina {

template <class Net>
class Model;

/// Saves a model's parameters and running statistics as a safetensors file, with the names and
/// shapes of the same `torch.nn.Sequential`: `<position>.<name>`, position counted after `Input`,
/// weights as (out, in).
///
/// Errors: `Error` where the file cannot be written; a file that was there before is then as it
/// was.
///
/// Example: `save(model, "classifier.safetensors");`
template <class Net>
void save(const Model<Net>& model, const std::filesystem::path& path) {
  const std::vector<Tensor> tensors = model.tensors();
  write_safetensors(path, tensors);
}

/// Loads what `save`, or PyTorch from the same `torch.nn.Sequential`, has written.
///
/// Errors: `Error` for a file that is no safetensors file, or whose tensors differ from the model's
/// in name or shape, naming file, tensor, expected and found; the model is then as it was.
///
/// Example: `load(model, "classifier.safetensors");`
template <class Net>
void load(Model<Net>& model, const std::filesystem::path& path) {
  const std::vector<Tensor> tensors = read_safetensors(path);
  try {
    model.assign(tensors);
  } catch (const Error& error) {
    throw Error(detail::printable_path(path.string()) + ": " + error.what());
  }
}

}  // namespace lamina
