// A statement that copies, moves or makes what refers to a model.
#include <lamina/lamina.hpp>

using namespace lamina;

using Net = Network<Input<4>, Linear<3>, CrossEntropy<>>;

struct Brain {
  Model<Net> model{};
  Trainer<Net, Sgd> trainer{model, Sgd{}};
};
struct Thinker {
  Learner<Net, Sgd> learner{};
};

void use(Model<Net>& model, Trainer<Net, Sgd>& trainer, Brain& brain, Thinker& thinker) {
  LAMINA_STATEMENT;
  static_cast<void>(model), static_cast<void>(trainer);
  static_cast<void>(brain), static_cast<void>(thinker);
}
