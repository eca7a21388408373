#include <limits>
#include <locale>
#include <sstream>

#include <lamina/io/statistics_file.hpp>
#include <lamina/train/statistics.hpp>

#include "io/atomic_file.hpp"

namespace lamina {

void write_csv(const Statistics& statistics, const std::filesystem::path& path) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(std::numeric_limits<double>::max_digits10);
  text << "epoch,step,layer,name,mean,deviation,dead,weight_gradient,value_gradient\n";
  for (const LayerRecord& record : statistics.records) {
    text << record.epoch << ',' << record.step << ',' << record.layer << ",\""
         << statistics.layers[static_cast<std::size_t>(record.layer)] << '"';
    for (const double number : {record.mean, record.deviation, record.dead, record.weight_gradient,
                                record.value_gradient}) {
      text << ',';
      if (number == number) text << number;
    }
    text << '\n';
  }
  const std::string whole = text.str();
  io::AtomicFile file(path);
  file.write(std::as_bytes(std::span(whole)));
  file.commit();
}

}  // namespace lamina
