#include "augment/stretch.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

#include "augment/stft.hpp"

namespace lamina::augment {

namespace {

/// The transform of a frame size, kept by the thread for the next sound.
const Stft& stft_of(int frame) {
  thread_local std::optional<Stft> kept;
  if (!kept || kept->size() != frame) kept.emplace(frame, frame, frame / 4);
  return *kept;
}

/// Hands out pieces of the memory.
struct Pieces {
  float* next;
  float* take(std::size_t count) { return std::exchange(next, next + count); }
  Planes planes(std::size_t count) {
    float* real = take(count);
    return {real, take(count)};
  }
};

std::size_t frames_of(std::size_t length, int frame) {
  return 1 + length / static_cast<std::size_t>(frame / 4);
}

std::size_t made_samples(std::size_t from, std::size_t to, double factor) {
  const double all = std::round(static_cast<double>(from) / factor);
  return static_cast<std::size_t>(std::min(all, static_cast<double>(to)));
}

/// The spectra of all frames, and two more of silence: (frames + 2, bins).
void analyse(const Stft& stft, const float* padded, int frames, const Planes& spectra,
             Planes& values, Planes& other) {
  const int bins = stft.bins();
  for (int first = 0; first < frames; first += lanes) {
    stft.transform(padded, first, frames, values, other);
    for (int l = 0; l < std::min(lanes, frames - first); ++l) {
      const std::ptrdiff_t row = std::ptrdiff_t{first + l} * bins;
      for (int k = 0; k < bins; ++k) {
        spectra.real[row + k] = values.real[k * lanes + l];
        spectra.imaginary[row + k] = values.imaginary[k * lanes + l];
      }
    }
  }
  const std::ptrdiff_t end = std::ptrdiff_t{frames} * bins;
  std::fill_n(spectra.real + end, 2 * bins, 0.0f);
  std::fill_n(spectra.imaginary + end, 2 * bins, 0.0f);
}

/// 1 / length, or 0 of nothing.
float inverse_of(float length) {
  return length > 1e-18f ? 1 / length : 0.0f;
}

/// A number's direction: of length 1, also that of nothing.
std::pair<float, float> direction(float re, float im) {
  const float inverse = inverse_of(std::sqrt(re * re + im * im));
  return {inverse > 0 ? re * inverse : 1.0f, im * inverse};
}

/// Bins [first, end) get the phases that they have in the frame, turned by as much as their peak's.
void turn_with_peak(const float* re, const float* im, int peak, int first, int end,
                    const Planes& phase) {
  const auto [own_re, own_im] = direction(re[peak], im[peak]);
  const float turn_re = phase.real[peak] * own_re + phase.imaginary[peak] * own_im;
  const float turn_im = phase.imaginary[peak] * own_re - phase.real[peak] * own_im;
  for (int k = first; k < end; ++k) {
    const auto [x, y] = direction(re[k], im[k]);
    phase.real[k] = x * turn_re - y * turn_im;
    phase.imaginary[k] = x * turn_im + y * turn_re;
  }
}

/// The bins around a peak are of one tone: they keep the phases that they have to each other. Each
/// bin for itself, as in librosa, loses them at the mirror at the start, and a sine has half of its
/// amplitude from there on.
void lock_to_peaks(const float* re, const float* im, const float* lengths, int bins,
                   const Planes& phase) {
  const auto at = [&](int k) { return k < 0 || k >= bins ? -1.0f : lengths[k]; };
  int peak = -1;
  int first = 0;
  for (int k = 0; k < bins; ++k) {
    const float x = at(k);
    if (x < 1e-18f || x <= at(k - 1) || x <= at(k - 2) || x < at(k + 1) || x < at(k + 2)) continue;
    const int end = peak < 0 ? 0 : (peak + k) / 2 + 1;
    if (peak >= 0) turn_with_peak(re, im, peak, first, end, phase);
    first = end;
    peak = k;
  }
  if (peak >= 0) turn_with_peak(re, im, peak, first, bins, phase);
}

/// One frame between two: magnitudes in between; then the phase is turned by what it turns from the
/// one to the other. Phases are numbers of length 1, so there are no angles.
void between(const float* __restrict re, const float* __restrict im, int bins, float share,
             const Planes& phase, float* __restrict lengths, const Planes& made, int lane) {
  for (int k = 0; k < bins; ++k) {
    const float first = std::sqrt(re[k] * re[k] + im[k] * im[k]);
    const float second = std::sqrt(re[bins + k] * re[bins + k] + im[bins + k] * im[bins + k]);
    lengths[k] = (1 - share) * first + share * second;
  }
  lock_to_peaks(re, im, lengths, bins, phase);
  float* __restrict phase_re = phase.real;
  float* __restrict phase_im = phase.imaginary;
  float* __restrict made_re = made.real + lane;
  float* __restrict made_im = made.imaginary + lane;
  for (int k = 0; k < bins; ++k) {
    made_re[k * lanes] = lengths[k] * phase_re[k];
    made_im[k * lanes] = lengths[k] * phase_im[k];
    const auto [a_re, a_im] = direction(re[k], im[k]);
    const auto [b_re, b_im] = direction(re[bins + k], im[bins + k]);
    const float turn_re = b_re * a_re + b_im * a_im;
    const float turn_im = b_im * a_re - b_re * a_im;
    const float next_re = phase_re[k] * turn_re - phase_im[k] * turn_im;
    const float next_im = phase_re[k] * turn_im + phase_im[k] * turn_re;
    // Roundings would add up: a step towards the length of 1.
    const float back = 1.5f - 0.5f * (next_re * next_re + next_im * next_im);
    phase_re[k] = next_re * back;
    phase_im[k] = next_im * back;
  }
}

void start_phases(const Planes& spectra, int bins, const Planes& phase) {
  for (int k = 0; k < bins; ++k) {
    std::tie(phase.real[k], phase.imaginary[k]) = direction(spectra.real[k], spectra.imaginary[k]);
  }
}

/// Adds frames under the window, and the window's squares, by whose sum is divided at the end.
void add_frame(const Stft& stft, const Planes& values, int lane, float* sum, float* weight) {
  const auto window = stft.window();
  for (int i = 0; i < stft.size(); ++i) {
    const float w = window[static_cast<std::size_t>(i)];
    sum[i] += w * stft.fourier().sample(values, i)[lane];
    weight[i] += w * w;
  }
}

}  // namespace

std::size_t stretch_memory(std::size_t from, std::size_t to, double factor, int frame) {
  const auto size = static_cast<std::size_t>(frame);
  const std::size_t bins = size / 2 + 1;
  const std::size_t made =
      (frames_of(made_samples(from, to, factor), frame) + lanes + 4) * size / 4;
  return from + size + 2 * (frames_of(from, frame) + 2) * bins + 3 * bins + 4 * bins * lanes +
         2 * (made + size);
}

namespace {

struct Memory {
  Memory(std::span<float> memory, const Stft& stft, int length, int wanted)
      : pieces{memory.data()} {
    const auto bins = static_cast<std::size_t>(stft.bins());
    padded = pieces.take(stft.padded(length));
    spectra = pieces.planes((static_cast<std::size_t>(stft.frames(length)) + 2) * bins);
    phase = pieces.planes(bins);
    lengths = pieces.take(bins);
    values = pieces.planes(bins * lanes);
    other = pieces.planes(bins * lanes);
    made = (static_cast<std::size_t>(wanted) + 4) * static_cast<std::size_t>(stft.hop());
    sum = pieces.take(made);
    weight = pieces.take(made);
  }

