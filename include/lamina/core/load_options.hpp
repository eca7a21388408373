#pragma once

#include <string>
#include <vector>

namespace lamina {

/// Options of `load`.
struct LoadOptions {
  /// What stands before the network's names in the file, with its dot: `"backbone."`. The network
  /// is then what lies below it, and the rest of the file is not looked at. Empty: the prefix that
  /// all names of the file have in common, as `module.` and `net.`, is found.
  std::string prefix{};
  /// Takes what fits and leaves the rest: arrays that the file lacks stay as they are, those that
  /// the network lacks are passed over. One of another shape is an error all the same.
  bool partial = false;
};

/// What `load` has done with each array, by the names of the file.
struct LoadReport {
  std::vector<std::string> loaded;     ///< in the order of the network
  std::vector<std::string> missing;    ///< of the network, not in the file: as they were
  std::vector<std::string> left_over;  ///< of the file below the prefix, not in the network
};

}  // namespace lamina
