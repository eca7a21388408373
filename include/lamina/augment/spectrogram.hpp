#pragma once

#include <memory>

#include <lamina/augment/image.hpp>
#include <lamina/augment/scratch.hpp>
#include <lamina/augment/sound.hpp>

/// Images of sounds: how strong each frequency is at each time.
namespace lamina::augment {

/// Where mel bands lie.
enum class MelScale {
  slaney,  ///< linear up to 1 kHz, logarithmic from there on: librosa's
  htk,     ///< 2595 log10(1 + f / 700)
};

/// What is stored of a value x.
enum class Scale {
  decibels,  ///< 10 log10 of a power, 20 log10 of a magnitude, at least `floor` and `range`
  log,       ///< natural logarithm, of `floor` at least
  linear,    ///< x
};

struct SpectrogramOptions {
  int rate = 16000;  ///< samples a second
  int frame = 512;  ///< samples of a transform, 1 to 65536: n_fft. Products of 2, 3 and 5 are quick
  int hop = 0;      ///< samples from frame to frame; 0: a quarter of the frame
  int window = 0;   ///< samples of the Hann window in the middle of the frame; 0: the frame
  int power = 2;    ///< 2: powers, 1: magnitudes
  int mels = 64;    ///< bands; 0: all frame / 2 + 1 frequencies
  MelScale mel_scale = MelScale::slaney;
  bool equal_areas = true;  ///< of the bands, which are 1 high otherwise: librosa's norm='slaney'
  double lowest = 0;        ///< Hz
  double highest = 0;       ///< Hz; 0: half of the rate
  Scale scale = Scale::decibels;
  float floor = 1e-10f;  ///< the smallest value that has a logarithm of its own: amin
  float range = 80;      ///< decibels below the largest of the sound, or infinity: top_db
  int coefficients = 0;  ///< 0: the bands; otherwise so many of their cosine transform: MFCC
};

/// Makes images of sounds: (channels, length) to (channels, rows, frames), row 0 the lowest.
///
///     x_k = |sum_i window_i sound_(t hop + i - frame / 2) e^(-2 pi i k / frame)| ^ power
///     band_m = sum_k filter_mk x_k
///
/// Frames are centred: the one at time t is about sample t * hop, and before its start and behind
/// its end a sound is its mirror. The window is a periodic Hann window, the bands are triangles.
/// Everything is as librosa's `stft(pad_mode='reflect')`, `filters.mel`, `power_to_db` and `mfcc`.
///
/// Window, filters and tables of the transform are made once; copies share them. Calls from several
/// threads at once are fine, each with a scratch of its own.
///
/// Errors: options out of their range, sounds and images that do not fit throw `Error`.
///
/// Example:
///
///     const Spectrogram spectrogram({.rate = 16000, .frame = 512, .hop = 160, .mels = 40});
///     std::vector<float> values(40 * 101);
///     spectrogram(sound, Image::channels_first(values, 1, 40, 101));  // of 16000 samples
class Spectrogram {
 public:
  explicit Spectrogram(const SpectrogramOptions& options = {});

  /// Rows and frames of the image of so many samples: frames are 1 + length / hop, of an odd frame
  /// 1 + (length - 1) / hop.
  [[nodiscard]] Size size(int length) const;
  /// Allocates nothing after the first sound of a length.
  void operator()(const ConstSound& sound, const Image& image,
                  Scratch& scratch = Scratch::of_thread()) const;

 private:
  struct Plan;
  std::shared_ptr<const Plan> plan_;
};

/// Frames [start, start + count) of a spectrogram become `value`, all frequencies of them.
/// Errors: `Error` where they are not all there.
/// Source: Park et al. 2019, "SpecAugment", https://arxiv.org/abs/1904.08779
void time_mask(const Image& spectrogram, int start, int count, float value = 0);
/// Rows [start, start + count) become `value`, at all times.
void frequency_mask(const Image& spectrogram, int start, int count, float value = 0);

}  // namespace lamina::augment
