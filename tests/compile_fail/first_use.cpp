// A program whose only use of a network is LAMINA_USE.
#include <lamina/lamina.hpp>

using namespace lamina;

using Right = Network<Input<4>, Linear<3>, Dropout<0.5>, CrossEntropy<>>;
using Wrong = Network<Input<4>, Linear<3>, Dropout<1.5>, CrossEntropy<>>;
using NoLoss = Network<Input<4>, Linear<3>>;

LAMINA_USE;
