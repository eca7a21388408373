#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include <lamina/core/tensor.hpp>

namespace lamina {

/// Reads all tensors of a safetensors file, in the order of their data in the file.
///
/// F32, F64, F16 and BF16 become floats (F64 is rounded), I64 stays an integer. `__metadata__` is
/// checked and left out.
///
/// Errors: `Error` naming the file, the tensor, what was expected and what was found, for every
/// file that the format does not allow: too short, a header that is too long or no JSON, a name
/// given twice, an unknown type, a shape that does not fit its bytes, ranges that overlap, leave
/// gaps or end elsewhere than the file does. Nothing is allocated on a header's word alone.
///
/// Example: `for (const Tensor& tensor : read_safetensors("classifier.safetensors")) ...`
///
/// Source: the safetensors format description, https://github.com/huggingface/safetensors.
[[nodiscard]] std::vector<Tensor> read_safetensors(const std::filesystem::path& path);

/// Writes tensors as a safetensors file: floats as F32, integers as I64.
///
/// The same tensors make the same bytes. The header is padded to a multiple of 8 bytes and integers
/// come before floats, so that every tensor lies at a multiple of its element's size and other
/// readers can map it. The file appears whole or not at all: it is written beside its place,
/// flushed to the disk and renamed.
///
/// Errors: `Error` for an empty, repeated, reserved (`__metadata__`) or not UTF-8 name, for a shape
/// that does not fit the number of values, and for what the file system refuses; a file that was
/// there before is then as it was.
///
/// Example: `write_safetensors("classifier.safetensors", model.tensors());`
void write_safetensors(const std::filesystem::path& path, std::span<const Tensor> tensors);

}  // namespace lamina
