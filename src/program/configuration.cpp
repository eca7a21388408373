#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include <lamina/io/checkpoint.hpp>
#include <lamina/program/configuration.hpp>

#include "io/text_file.hpp"

namespace lamina::program {

using Json = nlohmann::json;

NLOHMANN_JSON_SERIALIZE_ENUM(Task, {{Task::Classification, "classification"},
                                    {Task::Regression, "regression"},
                                    {Task::Reconstruction, "reconstruction"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TableOptions, delimiter, header, missing)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DataDescription, task, samples, features, outputs, checksum,
                                   feature_names, class_names, target_names, target_means,
                                   target_deviations, feature_fills)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Configuration, data, target, task, table, network,
                                   network_source, network_directory, optimizer, schedule,
                                   learning_rate, epochs, batch_size, patience, validation, seed,
                                   threads, description)

namespace {

constexpr const char* file_name = "config.json";

}  // namespace

std::string to_json(const Job& job) {
  Json json{{"command", job.command},  {"data", job.data},
            {"run", job.run.string()}, {"output", job.output.string()},
            {"resume", job.resume},    {"configuration", job.configuration}};
  try {
    return json.dump();
  } catch (const Json::type_error&) {
    const std::string& data = job.data.empty() ? job.configuration.data : job.data;
    throw Error(data +
                ": expected names of columns and classes in UTF-8, found another encoding; "
                "`iconv -f latin1 -t utf-8` converts one");
  }
}

Job job_from_json(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    return {json.at("command").get<std::string>(), json.at("data").get<std::string>(),
            json.at("run").get<std::string>(),     json.at("output").get<std::string>(),
            json.at("resume").get<bool>(),         json.at("configuration").get<Configuration>()};
  } catch (const Json::exception& error) {
    throw Error(std::string("expected a job of the program lamina, found ") + error.what());
  }
}

Configuration read_configuration(const std::filesystem::path& run) {
  const std::filesystem::path path = run / file_name;
  std::ifstream file(path);
  if (!file) {
    throw Error(run.string() + ": expected the directory of a run with " + file_name +
                ", found none; `lamina train` makes one");
  }
  try {
    return Json::parse(file).get<Configuration>();
  } catch (const Json::exception& error) {
    throw Error(path.string() + ": expected the configuration of a run, found " + error.what());
  }
}

void write_configuration(const Configuration& configuration, const std::filesystem::path& run) {
  io::write_text(run / file_name, Json(configuration).dump(2) + "\n");
}

void expect_not_the_run(const std::filesystem::path& output, const std::filesystem::path& run) {
  for (const char* name :
       {file_name, "best.safetensors", "last.safetensors", "history.csv", "history.json"}) {
    std::error_code code;  // of what is not there
    if (!std::filesystem::equivalent(output, run / name, code)) continue;
    throw UsageError("--output: " + output.string() + " would overwrite the run");
  }
}

void expect_new_run(const std::filesystem::path& run) {
  std::error_code code;
  if (!std::filesystem::exists(run, code)) return;
  remove_leftovers(run);
  if (std::filesystem::is_directory(run, code) && std::filesystem::is_empty(run, code)) return;
  throw Error(run.string() +
              ": expected a new directory for the run, found one that is there; give another "
              "--output, or --resume to go on with this run");
}

}  // namespace lamina::program
