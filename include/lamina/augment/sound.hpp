#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include <lamina/augment/scratch.hpp>
#include <lamina/core/error.hpp>

/// What is done to sounds, where they stand: deterministic functions of a sound and numbers.
///
/// Lengths, starts and shifts are in samples, rates in samples a second, frequencies in Hz, levels
/// in decibels of amplitude: 20 log10. Nothing is clipped but by `clip`.
///
/// Errors: views of less than one sample, and numbers that are not finite or out of the range that
/// is said, throw `Error` before anything is changed.
namespace lamina::augment {

/// A view of the samples of one or more channels: it owns nothing. A sample of a data set of
/// sounds, (channels, 1, length), is one.
///
/// Example: `auto sound = Sound::channels_first(sample.input, 2);`
template <class Value>
struct Samples {
  Value* data = nullptr;
  int channels = 0;
  int length = 0;
  std::ptrdiff_t channel_stride = 0;

  /// (channels, length), row-major.
  /// Errors: `Error` where there are no values, or not as many in each channel, or more than 2^30.
  static Samples channels_first(std::span<Value> values, int channels = 1) {
    constexpr std::size_t most = 1 << 30;
    if (channels < 1 || values.empty() || values.size() > most ||
        values.size() % static_cast<std::size_t>(channels) != 0) {
      throw Error("sound: expected 1 to 2^30 values, as many in each channel, found " +
                  std::to_string(channels) + " channels and " + std::to_string(values.size()) +
                  " values");
    }
    const int length = static_cast<int>(values.size()) / channels;
    return {values.data(), channels, length, length};
  }

  /// The samples of one channel.
  [[nodiscard]] std::span<Value> channel(int c) const {
    return {data + c * channel_stride, static_cast<std::size_t>(length)};
  }
  /// Samples [start, start + count). Errors: `Error` where they are not all there.
  [[nodiscard]] Samples part(int start, int count) const {
    if (start < 0 || count < 1 || count > length - start) {
      throw Error("sound: expected a part of " + std::to_string(length) + " samples, found " +
                  std::to_string(count) + " from " + std::to_string(start) + " on");
    }
    return {data + start, channels, count, channel_stride};
  }

  // NOLINTNEXTLINE: what can be written can be read
  operator Samples<const Value>() const
    requires(!std::is_const_v<Value>)
  {
    return {data, channels, length, channel_stride};
  }
};

using Sound = Samples<float>;
using ConstSound = Samples<const float>;

/// How much stronger a sound is than its noise: 20 log10(rms of the sound / rms of the noise), in
/// [-200, 200]. The rms, sqrt(mean x^2), is that over all channels.
struct SignalToNoise {
  double decibels = 0;
};

/// Root of the mean of squares, over all channels.
[[nodiscard]] double rms(const ConstSound& sound);

/// 10^(decibels / 20) x; decibels in [-200, 200].
void gain(const Sound& sound, double decibels);

/// Into [-limit, limit]; limit > 0.
void clip(const Sound& sound, float limit = 1);

/// x + deviation * noise, deviation >= 0; noise (channels, length), row-major.
/// Errors: `Error` for another count of numbers.
void gaussian_noise(const Sound& sound, float deviation, std::span<const float> noise);
/// The same with standard normal noise drawn from a seed, that of `fill_normal`.
void gaussian_noise(const Sound& sound, float deviation, std::uint64_t seed,
                    Scratch& scratch = Scratch::of_thread());
/// The same with the deviation rms / 10^(decibels / 20). Silence stays silent.
void gaussian_noise(const Sound& sound, SignalToNoise ratio, std::span<const float> noise);
void gaussian_noise(const Sound& sound, SignalToNoise ratio, std::uint64_t seed,
                    Scratch& scratch = Scratch::of_thread());

/// x + a * background: the background begins at sample `offset` of its own, starts again where it
/// ends, and is as loud as the ratio says. Silence of either stays as it is.
/// Errors: `Error` for an offset that is not in the background, and a background of other channels
/// than 1 or those of the sound. The two do not share memory.
void mix(const Sound& sound, const ConstSound& background, SignalToNoise ratio, int offset = 0);

/// What comes in where a shift has made room.
enum class Room {
  wrapped,  ///< what left at the other end
  silent,   ///< zeros
};

/// Sample i becomes sample i + by: above 0 later, below 0 sooner.
void shift(const Sound& sound, int by, Room room = Room::wrapped);

/// Samples [start, start + count) become 0. With a fade they are led to 0 and back in straight
/// lines, in `fade` samples on each side inside the region, at most half of it; fades of less than
/// two samples are none. Without one it is audiomentations' `TimeMask`.
/// Errors: `Error` where the region is not inside the sound, and for a fade below 0.
void time_mask(const Sound& sound, int start, int count, int fade = 0);

/// From 0 to full in a straight line over the first `in` samples, and to 0 over the last `out`, as
/// torchaudio's linear `Fade`. Errors: `Error` for counts outside [0, length].
void fade(const Sound& sound, int in, int out);

/// Butterworth filters, causal: from 0 at the start, forwards alone, as scipy's `butter` and
/// `sosfilt`. At the cutoff the amplitude is 1 / sqrt(2), beyond it falls by 6 dB an octave and
/// order.
/// Errors: `Error` for a cutoff outside (0, rate / 2), and an order outside [1, 16].
void low_pass(const Sound& sound, int rate, double cutoff, int order = 4);
void high_pass(const Sound& sound, int rate, double cutoff, int order = 4);

/// Samples that `resample` makes: length * to / from, rounded up.
[[nodiscard]] int resampled_length(int length, int from, int to);

/// The same sound at another rate, cut or followed by zeros to the length of `to`. By
/// libsamplerate, which allocates for each call.
/// Errors: `Error` for rates below 1 or more than 256 times apart, for other channels, and where
/// lamina was built without libsamplerate. The two do not share memory.
void resample(const ConstSound& sound, int rate, const Sound& to, int to_rate);

/// Faster by a factor in [1/256, 256], and higher by it; below 1 slower and lower. Cut or followed
/// by zeros to the length that it had. Errors: as `resample`.
void speed(const Sound& sound, double factor, Scratch& scratch = Scratch::of_thread());

/// Faster by a factor in [1/16, 16] and of the same pitch; below 1 slower. Cut or followed by zeros
/// to the length that it had. A phase vocoder over frames of `frame` samples, the bins around
/// a peak kept together: 1/20 s is good for music and speech.
/// Errors: `Error` for a frame that is not a multiple of 4 in [16, 65536].
void tempo(const Sound& sound, double factor, int frame = 1024,
           Scratch& scratch = Scratch::of_thread());

/// Higher by semitones in [-36, 36] at the same tempo: what `tempo` has made slower is speeded up.
/// Errors: as `tempo` and `resample`.
void pitch(const Sound& sound, double semitones, int frame = 1024,
           Scratch& scratch = Scratch::of_thread());

}  // namespace lamina::augment
