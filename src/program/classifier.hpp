#pragma once

#include <lamina/lamina.hpp>

namespace lamina::program {

/// The demo's network: Fashion-MNIST or MNIST, 28 x 28 pixels, 10 classes.
using Classifier = Network<                        //
    Input<784>,                                    //
    Linear<512>, BatchNorm<>, ReLU, Dropout<0.2>,  //
    Linear<256>, BatchNorm<>, ReLU, Dropout<0.2>,  //
    Linear<10>, CrossEntropy<LabelSmoothing<0.1>>, L2<5e-4>>;

}  // namespace lamina::program
