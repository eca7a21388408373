#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include <lamina/core/printable.hpp>
#include <lamina/io/checkpoint.hpp>
#include <lamina/io/naming_file.hpp>
#include <lamina/program/configuration.hpp>

#include "io/temporary_file.hpp"
#include "io/text_file.hpp"
#include "program/configuration_reader.hpp"
#include "program/json_fields.hpp"

namespace lamina::program {

using Json = nlohmann::json;

namespace {

constexpr const char* file_name = "config.json";
constexpr std::size_t most_bytes = std::size_t{1} << 28U;  // 1,000,000 columns take a fifth of it

void expect_size(std::uintmax_t size) {
  if (size <= most_bytes) return;
  throw Error("expected at most " + std::to_string(most_bytes) + " bytes, found " +
              std::to_string(size));
}

// A directory with nothing in it, or no more than the temporary files of a process that was killed
// before it had begun a run.
bool is_unused(const std::filesystem::path& run) {
  std::error_code code;
  for (std::filesystem::directory_iterator entry{run, code}, end; !code && entry != end;
       entry.increment(code)) {
    if (!entry->path().filename().string().starts_with(io::temporary_mark)) return false;
  }
  return !code;
}

bool brings_configuration(std::string_view command, bool resume) {
  return (command == "train" && !resume) || command == "find-lr" || command == "augment";
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::filesystem::file_size(path), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) throw Error("expected the configuration of a run, it cannot be read");
  return text;
}

}  // namespace

std::string to_json(const Job& job) {
  Json json{{"command", job.command},        {"data", job.data},     {"run", job.run.string()},
            {"output", job.output.string()}, {"resume", job.resume}, {"sample", job.sample},
            {"samples", job.samples},        {"draws", job.draws}};
  if (brings_configuration(job.command, job.resume))
    json["configuration"] = json_of(job.configuration);
  try {
    return json.dump();
  } catch (const Json::type_error&) {
    const std::string& data = job.data.empty() ? job.configuration.data : job.data;
    throw Error(detail::printable_path(data) +
                ": expected names of columns and classes in UTF-8, found another encoding; "
                "`iconv -f latin1 -t utf-8` converts one");
  }
}

Job job_from_json(const std::string& text) {
  const Json json = parse_strictly(text, "a job of the program lamina");
  JsonFields fields{json};
  Job job;
  job.command =
      fields.choice("command", {"train", "evaluate", "predict", "find-lr", "plot", "augment"});
  job.data = fields.text("data", TextKind::Any);
  job.run = fields.text("run", TextKind::Any);
  job.output = fields.text("output", TextKind::Any);
  job.resume = fields.boolean("resume");
  job.sample = fields.whole<std::size_t>("sample", 0);
  job.samples = fields.whole<std::size_t>("samples", 1);
  job.draws = fields.whole("draws", 0);
  if (brings_configuration(job.command, job.resume)) {
    job.configuration = configuration_from(fields.any("configuration"), Progress::Planned);
  }
  fields.expect_all_taken();
  return job;
}

void expect_right(const Configuration& configuration) {
  static_cast<void>(configuration_from(json_of(configuration), Progress::Planned));
}

Configuration read_configuration(const std::filesystem::path& run) {
  const std::filesystem::path path = run / file_name;
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) {
    throw Error(detail::printable_path(run.string()) + ": expected the directory of a run with " +
                file_name + ", found none; `lamina train` makes one");
  }
  return detail::naming_file(path, [&] {
    expect_size(std::filesystem::file_size(path));
    return configuration_from(parse_strictly(file_text(path), "the configuration of a run"),
                              Progress::Begun);
  });
}

void write_configuration(const Configuration& configuration, const std::filesystem::path& run) {
  const std::string text = json_of(configuration).dump(2) + "\n";
  detail::naming_file(run / file_name, [&] { expect_size(text.size()); });
  io::write_text(run / file_name, text);
}

bool is_delimiter(std::string_view text) {
  const bool visible = text.size() == 1 && text[0] > ' ' && text[0] <= '~';
  return text == "tab" || (visible && text[0] != '"');
}

void expect_not_the_run(const std::filesystem::path& output, const std::filesystem::path& run) {
  for (const char* name :
       {file_name, "best.safetensors", "last.safetensors", "history.csv", "history.json"}) {
    std::error_code code;  // of what is not there
    if (!std::filesystem::equivalent(output, run / name, code)) continue;
    throw UsageError("--output: " + detail::printable_path(output.string()) +
                     " would overwrite the run");
  }
}

void expect_new_run(const std::filesystem::path& run) {
  std::error_code code;
  if (!std::filesystem::exists(run, code)) return;
  remove_leftovers(run);
  if (is_unused(run)) return;
  throw Error(detail::printable_path(run.string()) +
              ": expected a new directory for the run, found one that is there; give another "
              "--output, or --resume to go on with this run");
}

}  // namespace lamina::program
