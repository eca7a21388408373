#include <memory>

#include "program/commands.hpp"

namespace lamina::program {

namespace {

// `sheet` of sheet.png: a picture has several files.
std::filesystem::path stem_of(const std::filesystem::path& output) {
  const std::string ending = output.extension().string();
  return ending == ".png" || ending == ".svg" ? std::filesystem::path(output).replace_extension()
                                              : output;
}

[[noreturn]] void augment(Job job) {
  Configuration& options = job.configuration;
  job.output = stem_of(job.output);
  expect_picture_name(job.output, options.data);
  complete_data(options);
  become(compile({.network = {.code = {}, .directory = {}, .ready = true},
                  .optimizer = {.code = {}, .learning_rate = 0, .ready = true},
                  .augment = options.augment,
                  .header = "lamina/program/contact_sheet.hpp",
                  .body = "return lamina::program::draw_sheet(argc, argv, Augmentation{});",
                  .said = "Compiling the augmentations (once) ..."}),
         to_json(job));
}

}  // namespace

void add_augment_command(CLI::App& program) {
  const auto job = std::make_shared<Job>();
  job->command = "augment";
  job->output = "augmented";
  job->draws = 9;
  CLI::App* command =
      program.add_subcommand("augment", "Draw what a list of augmentations makes of images");
  Configuration& options = job->configuration;
  add_data_options(*command, options);
  add_augment(*command, options.augment, "the items of an Augment list, as `lamina train` takes it")
      ->required();
  command->add_option("--samples", job->samples, "rows of the picture, from 1 to 64")
      ->check(CLI::Range(1, 64).description("1 to 64"))
      ->capture_default_str();
  command->add_option("--draws", job->draws, "of each sample, from 1 to 31")
      ->check(CLI::Range(1, 31).description("1 to 31"))
      ->capture_default_str();
  command->add_option("--seed", options.seed, "start of all random numbers")
      ->check(whole_number())
      ->capture_default_str();
  command
      ->add_option("--output", job->output,
                   "the files of the picture: this name with .csv, .svg, .png and .gp")
      ->capture_default_str();
  command->footer(R"(Examples:
  lamina augment --data /usr/share/datasets/fashion-mnist \
      --augment "RandomCrop<28, Padding<2>>, Flip<Horizontal>, Rotate<15>"
  lamina augment --data pets --image-size 64 --augment "RandAugment<2, 9>" --samples 10 --output sheet.png

A row for each sample: as it is, then its draws. Samples are of each class in turn.)");
  command->callback([job] { augment(*job); });
}

}  // namespace lamina::program
