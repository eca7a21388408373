#pragma once

#include <string>

#include <lamina/program/session.hpp>

/// Whether data and network fit, before anything is written or trained: `Trainer::fit` would find
/// it, but in a run that is begun.
namespace lamina::program {

/// Errors: `Error` naming the data, what the network expects and what was found.
void expect_fitting(const Dataset& data, const NetworkFacts& facts, const std::string& name);

/// The same of the positions that have a class alone.
void expect_fitting_maps(const Dataset& data, const NetworkFacts& facts, const std::string& name);

/// Errors: `Error` for a run's configuration whose network is another's, which would have outputs
/// read that are not there.
void expect_network(const DataDescription& data, const NetworkFacts& facts,
                    const std::filesystem::path& run);

}  // namespace lamina::program
