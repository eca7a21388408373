// A statement that gives arguments of a size known at compile time.
#include <lamina/lamina.hpp>

using namespace lamina;

using Classifier = Network<Input<4>, Linear<3>, CrossEntropy<>>;
using Noisy = Network<Input<4>, Linear<3>, Dropout<0.5>, ReLU, Dropout<0.0>, CrossEntropy<>>;
using Regression = Network<Input<4>, Linear<3>, MeanSquaredError>;

void use(Model<Classifier>& model, const Predictor<Classifier>& predictor,
         Trainer<Classifier, Sgd>& trainer, Trainer<Regression, Sgd>& regression,
         Model<Noisy>& noisy, std::vector<float>& many, std::vector<Label>& labels) {
  LAMINA_STATEMENT;
  static_cast<void>(model), static_cast<void>(predictor), static_cast<void>(trainer);
  static_cast<void>(regression), static_cast<void>(noisy), static_cast<void>(many),
      static_cast<void>(labels);
}
