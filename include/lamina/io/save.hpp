#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/load_options.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/io/naming_file.hpp>
#include <lamina/io/safetensors.hpp>

namespace lamina {

template <class Net>
class Model;

/// Options of `save`.
struct SaveOptions {
  Metadata metadata{};  ///< what the file says beside its tensors; see `read_metadata`
};

/// Saves a model's parameters and running statistics as a safetensors file, with the names and
/// shapes of the same `torch.nn.Sequential`: `<position>.<name>`, position counted after `Input`,
/// weights as (out, in).
///
/// `torch.nn.Module.load_state_dict` takes all of it. A bias before a batch normalization, which
/// the model does without, is written as zeros; `Linear<N, NoBias>` has none, as `bias=False`.
///
/// Errors: `Error` where the file cannot be written; a file that was there before is then as it
/// was.
///
/// Example: `save(model, "classifier.safetensors", {.metadata = {{"classes", "ant, wolf"}}});`
template <class Net>
void save(const Model<Net>& model, const std::filesystem::path& path,
          const SaveOptions& options = {}) {
  write_safetensors(path, model.file_tensors(), options.metadata);
}

/// Loads what `save`, or PyTorch from the same `torch.nn.Sequential`, has written: a safetensors
/// file, or the index of a model in several (`model.safetensors.index.json`).
///
/// - A bias before a batch normalization is taken out of the averages, running mean minus bias:
///   the outputs are the same but for a rounding, and so is what training makes of them. (Behind
///   a `RunningBatchNorm` out of its sums, once they have seen a batch.) It may be missing.
/// - `num_batches_tracked` may be missing, and be of any type: nothing computes with it.
/// - Weight normalization may have the names of `torch.nn.utils.parametrizations`, too.
/// - A prefix that all names have in common, such as `net.` or `module.`, is found; another is
///   given: `{.prefix = "backbone."}`.
/// - `{.partial = true}` takes what fits and leaves the rest, as `strict=False` of PyTorch.
///
/// Returns what was loaded, and with `partial` what was missing and left over.
///
/// Errors: `Error` for a file that is no safetensors file or damaged, or whose tensors differ from
/// the model's in name or shape, naming file, tensors, expected and found, all names that are
/// missing and left over in one message (the first 20 of each); the model is then as it was.
///
/// Example: `load(model, "classifier.safetensors");`
template <class Net>
LoadReport load(Model<Net>& model, const std::filesystem::path& path,
                const LoadOptions& options = {}) {
  const std::vector<Tensor> tensors = read_safetensors(path);
  return detail::naming_file(path, [&] { return model.assign(tensors, options); });
}

}  // namespace lamina
