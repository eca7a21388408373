#pragma once

#include <optional>

#include <lamina/io/csv.hpp>

#include "io/csv_columns.hpp"
#include "io/csv_rows.hpp"

namespace lamina::io {

/// Whether the first row names the columns, after the options or, where these leave it open, after
/// the first two rows.
[[nodiscard]] bool is_header(const CsvRow& first, const std::optional<CsvRow>& second,
                             const CsvOptions& options);

/// Whether the first row names the columns where its target stands in no other row, while all
/// others there are text and come twice or more: it does where its features count from 0, or where
/// all of it is whole numbers that differ; else nobody knows, an `Error` in the row's line that
/// says so.
[[nodiscard]] bool is_header_by_target(const CsvRows& rows, const CsvRow& first,
                                       const CsvColumns& columns);

}  // namespace lamina::io
