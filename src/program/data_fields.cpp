#include "program/data_fields.hpp"

namespace lamina::program {

using Json = nlohmann::json;

TableOptions table_from(JsonFields fields) {
  TableOptions table{.delimiter = fields.text("delimiter"),
                     .header = fields.choice("header", {"auto", "yes", "no"}),
                     .missing = fields.choice("missing", {"error", "mean", "median"})};
  if (!is_delimiter(table.delimiter)) {
    fields.refuse("delimiter", "a character, or tab", Json(table.delimiter));
  }
  fields.expect_all_taken();
  return table;
}

FolderOptions folder_from(JsonFields fields) {
  constexpr int color = 3;
  FolderOptions folder{.height = fields.whole("height", 0),
                       .width = fields.whole("width", 0),
                       .channels = fields.whole("channels", 0, color),
                       .rate = fields.whole("rate", 0),
                       .length = fields.whole("length", 0)};
  if ((folder.height == 0) != (folder.width == 0)) {
    fields.refuse("width", "one like the height, above 0 or 0", Json(folder.width));
  }
  if (folder.channels == 2) fields.refuse("channels", "0, 1 or 3", Json(folder.channels));
  fields.expect_all_taken();
  return folder;
}

}  // namespace lamina::program
