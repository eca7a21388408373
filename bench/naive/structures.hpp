#pragma once

#include <memory>

#include "layer.hpp"

/// The structures as textbooks write them: layers made of layers.
namespace lamina::naive {

template <class Scalar>
using LayerPointer = std::unique_ptr<Layer<Scalar>>;

/// A layer that holds others: what they train and keep is its own.
template <class Scalar>
class LayerOfLayers : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  void add(LayerPointer<Scalar> layer) { layers_.push_back(std::move(layer)); }

  void update_statistics(std::size_t rows) override {
    for (const auto& layer : layers_) layer->update_statistics(rows);
  }
  std::vector<Parameter<Scalar>*> parameters() override {
    std::vector<Parameter<Scalar>*> all;
    for (const auto& layer : layers_) {
      for (Parameter<Scalar>* parameter : layer->parameters()) all.push_back(parameter);
    }
    return all;
  }
  std::vector<std::pair<std::string, Batch*>> statistics() override {
    std::vector<std::pair<std::string, Batch*>> all;
    for (const auto& layer : layers_) {
      for (auto& statistic : layer->statistics()) all.push_back(std::move(statistic));
    }
    return all;
  }

 protected:
  static Batch sum(Batch a, const Batch& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
  }

  std::vector<LayerPointer<Scalar>> layers_;
};

/// One layer after the other; without layers, the input itself.
template <class Scalar>
class SequenceLayer final : public LayerOfLayers<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  Batch infer(const Batch& x, std::size_t rows) const override {
    Batch y = x;
    for (const auto& layer : this->layers_) y = layer->infer(y, rows);
    return y;
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource& noise) override {
    Batch y = x;
    for (const auto& layer : this->layers_) y = layer->forward(y, rows, noise);
    return y;
  }
  Batch backward(const Batch& dy, std::size_t rows) override {
    Batch dx = dy;
    for (std::size_t i = this->layers_.size(); i-- > 0;) {
      dx = this->layers_[i]->backward(dx, rows);
    }
    return dx;
  }
};

/// y = first(x) + second(x), where the second is a sequence that may be empty.
template <class Scalar>
class SumLayer final : public LayerOfLayers<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  Batch infer(const Batch& x, std::size_t rows) const override {
    return this->sum(this->layers_[0]->infer(x, rows), this->layers_[1]->infer(x, rows));
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource& noise) override {
    Batch y = this->layers_[0]->forward(x, rows, noise);
    return this->sum(std::move(y), this->layers_[1]->forward(x, rows, noise));
  }
  Batch backward(const Batch& dy, std::size_t rows) override {
    return this->sum(this->layers_[0]->backward(dy, rows), this->layers_[1]->backward(dy, rows));
  }
};

/// The outputs of all layers for one input, behind each other; of images the channels, whose
/// positions are the same.
template <class Scalar>
class ConcatLayer final : public LayerOfLayers<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  Batch infer(const Batch& x, std::size_t rows) const override {
    std::vector<Batch> parts;
    for (const auto& layer : this->layers_) parts.push_back(layer->infer(x, rows));
    return join(parts, rows);
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource& noise) override {
    std::vector<Batch> parts;
    for (const auto& layer : this->layers_) parts.push_back(layer->forward(x, rows, noise));
    widths_.clear();
    for (const Batch& part : parts) widths_.push_back(part.size() / rows);
    return join(parts, rows);
  }
  Batch backward(const Batch& dy, std::size_t rows) override {
    const std::size_t all = dy.size() / rows;
    std::size_t first = 0;
    Batch dx;
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      Batch part;
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t f = first; f < first + widths_[i]; ++f) part.push_back(dy[r * all + f]);
      }
      first += widths_[i];
      Batch more = this->layers_[i]->backward(part, rows);
      dx = i == 0 ? std::move(more) : this->sum(std::move(dx), more);
    }
    return dx;
  }

 private:
  static Batch join(const std::vector<Batch>& parts, std::size_t rows) {
    Batch y;
    for (std::size_t r = 0; r < rows; ++r) {
      for (const Batch& part : parts) {
        const std::size_t width = part.size() / rows;
        for (std::size_t f = 0; f < width; ++f) y.push_back(part[r * width + f]);
      }
    }
    return y;
  }

  std::vector<std::size_t> widths_;  // of the last pass
};

}  // namespace lamina::naive
