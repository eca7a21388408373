#include <cmath>
#include <string>

#include <lamina/io/statistics_file.hpp>
#include <lamina/train/statistics.hpp>

#include "io/text_file.hpp"

namespace lamina {

void write_csv(const Statistics& statistics, const std::filesystem::path& path) {
  std::string text = "epoch,step,layer,name,mean,deviation,dead,weight_gradient,value_gradient\n";
  for (const LayerRecord& record : statistics.records) {
    text += io::text_of_number(record.epoch) + "," + io::text_of_number(record.step) + "," +
            io::text_of_number(record.layer) + ",\"" +
            statistics.layers[static_cast<std::size_t>(record.layer)] + "\"";
    for (const double number : {record.mean, record.deviation, record.dead, record.weight_gradient,
                                record.value_gradient}) {
      text += ",";
      if (!std::isnan(number)) text += io::text_of_number(number);
    }
    text += "\n";
  }
  io::write_text(path, text);
}

}  // namespace lamina
