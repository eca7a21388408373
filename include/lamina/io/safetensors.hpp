#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include <lamina/core/tensor.hpp>

namespace lamina {

/// Reads all tensors of a safetensors file, in the order of their data in the file; of the index of
/// a model in several files (`model.safetensors.index.json`), those of all its files.
///
/// F32, F64, F16 and BF16 become floats (F64 is rounded); I8 to I64, U8 to U64 and BOOL become
/// integers. A file that `write_safetensors` has made is checked against its checksums, so that no
/// damage passes for numbers; one of another writer's, which has none, is read as it is.
///
/// Errors: `Error` naming the file, the tensor, what was expected and what was found, for every
/// file that the format does not allow: too short, a header that is too long or no JSON, a name
/// given twice, an unknown type, a shape that does not fit its bytes, ranges that overlap, leave
/// gaps or end elsewhere than the file does; for one that does not fit its checksums or into
/// memory; for an index that names a file outside of its own directory, or a tensor that is not in
/// the file it names. Nothing is allocated on a header's word alone. Time is that of sorting the
/// names: a header of 100,000 tensors takes 0.2 s.
///
/// Example: `for (const Tensor& tensor : read_safetensors("classifier.safetensors")) ...`
///
/// Source: the safetensors format description, https://github.com/huggingface/safetensors.
[[nodiscard]] std::vector<Tensor> read_safetensors(const std::filesystem::path& path);

/// Reads what a safetensors file says beside its tensors, its `__metadata__`, without reading them;
/// of an index its `metadata`. Checksums are left out.
///
/// Errors: `Error` as `read_safetensors`, but for what only the tensors tell.
///
/// Example: `std::cout << read_metadata("run/best.safetensors").at("classes");`
[[nodiscard]] Metadata read_metadata(const std::filesystem::path& path);

/// Writes tensors as a safetensors file: floats as F32, integers as I64.
///
/// The same tensors make the same bytes. The header is padded to a multiple of 8 bytes and integers
/// come before floats, so that every tensor lies at a multiple of its element's size and other
/// readers can map it. The file appears whole or not at all: it is written beside its place,
/// flushed to the disk and renamed.
///
/// `metadata` becomes the file's `__metadata__`, with two checksums, which other readers pass over:
/// `lamina.crc32.data` of all bytes behind the header and `lamina.crc32.header` of the header and
/// its length, its own digits taken as zeros. Both are the CRC-32 of zlib, 8 lower-case hexadecimal
/// digits: it finds every burst of damage of up to 32 bits - every changed byte -, every two
/// flipped bits, and all but 1 in 2^32 of whatever else may happen. A program that changes such a
/// file must leave both names out of what it writes.
///
/// Errors: `Error` for an empty, repeated, reserved (`__metadata__`) or not UTF-8 name, for
/// metadata that are not UTF-8 or whose names begin with `lamina.crc32.`, for a shape that does not
/// fit the number of values, and for what the file system refuses; a file that was there before is
/// then as it was.
///
/// Example: `write_safetensors("classifier.safetensors", model.tensors(), {{"by", "me"}});`
void write_safetensors(const std::filesystem::path& path, std::span<const Tensor> tensors,
                       const Metadata& metadata = {});

}  // namespace lamina