  Pieces pieces;
  float* padded;
  Planes spectra;  // (frames + 2, bins)
  Planes phase;    // (bins)
  float* lengths;  // (bins)
  Planes values, other;
  std::size_t made;
  float* sum;     // (made)
  float* weight;  // (made)
};

/// Frames at every `factor`th place, added up.
void synthesize(const Stft& stft, int frames, int steps, double factor, Memory& memory) {
  const int bins = stft.bins();
  start_phases(memory.spectra, bins, memory.phase);
  std::fill_n(memory.sum, memory.made, 0.0f);
  std::fill_n(memory.weight, memory.made, 0.0f);
  for (int first = 0; first < steps; first += lanes) {
    for (int l = 0; l < lanes; ++l) {
      const double place = std::min(first + l, steps - 1) * factor;
      const auto whole = std::min(static_cast<int>(place), frames);
      const std::ptrdiff_t row = std::ptrdiff_t{whole} * bins;
      between(memory.spectra.real + row, memory.spectra.imaginary + row, bins,
              static_cast<float>(place - whole), memory.phase, memory.lengths, memory.values, l);
    }
    stft.fourier().inverse(memory.values, memory.other);
    for (int l = 0; l < std::min(lanes, steps - first); ++l) {
      const std::ptrdiff_t start = std::ptrdiff_t{first + l} * stft.hop();
      add_frame(stft, memory.values, l, memory.sum + start, memory.weight + start);
    }
  }
}

}  // namespace

void stretch(std::span<const float> from, std::span<float> to, double factor, int frame,
             std::span<float> memory) {
  const Stft& stft = stft_of(frame);
  const int length = static_cast<int>(from.size());
  const int frames = stft.frames(length);
  const std::size_t count = made_samples(from.size(), to.size(), factor);
  // Every frame that reaches into what is kept, of those that there are.
  const int wanted = static_cast<int>(frames_of(count, frame)) + 2;
  const int steps = std::min(static_cast<int>(std::ceil(frames / factor)), wanted);
  Memory parts(memory, stft, length, wanted);
  stft.pad(from, parts.padded);
  analyse(stft, parts.padded, frames, parts.spectra, parts.values, parts.other);
  synthesize(stft, frames, steps, factor, parts);
  const float* made = parts.sum + frame / 2;
  const float* weights = parts.weight + frame / 2;
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = weights[i] > 1e-8f ? made[i] / weights[i] : 0.0f;
  }
  std::fill(to.begin() + static_cast<std::ptrdiff_t>(count), to.end(), 0.0f);
}

}  // namespace lamina::augment
