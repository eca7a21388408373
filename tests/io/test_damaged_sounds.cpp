#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io/sound_files.hpp"

namespace test_damaged_sounds {

namespace {

using namespace lamina::testing;
using lamina::SoundFile;

TEST_CASE("sounds: truncated at every byte") {
  const SoundTree tree;
  for (const char* name :
       {"integer_16.wav", "float_32.wav", "mono.flac", "long.flac", "vorbis.ogg", "opus.ogg"}) {
    const Bytes whole = read_file(golden_sound(name));
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO(name << " at " << length << " of " << whole.size());
      CHECK(has(tree.error(first(whole, length)), "one: expected"));
    }
  }
  Bytes piped = wav({0.5F, 0.25F}, 100);
  for (std::size_t i = 4; i < 8; ++i) piped[i] = 0xff;
  for (std::size_t i = 40; i < 44; ++i) piped[i] = 0xff;
  CHECK(tree.one(piped).samples == Floats{0.5F, 0.25F});
}

TEST_CASE("sounds: an OGG file without any one of its pages, or without the last ones") {
  const SoundTree tree;
  const Bytes whole = read_file(golden_sound("long.ogg"));
  const Bytes begin{'O', 'g', 'g', 'S'};
  std::vector<std::size_t> pages;
  for (auto at = whole.begin(); at != whole.end(); ++at) {
    at = std::search(at, whole.end(), begin.begin(), begin.end());
    if (at == whole.end()) break;
    pages.push_back(static_cast<std::size_t>(at - whole.begin()));
  }
  REQUIRE(pages.size() == 5);
  pages.push_back(whole.size());
  for (std::size_t page = 0; page + 1 < pages.size(); ++page) {
    INFO("page " << page);
    const Bytes before = first(whole, pages[page]);
    const Bytes behind(whole.begin() + static_cast<std::ptrdiff_t>(pages[page + 1]), whole.end());
    CHECK(has(tree.error(before), "one: expected"));
    CHECK(has(tree.error(before + behind), "one: expected a whole OGG file"));
  }
  CHECK(tree.one(whole).length() == 40'000);
}

// The size of the chunk `data` is what counts, wherever the chunk stands.
TEST_CASE("sounds: a WAV file may lack its samples' byte of padding alone") {
  const SoundTree tree;
  Bytes whole = wav({0.5F, 0.25F}, 100);
  CHECK(has(tree.error(first(whole, whole.size() - 1)), "of 8 bytes of samples, found 7"));
  whole[41] = 0x10;
  CHECK(has(tree.error(whole), "of 4104 bytes of samples, found 8"));

  Bytes bytes = read_file(golden_sound("integer_8.wav"));
  bytes[22] = 1;  // a channel: of 300 bytes a second, 1 byte a sample
  bytes[32] = 1;
  bytes.resize(44 + 3);
  bytes[40] = 3;
  bytes[41] = 0;
  bytes[4] = 36 + 4;  // with the padding, which is not there
  bytes[5] = 0;
  CHECK(tree.one(bytes).length() == 3);
  bytes.push_back(0);
  CHECK(tree.one(bytes).length() == 3);
  bytes.pop_back();
  bytes[4] = 36 + 5;
  CHECK(has(tree.error(bytes), "of 41 bytes behind the first 8, found 39"));
}

TEST_CASE("sounds: damaged data are noticed where there are checksums") {
  const SoundTree tree;
  std::mt19937 random{3};
  for (const char* name : {"mono.flac", "long.flac", "long.ogg", "opus.ogg", "float_64.wav"}) {
    const Bytes whole = read_file(golden_sound(name));
    const bool checked = std::string(name) != "float_64.wav";
    const std::size_t headers = std::string(name).ends_with("flac") ? 200 : 0;
    for (int round = 0; round < 200; ++round) {
      Bytes changed = whole;
      const std::size_t place = headers + random() % (whole.size() - headers);
      changed[place] ^= static_cast<std::uint8_t>(1U << (random() % 8));
      INFO(name << " changed at " << place);
      try {
        const SoundFile sound = tree.one(changed, {.length = 5});
        CHECK(sound.length() == 5);
        CHECK_FALSE(checked);
      } catch (const lamina::Error& error) {
        CHECK(has(error.what(), "one: expected"));
      }
    }
  }
}

}  // namespace

}  // namespace test_damaged_sounds
