#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include <lamina/io/npy.hpp>

#include "catch.hpp"
#include "io/sound_files.hpp"

namespace test_sounds {

namespace {

using namespace lamina::testing;
using lamina::Dataset;
using lamina::read_sound;
using lamina::Shape;
using lamina::SoundDirectoryOptions;
using lamina::SoundFile;
using lamina::SoundOptions;

// What golden/make_sounds.py says of a file, (length, channels), channels first.
Floats expected(const std::string& name) {
  for (const lamina::Tensor& tensor : lamina::read_npz_arrays(golden_sound("values.npz"))) {
    if (tensor.name != name) continue;
    const auto& values = std::get<Floats>(tensor.values);
    const auto channels = static_cast<std::size_t>(tensor.shape[1]);
    const std::size_t length = values.size() / channels;
    Floats turned(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      turned[i % channels * length + i / channels] = values[i];
    }
    return turned;
  }
  return {};
}

float distance(const Floats& left, const Floats& right) {
  if (left.size() != right.size()) return INFINITY;
  float most = 0;
  for (std::size_t i = 0; i < left.size(); ++i) most = std::max(most, std::abs(left[i] - right[i]));
  return most;
}

Floats tone(double hertz, int rate, std::size_t length) {
  Floats samples;
  for (std::size_t i = 0; i < length; ++i) {
    const double time = static_cast<double>(i) / rate;
    samples.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hertz * time)));
  }
  return samples;
}

TEST_CASE("sounds: every coding has the samples that others read") {
  for (const char* name :
       {"integer_8", "integer_16", "integer_24", "integer_32", "float_32", "float_64"}) {
    INFO(name);
    const SoundFile sound = read_sound(golden_sound(std::string(name) + ".wav"));
    CHECK(sound.rate == 8000);
    CHECK(sound.channels == 2);
    CHECK(sound.length() == 300);
    CHECK(distance(sound.samples, expected(name)) == 0);
  }
  CHECK(read_sound(golden_sound("mono.flac")).samples == expected("mono"));
  CHECK(distance(read_sound(golden_sound("vorbis.ogg")).samples, expected("vorbis")) < 1e-5F);
  CHECK(distance(read_sound(golden_sound("opus.ogg")).samples, expected("opus")) < 1e-3F);
}

TEST_CASE("sounds: the mean of channels; cut at the end, or followed by zeros") {
  const SoundTree tree;
  const Bytes stereo = wav({0.5F, 0.25F, -1, 0, 0.125F, 0.375F}, 100, 2);
  CHECK(tree.one(stereo).samples == Floats{0.5F, -1, 0.125F, 0.25F, 0, 0.375F});
  CHECK(tree.one(stereo, {.channels = 1}).samples == Floats{0.375F, -0.5F, 0.25F});
  CHECK(tree.one(stereo, {.length = 2}).samples == Floats{0.5F, -1, 0.25F, 0});
  CHECK(tree.one(stereo, {.channels = 1, .length = 4}).samples == Floats{0.375F, -0.5F, 0.25F, 0});
}

// A tone stays itself at another rate; one above half of the new rate is gone. The quality's noise
// is at -121 dB, 9e-7; the ends, where the sinc sees silence, are left out.
TEST_CASE("sounds: other rates") {
  const SoundTree tree;
  for (const auto& [from, to] : {std::pair{8000, 16000}, {44100, 16000}, {16000, 11025}}) {
    const Floats sound = tone(440, from, 6000);
    const SoundFile found = tree.one(wav(sound, from), {.rate = to});
    CHECK(found.rate == to);
    const auto length = static_cast<std::size_t>(std::ceil(6000.0 * to / from));
    CHECK(found.length() == length);
    const Floats right = tone(440, to, length);
    float most = 0;
    for (std::size_t i = 400; i < length - 400; ++i) {
      most = std::max(most, std::abs(found.samples[i] - right[i]));
    }
    INFO(from << " to " << to);
    CHECK(most < 1e-4F);
  }
  const Floats gone = tree.one(wav(tone(7000, 16000, 6000), 16000), {.rate = 8000}).samples;
  CHECK(std::ranges::all_of(std::span(gone).subspan(400, 2000),
                            [](float v) { return std::abs(v) < 1e-4F; }));
  CHECK(has(tree.error(wav({0, 0}, 1), {.rate = 257}), "one: ", "256 times", "257", "found 1"));
}

