#pragma once

#include <cstdint>
#include <vector>

#include <lamina/augment/items.hpp>
#include <lamina/program/session.hpp>
#include <lamina/train/augmented.hpp>

/// What `lamina augment` compiles for a list of augmentations.
namespace lamina::program {

/// Samples to be drawn.
struct Sheet {
  Dataset samples;
  std::vector<std::uint32_t> rows;  ///< where they are in the data
};

/// Reads the data and chooses samples, of each class in turn.
/// Errors: `Error` for data that are no images.
[[nodiscard]] Sheet begin_sheet(const Job& job);

/// Draws a row a sample: as it is, then its draws. `drawn`: all samples, as often as there are
/// draws.
/// Errors: `Error` where it could not be drawn.
void finish_sheet(const Job& job, const Sheet& sheet, const Dataset& drawn);

template <class... Items>
int draw_sheet(int argc, char** argv, const Augment<Items...>& augment) {
  return guarded([&] {
    const Job job = job_from_arguments(argc, argv);
    const Sheet sheet = begin_sheet(job);
    finish_sheet(job, sheet,
                 augmented(sheet.samples, augment,
                           {.seed = Seed{job.configuration.seed}, .copies = job.draws}));
  });
}

}  // namespace lamina::program
