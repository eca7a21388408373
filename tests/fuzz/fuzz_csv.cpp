#include <cstddef>
#include <cstdint>

#include <lamina/io/csv.hpp>

#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using lamina::CsvOptions;
  const lamina::fuzz::MemoryFile file{bytes, size};
  const CsvOptions all_options[] = {
      {},
      {.delimiter = ';', .target = "", .missing = CsvOptions::Missing::Value},
      {.header = CsvOptions::Header::No,
       .target = "#1",
       .task = CsvOptions::Task::Classification,
       .missing = CsvOptions::Missing::Median},
      {.header = CsvOptions::Header::Yes,
       .task = CsvOptions::Task::Regression,
       .missing = CsvOptions::Missing::Mean},
  };
  for (CsvOptions options : all_options) {
    options.max_bytes = lamina::fuzz::most.max_bytes;
    lamina::fuzz::expect_error_or_success([&] {
      const lamina::Dataset data = lamina::read_csv(file.path(), options);
      lamina::fuzz::require(data.size() > 0, "a data set has rows");
      for (const float value : data.inputs()) {
        lamina::fuzz::require(value - value == 0.0F, "inputs are finite");
      }
    });
  }
  return 0;
}