TEST_CASE("sounds: no infinity comes of the largest floats") {
  const SoundTree tree;
  constexpr float most = std::numeric_limits<float>::max();
  CHECK(tree.one(wav({most, most, most, -most}, 100, 2), {.channels = 1}).samples ==
        Floats{most, 0});
  Floats steps(200, most);
  std::fill(steps.begin() + 100, steps.end(), -most);
  CHECK(has(tree.error(wav(steps, 100), {.rate = 150}), "one: expected finite samples",
            "at the rate asked for, found"));
}

TEST_CASE("sounds: what cannot be read says why") {
  const SoundTree tree;
  CHECK(has(tree.error({'I', 'D', '3'}), "one: expected a WAV, FLAC or OGG file", "\"ID3\""));
  CHECK(has(tree.error({}), "found an empty file"));
  CHECK(has(tree.error(wav({0, NAN, 0}, 100)), "finite samples", "nan at sample 1"));
  CHECK(has(tree.error(wav({}, 100)), "one: expected", "found 0"));
  CHECK(has(tree.error(wav({0, 0}, 100), {.length = 1, .max_bytes = 7}),
            "7 bytes (max_bytes), found more"));
  CHECK(has(tree.error(wav({0, 0}, 100), {.rate = 400, .length = 1, .max_bytes = 31}),
            "31 bytes (max_bytes) at the rate"));
  CHECK(has(tree.error(wav({0, 0}, 100), {.length = 3, .max_bytes = 11}), "max_bytes", "of 3"));
  CHECK(has(tree.error({}, {.rate = -1}), "a rate of 1 or more", "found -1"));
  CHECK(has(tree.error({}, {.channels = 2}), "channels of 1", "found 2"));
  CHECK(has(tree.error({}, {.length = -2}), "a length of 1 or more", "found -2"));
}

TEST_CASE("sound directory: folders are classes; sounds alike unless they are made so") {
  const SoundTree tree;
  tree.put("yes/1.wav", wav({0.5F, 0.25F}, 100));
  tree.put("no/2.WAV", wav({0.125F, -1}, 100));
  tree.put("no/notes.txt", {'x'});
  Dataset data = tree.read();
  CHECK(data.shape() == Shape{1, 1, 2});
  CHECK(data.class_names() == std::vector<std::string>{"no", "yes"});
  CHECK(std::ranges::equal(data.labels(), std::vector<lamina::Label>{0, 1}));
  CHECK(std::ranges::equal(data.inputs(), Floats{0.125F, -1, 0.5F, 0.25F}));
  CHECK(std::ranges::equal(tree.read({.classes = {"yes", "no"}}).labels(),
                           std::vector<lamina::Label>{1, 0}));
  CHECK_FALSE(tree.read({.labels = false}).has_labels());
  CHECK(tree.read({.max_bytes = 16}).size() == 2);
  CHECK(has(tree.directory_error({.max_bytes = 15}), "15 bytes", "2 sounds", "8 bytes"));
  CHECK(has(tree.directory_error({.classes = {"yes"}}), "no: ", "found \"no\""));
  CHECK(has(tree.directory_error({.classes = {"a"}, .labels = false}), "classes with labels"));

  tree.put("yes/1.wav", wav({0.5F, 0.25F, 0}, 100));
  CHECK(has(tree.directory_error(), "yes/1.wav: expected as", "no/2.WAV", "2 samples a channel",
            ".length", "found 3"));
  CHECK(tree.read({.sound = {.length = 3}}).shape() == Shape{1, 1, 3});
  tree.put("yes/1.wav", wav({0.5F, 0.25F}, 200));
  CHECK(has(tree.directory_error(), "100 samples a second", ".rate", "found 200"));
  CHECK(tree.read({.sound = {.rate = 100, .length = 2}}).shape() == Shape{1, 1, 2});
  tree.put("yes/1.wav", wav({0.5F, 0.25F, 0, 0}, 100, 2));
  CHECK(has(tree.directory_error(), "1 channels", ".channels = 1", "found 2"));
  CHECK(tree.read({.sound = {.channels = 1}}).size() == 2);
  tree.put("yes/2.mp3", {'x'});
  CHECK(has(tree.directory_error(), "2.mp3", "a format that is not read"));
}

}  // namespace

}  // namespace test_sounds
