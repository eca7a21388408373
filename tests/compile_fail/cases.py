"""What must not compile: what is right, what is wrong, and the sentence the compiler says."""

from typing import NamedTuple


class Case(NamedTuple):
    name: str
    right: str
    wrong: str
    says: str


# Items of Network<...>.
NETWORKS = [
    # The list's order.
    Case("no items", "Input<4>, Linear<3>, CrossEntropy<>", "", "the network is empty: it starts with Input<features>, then layers"),
    Case("no Input first", "Input<4>, Linear<3>, CrossEntropy<>", "Linear<3>, CrossEntropy<>", "first item: Linear<3> stands where Input<features> must: a network starts with it"),
    Case("a second Input", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3>, Input<3>, CrossEntropy<>", "position 1: Input<3> is a second Input: only the first item may be one"),
    Case("too many items", "Input<4>, Repeat<10, Linear<4>>, CrossEntropy<>", "Input<4>, Repeat<1000000, Linear<4>>, CrossEntropy<>", "the network has too many items: at most 10000, a structure counted as two"),
    Case("a layer missing", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, L2<0.1>", "the network ends without a layer: add one after its Input, such as Linear<10>"),
    Case("a loss without layers", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, CrossEntropy<>", "position 0: CrossEntropy<> has nothing to act on: put a layer before it"),
    Case("an activation without layers", "Input<4>, Linear<3>, ReLU, CrossEntropy<>", "Input<4>, ReLU, Linear<3>, CrossEntropy<>", "position 0: ReLU has nothing to act on: put a layer before it"),
    Case("a norm without layers", "Input<4>, Linear<3>, BatchNorm<>, CrossEntropy<>", "Input<4>, BatchNorm<>, Linear<3>, CrossEntropy<>", "position 0: BatchNorm<> has nothing to act on: put a layer before it"),
    Case("a dropout without layers", "Input<4>, Linear<3>, Dropout<0.5>, CrossEntropy<>", "Input<4>, Dropout<0.5>, Linear<3>, CrossEntropy<>", "position 0: Dropout<0.5> has nothing to act on: put a layer before it"),
    Case("a loss not last", "Input<4>, Linear<3>, ReLU, CrossEntropy<>", "Input<4>, Linear<3>, CrossEntropy<>, ReLU", "position 2: ReLU follows the loss CrossEntropy<> at position 1: only penalties may come after the loss"),
    Case("a layer after the loss", "Input<4>, Linear<5>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<5>, CrossEntropy<>, Linear<3>", "position 2: Linear<3> follows the loss CrossEntropy<> at position 1: only penalties may come after the loss"),
    Case("two losses", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3>, CrossEntropy<>, MeanSquaredError", "position 2: MeanSquaredError is a second loss, after CrossEntropy<> at position 1: a network has at most one"),
    Case("a loss after a penalty", "Input<4>, Linear<3>, CrossEntropy<>, L2<0.1>", "Input<4>, Linear<3>, L2<0.1>, CrossEntropy<>", "position 2: CrossEntropy<> follows the penalty L2<0.1> at position 1: penalties of the whole network come last, one for a layer goes in the list of the layer"),
    Case("a penalty in the middle", "Input<4>, Linear<5, L2<0.1>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<5>, L2<0.1>, Linear<3>, CrossEntropy<>", "position 2: Linear<3> follows the penalty L2<0.1> at position 1: penalties of the whole network come last, one for a layer goes in the list of the layer"),
    Case("two penalties of one kind", "Input<4>, Linear<3>, CrossEntropy<>, L2<0.1>", "Input<4>, Linear<3>, CrossEntropy<>, L2<0.1>, L2<0.2>", "position 3: L2<0.2> is a second L2 penalty of the whole network, after L2<0.1> at position 2: give one"),
    Case("two decays of the network", "Input<4>, Linear<3>, CrossEntropy<>, WeightDecay<0.1>", "Input<4>, Linear<3>, CrossEntropy<>, WeightDecay<0.1>, WeightDecay<0.2>", "position 3: WeightDecay<0.2> is a second WeightDecay decay of the whole network, after WeightDecay<0.1> at position 2: give one"),
    Case("two constraints of one kind", "Input<4>, Linear<3>, CrossEntropy<>, MaxNorm<2.0>, NonNegative", "Input<4>, Linear<3>, CrossEntropy<>, MaxNorm<2.0>, NonNegative, MaxNorm<1.0>", "position 4: MaxNorm<1> is a second MaxNorm constraint of the whole network, after MaxNorm<2> at position 2: give one"),
    Case("a constraint in the middle", "Input<4>, Linear<5, UnitNorm>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<5>, UnitNorm, Linear<3>, CrossEntropy<>", "position 2: Linear<3> follows the constraint UnitNorm at position 1: penalties of the whole network come last, one for a layer goes in the list of the layer"),
    Case("a constraint and weight norm", "Input<4>, Linear<5, WeightNorm>, Linear<3, MaxNorm<2.0>>, CrossEntropy<>", "Input<4>, Linear<5, MaxNorm<2.0>, WeightNorm>, Linear<3>, CrossEntropy<>", "position 0: Linear<5, MaxNorm<2>, WeightNorm> has both MaxNorm<2> and WeightNorm, whose weights are not trained themselves: give one"),
    Case("a constraint of a network with weight norm", "Input<4>, Linear<5, WeightNorm>, Linear<3, UnitNorm>, CrossEntropy<>", "Input<4>, Linear<5, WeightNorm>, Linear<3>, CrossEntropy<>, UnitNorm", "position 3: UnitNorm cannot hold for Linear<5, WeightNorm> at position 0, whose weights are not trained themselves: give it to the other layers"),
    Case("two constraints of a layer", "Input<4>, Linear<3, NonNegative>, CrossEntropy<>", "Input<4>, Linear<3, NonNegative, UnitNorm>, CrossEntropy<>", "position 0: Linear<3, NonNegative, UnitNorm> has both NonNegative and UnitNorm: give one"),
    Case("a negative decay", "Input<4>, Linear<3, WeightDecay<0.0>>, CrossEntropy<>", "Input<4>, Linear<3, WeightDecay<-0.1>>, CrossEntropy<>", "position 0: Linear<3, WeightDecay<-0.1>> needs a lambda of at least 0, got -0.1"),
    Case("a bound of zero", "Input<4>, Linear<3>, CrossEntropy<>, MaxNorm<0.1>", "Input<4>, Linear<3>, CrossEntropy<>, MaxNorm<0.0>", "position 2: MaxNorm<0> needs a bound above 0, got 0"),
    Case("a negative learning rate", "Input<4>, Linear<3, LearningRate<0.0>>, CrossEntropy<>", "Input<4>, Linear<3, LearningRate<-1.0>>, CrossEntropy<>", "position 0: Linear<3, LearningRate<-1>> needs a scale of at least 0, got -1"),
    Case("too many dropouts in a row", "Input<4>, Linear<3>, Dropout<0.1>, Dropout<0.1>, Dropout<0.1>, Dropout<0.1>, BatchNorm<>, Dropout<0.1>, CrossEntropy<>", "Input<4>, Linear<3>, Dropout<0.1>, Dropout<0.1>, Dropout<0.1>, ReLU, Dropout<0.1>, Dropout<0.1>, CrossEntropy<>", "position 6: Dropout<0.1> is random item number 5 in a row: at most 4 fit between two layers"),
    Case("no loss to train by", "Input<4>, Linear<3>, ReLU, CrossEntropy<>, L2<0.1>", "Input<4>, Linear<3>, ReLU, L2<0.1>", "position 2: training needs a loss here, after ReLU at position 1, such as CrossEntropy<>; got none"),
    # Shapes.
    Case("an extent of zero", "Input<4>, Linear<3>, CrossEntropy<>", "Input<0>, Linear<3>, CrossEntropy<>", "first item: Input<0> needs extents of at least 1, got 0"),
    Case("a negative extent", "Input<4>, Linear<3>, CrossEntropy<>", "Input<1, -2, 2>, Linear<3>, CrossEntropy<>", "first item: Input<1, -2, 2> needs extents of at least 1, got -2"),
    Case("two extents", "Input<4>, Linear<3>, CrossEntropy<>", "Input<2, 2>, Linear<3>, CrossEntropy<>", "first item: Input<2, 2> takes one extent (features) or three (channels, height, width), got 2"),
    Case("four extents", "Input<4>, Linear<3>, CrossEntropy<>", "Input<1, 1, 2, 2>, Linear<3>, CrossEntropy<>", "first item: Input<1, 1, 2, 2> takes one extent (features) or three (channels, height, width), got 4"),
    Case("no extent", "Input<4>, Linear<3>, CrossEntropy<>", "Input<>, Linear<3>, CrossEntropy<>", "first item: Input<> takes one extent (features) or three (channels, height, width), got 0"),
    Case("no outputs", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<0>, CrossEntropy<>", "position 0: Linear<0> needs at least 1 output, got 0"),
    Case("negative outputs", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3>, Linear<-3>, CrossEntropy<>", "position 1: Linear<-3> needs at least 1 output, got -3"),
    Case("an image into Linear", "Input<784>, Linear<3>, CrossEntropy<>", "Input<1, 28, 28>, Linear<3>, CrossEntropy<>", "position 0: Linear<3> expects flat features, got an image of 1 x 28 x 28: flatten it, declare Input<784>"),
    # Numbers.
    Case("a dropout rate of one", "Input<4>, Linear<3>, Dropout<0.99>, CrossEntropy<>", "Input<4>, Linear<3>, Dropout<1.0>, CrossEntropy<>", "position 1: Dropout<1> needs a rate in [0, 1), got 1"),
    Case("a dropout rate above one", "Input<4>, Linear<3>, Dropout<0.0>, CrossEntropy<>", "Input<4>, Linear<3>, Dropout<1.5>, CrossEntropy<>", "position 1: Dropout<1.5> needs a rate in [0, 1), got 1.5"),
    Case("a dropout that keeps nothing", "Input<4>, Linear<3>, Dropout<0.99999>, CrossEntropy<>", "Input<4>, Linear<3>, Dropout<0.999995>, CrossEntropy<>", "position 1: Dropout<0.999995> needs a rate of at most 0.999992, beyond which 16 random bits keep nothing, got 0.999995"),
    Case("an alpha dropout that keeps nothing", "Input<4>, Linear<3>, AlphaDropout<0.99999>, CrossEntropy<>", "Input<4>, Linear<3>, AlphaDropout<0.999995>, CrossEntropy<>", "position 1: AlphaDropout<0.999995> needs a rate of at most 0.999992, beyond which 16 random bits keep nothing, got 0.999995"),
    Case("a negative dropout rate", "Input<4>, Linear<3>, Dropout<0.1>, CrossEntropy<>", "Input<4>, Linear<3>, Dropout<-0.1>, CrossEntropy<>", "position 1: Dropout<-0.1> needs a rate in [0, 1), got -0.1"),
    Case("an alpha dropout rate of one", "Input<4>, Linear<3>, AlphaDropout<0.9>, CrossEntropy<>", "Input<4>, Linear<3>, AlphaDropout<1.0>, CrossEntropy<>", "position 1: AlphaDropout<1> needs a rate in [0, 1), got 1"),
    Case("a gaussian dropout rate of one", "Input<4>, Linear<3>, GaussianDropout<0.9>, CrossEntropy<>", "Input<4>, Linear<3>, GaussianDropout<1.0>, CrossEntropy<>", "position 1: GaussianDropout<1> needs a rate in [0, 1), got 1"),
    Case("a negative deviation of noise", "Input<4>, Linear<3>, GaussianNoise<2.0>, CrossEntropy<>", "Input<4>, Linear<3>, GaussianNoise<-0.5>, CrossEntropy<>", "position 1: GaussianNoise<-0.5> needs a finite deviation of at least 0, got -0.5"),
    Case("noise that is mixed, in a row", "Input<4>, Linear<3>, GaussianNoise<0.1>, Dropout<0.1>, AlphaDropout<0.1>, GaussianDropout<0.1>, CrossEntropy<>", "Input<4>, Linear<3>, GaussianNoise<0.1>, Dropout<0.1>, AlphaDropout<0.1>, GaussianDropout<0.1>, GaussianNoise<0.2>, CrossEntropy<>", "position 5: GaussianNoise<0.2> is random item number 5 in a row: at most 4 fit between two layers"),
    Case("half a random item", "Input<4>, Linear<3>, Dropout<0.1>, CrossEntropy<>", "Input<4>, Linear<3>, HalfRandom, CrossEntropy<>", "position 1: HalfRandom lacks static members that an item of its role needs: rates, Numbers, numbers(rate) and draw(numbers, bits)"),
    Case("a label smoothing of one", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<0.9>>", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<1.0>>", "position 1: CrossEntropy<LabelSmoothing<1>> needs a label smoothing in [0, 1), got 1"),
    Case("a negative label smoothing", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<0.0>>", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<-0.1>>", "position 1: CrossEntropy<LabelSmoothing<-0.1>> needs a label smoothing in [0, 1), got -0.1"),
    Case("a negative lambda of the network", "Input<4>, Linear<3>, CrossEntropy<>, L2<0.0>", "Input<4>, Linear<3>, CrossEntropy<>, L2<-5e-4>", "position 2: L2<-0.0005> needs a lambda of at least 0, got -0.0005"),
    Case("a negative lambda of a layer", "Input<4>, Linear<3, L2<1e-12>>, CrossEntropy<>", "Input<4>, Linear<3, L2<-1e-12>>, CrossEntropy<>", "position 0: Linear<3, L2<-1e-12>> needs a lambda of at least 0, got -1e-12"),
    Case("an epsilon of zero", "Input<4>, Linear<3>, BatchNorm<Epsilon<1e-3>>, CrossEntropy<>", "Input<4>, Linear<3>, BatchNorm<Epsilon<0.0>>, CrossEntropy<>", "position 1: BatchNorm<Epsilon<0>> needs an epsilon above 0, got 0"),
    Case("a momentum above one", "Input<4>, Linear<3>, BatchNorm<Momentum<1.0>>, CrossEntropy<>", "Input<4>, Linear<3>, BatchNorm<Momentum<1.1>>, CrossEntropy<>", "position 1: BatchNorm<Momentum<1.1>> needs a momentum in [0, 1], got 1.1"),
    Case("a negative momentum", "Input<4>, Linear<3>, BatchNorm<Momentum<0.0>>, CrossEntropy<>", "Input<4>, Linear<3>, BatchNorm<Momentum<-0.1>>, CrossEntropy<>", "position 1: BatchNorm<Momentum<-0.1>> needs a momentum in [0, 1], got -0.1"),
    Case("a negative leak", "Input<4>, Linear<3>, LeakyReLU<0.0>, CrossEntropy<>", "Input<4>, Linear<3>, LeakyReLU<-0.1>, CrossEntropy<>", "position 1: LeakyReLU<-0.1> needs a leak of at least 0, got -0.1"),
    Case("a negative alpha", "Input<4>, Linear<3>, ELU<0.5>, CrossEntropy<>", "Input<4>, Linear<3>, ELU<-1.0>, CrossEntropy<>", "position 1: ELU<-1> needs an alpha of at least 0, got -1"),
    Case("a beta of zero", "Input<4>, Linear<3>, Softplus<2.0>, CrossEntropy<>", "Input<4>, Linear<3>, Softplus<0.0>, CrossEntropy<>", "position 1: Softplus<0, 20> needs a beta above 0, got 0"),
    Case("a negative lambda of an absolute penalty", "Input<4>, Linear<3>, CrossEntropy<>, L1<0.0>", "Input<4>, Linear<3>, CrossEntropy<>, L1<-0.1>", "position 2: L1<-0.1> needs a lambda of at least 0, got -0.1"),
    Case("a negative lambda of an elastic net", "Input<4>, Linear<3, ElasticNet<0.1, 0.0>>, CrossEntropy<>", "Input<4>, Linear<3, ElasticNet<0.1, -0.2>>, CrossEntropy<>", "position 0: Linear<3, ElasticNet<0.1, -0.2>> needs two lambdas of at least 0, got 0.1 and -0.2"),
    Case("a negative lambda of an own penalty", "Input<4>, Linear<3>, CrossEntropy<>, Penalty<[](auto w) { return w * w; }, 0.1>", "Input<4>, Linear<3>, CrossEntropy<>, Penalty<[](auto w) { return w * w; }, -0.1>", "position 2: Penalty<-0.1> needs a lambda of at least 0, got -0.1"),
    Case("a delta of zero", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3>, Huber<0.0>", "position 1: Huber<0> needs a delta above 0, got 0"),
    Case("a negative class weight", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<1, 0, 2>>", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<1, -1, 2>>", "position 1: CrossEntropy<ClassWeights<1, -1, 2>> needs class weights of at least 0, got -1"),
    Case("no class weights", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<>>", "position 1: CrossEntropy<ClassWeights> needs a class weight for every output, got none"),
    Case("too few class weights", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<1, 2, 3>>", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<1, 2>>", "position 1: CrossEntropy<ClassWeights<1, 2>> has 2 class weights for 3 outputs: give one for each"),
    Case("a negative deviation", "Input<4>, Linear<3, Init<Normal<0.1>>>, CrossEntropy<>", "Input<4>, Linear<3, Init<Normal<-0.1>>>, CrossEntropy<>", "position 0: Linear<3, Init<Normal<-0.1, 0>>> needs a deviation of at least 0, got -0.1"),
    Case("a negative deviation that is cut", "Input<4>, Linear<3, Init<TruncatedNormal<0.1>>>, CrossEntropy<>", "Input<4>, Linear<3, Init<TruncatedNormal<-0.1>>>, CrossEntropy<>", "position 0: Linear<3, Init<TruncatedNormal<-0.1>>> needs a deviation of at least 0, got -0.1"),
    Case("a range upside down", "Input<4>, Linear<3, Init<Uniform<-0.1, 0.1>>>, CrossEntropy<>", "Input<4>, Linear<3, Init<Uniform<0.1, -0.1>>>, CrossEntropy<>", "position 0: Linear<3, Init<Uniform<0.1, -0.1>>> needs a low end not above the high one, got 0.1 and -0.1"),
    # Expressions.
    Case("a penalty of two values", "Input<4>, Linear<3>, CrossEntropy<>, Penalty<[](auto w) { return w * w; }>", "Input<4>, Linear<3>, CrossEntropy<>, Penalty<[](auto w, auto x) { return w * x; }>", "position 2: Penalty<1> needs an expression of one weight, such as [](auto w) { return w * w; }, got what cannot be called with one value"),
    Case("a constant penalty", "Input<4>, Linear<3, Penalty<[](auto w) { return w * w; }>>, CrossEntropy<>", "Input<4>, Linear<3, Penalty<[](auto) { return 1.0; }>>, CrossEntropy<>", "position 0: Linear<3, Penalty<1>> needs an expression that depends on its weight, got one that returns double"),
    Case("a loss of one value", "Input<4>, Linear<3>, Loss<[](auto x, auto t) { return abs(x - t); }>", "Input<4>, Linear<3>, Loss<[](auto x) { return abs(x); }>", "position 1: Loss needs an expression of a prediction and a target, such as [](auto x, auto t) { return abs(x - t); }, got what cannot be called with two values"),
    Case("a constant loss", "Input<4>, Linear<3>, Loss<[](auto x, auto t) { return abs(x - t); }>", "Input<4>, Linear<3>, Loss<[](auto, auto) { return 1.0; }>", "position 1: Loss needs an expression that depends on its values, got one that returns double"),
    Case("a draw of nothing", "Input<4>, Linear<3, Init<Drawn<[](WeightDraw draw) { return draw.normal(); }>>>, CrossEntropy<>", "Input<4>, Linear<3, Init<Drawn<[](float) { return 0.1; }>>>, CrossEntropy<>", "position 0: Linear<3, Init<Drawn>> needs an initializer in Init<...>, such as Init<Kaiming>, got Drawn"),
    Case("a function of other values", "Input<4>, Linear<3>, Elementwise<[](auto x) { return x * x; }>, CrossEntropy<>", "Input<4>, Linear<3>, Elementwise<[](auto x, auto y) { return x * y; }>, CrossEntropy<>", "position 1: Elementwise needs an expression of one value, such as [](auto x) { return x * tanh(x); }, got what cannot be called with one value"),
    Case("a function of floats", "Input<4>, Linear<3>, Elementwise<[](auto x) { return 2 * x; }>, CrossEntropy<>", "Input<4>, Linear<3>, Elementwise<[](float x) { return 2 * x; }>, CrossEntropy<>", "position 1: Elementwise needs an expression of one value, such as [](auto x) { return x * tanh(x); }, got what cannot be called with one value"),
    Case("a constant", "Input<4>, Linear<3>, Elementwise<[](auto x) { return x + 1; }>, CrossEntropy<>", "Input<4>, Linear<3>, Elementwise<[](auto) { return 1.0; }>, CrossEntropy<>", "position 1: Elementwise needs an expression that depends on its value, got one that returns double"),
    # Items and attributes.
    Case("a number type as an item", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3>, int, CrossEntropy<>", "position 1: int is no item: an item is an Input, layer, norm, activation, dropout, loss or penalty, a type with a static role and name()"),
    Case("any struct as an item", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3>, Stranger, CrossEntropy<>", "position 1: Stranger is no item: an item is an Input, layer, norm, activation, dropout, loss or penalty, a type with a static role and name()"),
    Case("an item without a role", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, NoRole, CrossEntropy<>", "position 0: NoRole is no item: an item is an Input, layer, norm, activation, dropout, loss or penalty, a type with a static role and name()"),
    Case("an item without its members", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, HalfALayer, CrossEntropy<>", "position 0: HalfALayer lacks static members that an item of its role needs: output(Shape), bias, Initializer and LayerPenalty"),
    Case("no item first", "Input<4>, Linear<3>, CrossEntropy<>", "Stranger, Linear<3>, CrossEntropy<>", "first item: Stranger is no item: an item is an Input, layer, norm, activation, dropout, loss or penalty, a type with a static role and name()"),
    Case("an attribute as an item", "Input<4>, Linear<3, NoBias>, CrossEntropy<>", "Input<4>, Linear<3>, NoBias, CrossEntropy<>", "position 1: NoBias is an attribute and no item: it goes in the list of an item, as in Linear<10, NoBias>"),
    Case("an attribute twice", "Input<4>, Linear<3, NoBias>, CrossEntropy<>", "Input<4>, Linear<3, NoBias, NoBias>, CrossEntropy<>", "position 0: Linear<3, NoBias, NoBias> has NoBias twice: give it once"),
    Case("two initializers", "Input<4>, Linear<3, Init<Kaiming>>, CrossEntropy<>", "Input<4>, Linear<3, Init<Kaiming>, Init<Xavier>>, CrossEntropy<>", "position 0: Linear<3, Init<Kaiming>, Init<Xavier>> has both Init<Kaiming> and Init<Xavier>: give one"),
    Case("two penalties of a layer", "Input<4>, Linear<3, L2<0.1>>, CrossEntropy<>", "Input<4>, Linear<3, L2<0.1>, NoBias, L2<0.2>>, CrossEntropy<>", "position 0: Linear<3, L2<0.1>, NoBias, L2<0.2>> has both L2<0.1> and L2<0.2>: give one"),
    Case("two label smoothings", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<0.1>>", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<0.1>, LabelSmoothing<0.2>>", "position 1: CrossEntropy<LabelSmoothing<0.1>, LabelSmoothing<0.2>> has both LabelSmoothing<0.1> and LabelSmoothing<0.2>: give one"),
    Case("an attribute of another item", "Input<4>, Linear<3>, BatchNorm<Epsilon<1e-3>>, CrossEntropy<>", "Input<4>, Linear<3, Epsilon<1e-3>>, BatchNorm<>, CrossEntropy<>", "position 0: Linear<3, Epsilon<0.001>> takes no attribute Epsilon<0.001>: it takes NoBias, Init<...>, a penalty, WeightDecay<...>, a constraint, LearningRate<...>, WeightNorm"),
    Case("a penalty of a norm", "Input<4>, Linear<3>, BatchNorm<>, CrossEntropy<>, L2<0.1>", "Input<4>, Linear<3>, BatchNorm<L2<0.1>>, CrossEntropy<>", "position 1: BatchNorm<L2<0.1>> takes no attribute L2<0.1>: it takes Epsilon<...>, Momentum<...>, NoAffine"),
    Case("no attribute", "Input<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<3, Stranger>, CrossEntropy<>", "position 0: Linear<3, Stranger> takes no Stranger, which is no attribute: it takes NoBias, Init<...>, a penalty, WeightDecay<...>, a constraint, LearningRate<...>, WeightNorm"),
    Case("an item as an attribute", "Input<4>, Linear<3>, ReLU, CrossEntropy<>", "Input<4>, Linear<3, ReLU>, CrossEntropy<>", "position 0: Linear<3, ReLU> takes no ReLU, which is no attribute: it takes NoBias, Init<...>, a penalty, WeightDecay<...>, a constraint, LearningRate<...>, WeightNorm"),
    Case("a positive weight below 0", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<0>>", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<-1>>", "position 1: BinaryCrossEntropy<PositiveWeight<-1>> needs finite positive weights of at least 0, got -1"),
    Case("a positive weight beyond float", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<1e38>>", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<1e39>>", "position 1: BinaryCrossEntropy<PositiveWeight<1e39>> needs finite positive weights of at least 0, got 1e39"),
    Case("no positive weight", "Input<4>, Linear<3>, BinaryCrossEntropy<>", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<>>", "position 1: BinaryCrossEntropy<PositiveWeight> needs a positive weight, or one for every output, got none"),
    Case("too few positive weights", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<1, 2, 3>>", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<1, 2>>", "position 1: BinaryCrossEntropy<PositiveWeight<1, 2>> has 2 positive weights for 3 outputs: give one, or one for each"),
    Case("two positive weights", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<2>>", "Input<4>, Linear<3>, BinaryCrossEntropy<PositiveWeight<2>, PositiveWeight<3>>", "position 1: BinaryCrossEntropy<PositiveWeight<2>, PositiveWeight<3>> has both PositiveWeight<2> and PositiveWeight<3>: give one"),
    Case("class weights for yes and no", "Input<4>, Linear<1>, BinaryCrossEntropy<PositiveWeight<2>>", "Input<4>, Linear<1>, BinaryCrossEntropy<ClassWeights<2>>", "position 1: BinaryCrossEntropy<ClassWeights<2>> takes no attribute ClassWeights<2>: it takes PositiveWeight<...>"),
    Case("a positive weight of classes", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<1, 1, 2>>", "Input<4>, Linear<3>, CrossEntropy<PositiveWeight<2>>", "position 1: CrossEntropy<PositiveWeight<2>> takes no attribute PositiveWeight<2>: it takes LabelSmoothing<...>, ClassWeights<...>, SoftTargets"),
    Case("two class weights", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<1, 2, 3>>", "Input<4>, Linear<3>, CrossEntropy<ClassWeights<1, 2, 3>, LabelSmoothing<0.1>, ClassWeights<1, 2, 1>>", "position 1: CrossEntropy<ClassWeights<1, 2, 3>, LabelSmoothing<0.1>, ClassWeights<1, 2, 1>> has both ClassWeights<1, 2, 3> and ClassWeights<1, 2, 1>: give one"),
    Case("soft targets twice", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<0.1>>", "Input<4>, Linear<3>, CrossEntropy<SoftTargets, SoftTargets>", "position 1: CrossEntropy<SoftTargets, SoftTargets> has SoftTargets twice: give it once"),
    Case("an attribute that no cross entropy has", "Input<4>, Linear<3>, CrossEntropy<LabelSmoothing<0.1>>", "Input<4>, Linear<3>, CrossEntropy<NoBias>", "position 1: CrossEntropy<NoBias> takes no attribute NoBias: it takes LabelSmoothing<...>, ClassWeights<...>, SoftTargets"),
    Case("an orthogonal matrix of its transpose", "Input<4>, Linear<3, Init<FanOut<Kaiming>>>, CrossEntropy<>", "Input<4>, Linear<3, Init<FanOut<Orthogonal<>>>>, CrossEntropy<>", "position 0: Linear<3, Init<FanOut<Orthogonal<1>>>> needs an initializer in Init<...>, such as Init<Kaiming>, got FanOut<Orthogonal<1>>"),
    Case("no initializer", "Input<4>, Linear<3, Init<Glorot>>, CrossEntropy<>", "Input<4>, Linear<3, Init<Stranger>>, CrossEntropy<>", "position 0: Linear<3, Init<Stranger>> needs an initializer in Init<...>, such as Init<Kaiming>, got Stranger"),
]

# Norms and structures: shapes, places and names of what is inside.
NETWORKS += [
    Case("groups that do not divide", "Input<4>, Linear<12>, GroupNorm<4>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<10>, GroupNorm<4>, Linear<3>, CrossEntropy<>", "position 1: GroupNorm<4> expects features that 4 groups divide evenly, got 10"),
    Case("no groups", "Input<4>, Linear<12>, GroupNorm<1>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, GroupNorm<0>, Linear<3>, CrossEntropy<>", "position 1: GroupNorm<0> needs at least 1 group, got 0"),
    Case("an instance norm without space", "Input<4>, Linear<12>, LayerNorm<>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, InstanceNorm<>, Linear<3>, CrossEntropy<>", "position 1: InstanceNorm<> has no space to reduce over: it takes images, got 12 flat features, of which each would be its own mean; take LayerNorm<> or GroupNorm<groups>"),
    Case("an own norm of batches without averages", "Input<4>, Linear<12>, OwnNorm<Axes::Batch, Averages::Moving>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, OwnNorm<Axes::Batch, Averages::None>, Linear<3>, CrossEntropy<>", "position 1: OwnNorm takes its mean over the batch, which inference does not have: it needs averages, Moving or Running"),
    Case("an own norm of features with averages", "Input<4>, Linear<12>, OwnNorm<Axes::Channels, Averages::None>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, OwnNorm<Axes::Channels, Averages::Moving>, Linear<3>, CrossEntropy<>", "position 1: OwnNorm takes its mean over the channels of each sample: it keeps no averages"),
    Case("an own norm of batches and channels", "Input<4>, Linear<12>, OwnNorm<Axes::Batch | Axes::Space, Averages::Moving>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, OwnNorm<Axes::Batch | Axes::Channels, Averages::Moving>, Linear<3>, CrossEntropy<>", "position 1: OwnNorm takes its mean over the batch and over the channels: it may take one of both, with or without the space"),
    Case("a momentum without averages", "Input<4>, Linear<12>, LayerNorm<Epsilon<1e-3>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, LayerNorm<Momentum<0.1>>, Linear<3>, CrossEntropy<>", "position 1: LayerNorm<Momentum<0.1>> takes no attribute Momentum<0.1>: it takes Epsilon<...>, NoAffine"),
    Case("running sums without a momentum", "Input<4>, Linear<12>, BatchNorm<Momentum<0.0>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, RunningBatchNorm<Momentum<0.0>>, Linear<3>, CrossEntropy<>", "position 1: RunningBatchNorm<Momentum<0>> needs a momentum above 0, got 0"),
    Case("Standardize in the middle", "Input<4>, Standardize, Linear<12>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<12>, Standardize, Linear<3>, CrossEntropy<>", "position 1: Standardize is fitted on the samples: it stands directly after the Input"),
    Case("a residual of another size", "Input<4>, Linear<8>, Residual<ReLU, Linear<8>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<8>, Residual<ReLU, Linear<6>>, Linear<3>, CrossEntropy<>", "position 1: Residual adds its input of 8 features to 6 outputs of its items: end them with Linear<8>, or add a Shortcut<Linear<6>>"),
    Case("a shortcut of another size", "Input<4>, Linear<8>, Residual<Linear<6>, Shortcut<Linear<6>>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<8>, Residual<Linear<6>, Shortcut<Linear<5>>>, Linear<3>, CrossEntropy<>", "position 1: Residual adds 6 outputs of its items to 5 of its Shortcut: both must be as many"),
    Case("a shortcut first", "Input<4>, Linear<8>, Residual<Linear<6>, Shortcut<Linear<6>>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<8>, Residual<Shortcut<Linear<6>>, Linear<6>>, Linear<3>, CrossEntropy<>", "position 1: Residual takes its Shortcut last in its list"),
    Case("an empty residual", "Input<4>, Linear<8>, Residual<ReLU>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<8>, Residual<>, Linear<3>, CrossEntropy<>", "position 1: Residual needs items that make something to add, such as Residual<Linear<64>, ReLU>"),
    Case("a shortcut alone", "Input<4>, Linear<8>, Residual<Linear<8>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<8>, Shortcut<Linear<8>>, Linear<3>, CrossEntropy<>", "position 1: Shortcut stands outside a Residual: it goes last in the list of one"),
    Case("arrays behind an item that disappears", "Input<4>, Linear<4>, Concat<Branch<>, Branch<Repeat<3, Concat<Branch<>, Branch<>>>>>, Dropout<0.1>, Concat<Branch<>, Branch<>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<4>, Concat<Branch<>, Branch<Repeat<3, Concat<Branch<>, Branch<>>>>>, Dropout<0.0>, Concat<Branch<>, Branch<>>, Linear<3>, CrossEntropy<>", "position 3: Concat joins 18 arrays: at most 16 may stand behind each other without a layer that joins them"),
    Case("one branch", "Input<4>, Concat<Branch<Linear<8>>, Branch<>>, Linear<3>, CrossEntropy<>", "Input<4>, Concat<Branch<Linear<8>>>, Linear<3>, CrossEntropy<>", "position 0: Concat needs at least two branches, got 1"),
    Case("an item in place of a branch", "Input<4>, Concat<Branch<Linear<8>>, Branch<>>, Linear<3>, CrossEntropy<>", "Input<4>, Concat<Branch<Linear<8>>, Linear<8>>, Linear<3>, CrossEntropy<>", "position 0: Concat takes entries of the form Branch<...>, got Linear<8>"),
    Case("a branch alone", "Input<4>, Linear<8>, Linear<3>, CrossEntropy<>", "Input<4>, Branch<Linear<8>>, Linear<3>, CrossEntropy<>", "position 0: Branch stands outside a Concat: it goes in the list of one"),
    Case("no repetition", "Input<4>, Repeat<1, Linear<8>, ReLU>, Linear<3>, CrossEntropy<>", "Input<4>, Repeat<0, Linear<8>, ReLU>, Linear<3>, CrossEntropy<>", "position 0: Repeat<0> needs a count of at least 1, got 0"),
    Case("nothing to repeat", "Input<4>, Repeat<2, Linear<8>>, Linear<3>, CrossEntropy<>", "Input<4>, Repeat<2>, Linear<3>, CrossEntropy<>", "position 0: Repeat<2> needs items to repeat, such as Repeat<2, Linear<64>, ReLU>"),
    Case("a mistake inside", "Input<4>, Linear<8>, Residual<Linear<6>, Dropout<0.5>, Linear<8>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<8>, Residual<Linear<6>, Dropout<1.5>, Linear<8>>, Linear<3>, CrossEntropy<>", "position 1.1: Dropout<1.5> needs a rate in [0, 1), got 1.5"),
    Case("a mistake deep inside", "Input<4>, Linear<8>, Concat<Branch<>, Branch<Repeat<2, Linear<6>, GroupNorm<3>>>>, Linear<3>, CrossEntropy<>", "Input<4>, Linear<8>, Concat<Branch<>, Branch<Repeat<2, Linear<6>, GroupNorm<4>>>>, Linear<3>, CrossEntropy<>", "position 1.1.0.1: GroupNorm<4> expects features that 4 groups divide evenly, got 6"),
    Case("a loss inside", "Input<4>, Linear<8>, Residual<Linear<8>>, CrossEntropy<>", "Input<4>, Linear<8>, Residual<Linear<8>, CrossEntropy<>>", "position 1.1: CrossEntropy<> stands inside Residual at position 1: losses and penalties of the whole network come last in its own list"),
    Case("a norm with nothing before it in a branch", "Input<4>, Linear<4>, Concat<Branch<BatchNorm<>>, Branch<>>, Linear<3>, CrossEntropy<>", "Input<4>, Concat<Branch<BatchNorm<>>, Branch<>>, Linear<3>, CrossEntropy<>", "position 0.0.0: BatchNorm<> has nothing to act on: put a layer before it"),
]

# Types where a network is expected.
TYPES = [
    Case("no network", "Network<Input<4>, Linear<3>, CrossEntropy<>>", "int", "int is no network: write lamina::Network<Input<...>, ...>"),
    Case("an item alone", "Network<Input<4>, Linear<3>, CrossEntropy<>>", "Linear<3>", "Linear<3> is no network: write lamina::Network<Input<...>, ...>"),
]

def uses(name, code, says):
    return Case(name, code.replace("NET", "Right"), code.replace("NET", "Wrong"), says)


# Whatever a program names first, it says what is wrong with the network, once.
DROPOUT = "position 1: Dropout<1.5> needs a rate in [0, 1), got 1.5"
FIRST_USES = [
    uses("plan_of first", "static_assert(plan_of<NET>.stages == 1)", DROPOUT),
    uses("describe first", "const std::string text = describe<NET>()", DROPOUT),
    uses("Predictor first", "float use(const Predictor<NET>& p) { return p(std::array<float, 4>{})[0]; }", DROPOUT),
    uses("Model first", "float use(const Model<NET>& m) { return m.freeze()(std::array<float, 4>{})[0]; }", DROPOUT),
    uses("Trainer first", "double use(Trainer<NET, Adam>& t) { return evaluate(t.model(), Dataset{}).loss; }", DROPOUT),
    uses("Learner first", "float use(const Learner<NET, Adam>& l) { return l.freeze()(std::array<float, 4>{})[0]; }", DROPOUT),
    uses("set_rate first", "void use(Model<NET>& m) { m.set_rate<1>(m.rate<1>()); }", DROPOUT),
    Case("evaluate without a loss", "double use(const Model<Right>& m) { return evaluate(m, Dataset{}).loss; }", "double use(const Model<NoLoss>& m) { return evaluate(m, Dataset{}).loss; }", "position 1: training needs a loss here, after Linear<3> at position 0, such as CrossEntropy<>; got none"),
    Case("find_learning_rate without a loss", "double use(const Model<Right>& m) { return find_learning_rate(m, Sgd{}, Dataset{}).valley; }", "double use(const Model<NoLoss>& m) { return find_learning_rate(m, Sgd{}, Dataset{}).valley; }", "position 1: training needs a loss here, after Linear<3> at position 0, such as CrossEntropy<>; got none"),
    Case("Trainer without a loss", "float use(Trainer<Right, Sgd>& t, const Dataset& d) { return t.fit(d, d).epochs[0].seconds > 0; }", "float use(Trainer<NoLoss, Sgd>& t, const Dataset& d) { return t.fit(d, d).epochs[0].seconds > 0; }", "position 1: training needs a loss here, after Linear<3> at position 0, such as CrossEntropy<>; got none"),
    Case("Learner without a loss", "float use(Learner<Right, Sgd>& l, const Dataset& d) { return l.fit(d, d).epochs[0].seconds > 0; }", "float use(Learner<NoLoss, Sgd>& l, const Dataset& d) { return l.fit(d, d).epochs[0].seconds > 0; }", "position 1: training needs a loss here, after Linear<3> at position 0, such as CrossEntropy<>; got none"),
]

# Statements that use a model or trainer of Network<Input<4>, Linear<3>, CrossEntropy<>>, or
# `regression`, a trainer of the same with MeanSquaredError.
ARGUMENTS = [
    Case("a sample of another size", "std::array<float, 3> y = predictor(std::array<float, 4>{})", "std::array<float, 3> y = predictor(std::array<float, 5>{})", "predict: sample: expected 4 values, got 5"),
    Case("a span of another size", "auto y = predictor(std::span<const float, 4>(many.data(), 4)); many[0] = y[0]", "auto y = predictor(std::span<const float, 3>(many.data(), 3)); many[0] = y[0]", "predict: sample: expected 4 values, got 3"),
    Case("rows that are not whole, to predict", "std::array<float, 8> x{}; model.predict(x, many)", "std::array<float, 9> x{}; model.predict(x, many)", "predict: inputs: expected rows of 4 values, got 9 values, which are no whole rows"),
    Case("outputs that are not whole rows", "std::array<float, 6> y{}; model.predict(many, y)", "std::array<float, 5> y{}; model.predict(many, y)", "predict: outputs: expected rows of 3 values, got 5 values, which are no whole rows"),
    Case("other outputs than rows, to predict", "std::array<float, 8> x{}; std::array<float, 6> y{}; model.predict(x, y)", "std::array<float, 8> x{}; std::array<float, 3> y{}; model.predict(x, y)", "predict: outputs: expected 6 values, got 3"),
    Case("other outputs than rows, of a predictor", "float x[8]{}; float y[6]{}; predictor(x, y)", "float x[8]{}; float y[9]{}; predictor(x, y)", "predict: outputs: expected 6 values, got 9"),
    Case("rows that are not whole, to a step", "std::array<float, 8> x{}; trainer.step(x, labels)", "std::array<float, 7> x{}; trainer.step(x, labels)", "step: inputs: expected rows of 4 values, got 7 values, which are no whole rows"),
    Case("other labels than rows", "std::array<float, 8> x{}; std::array<Label, 2> t{}; trainer.step(x, t)", "std::array<float, 8> x{}; std::array<Label, 3> t{}; trainer.step(x, t)", "step: targets: expected 2 values, got 3"),
    Case("other targets than rows", "std::array<float, 8> x{}; std::array<float, 6> t{}; regression.step(x, t)", "std::array<float, 8> x{}; std::array<float, 2> t{}; regression.step(x, t)", "step: targets: expected 6 values, got 2"),
    Case("targets that are not whole rows", "std::array<float, 6> t{}; regression.step(many, std::span(t))", "std::array<float, 7> t{}; regression.step(many, std::span(t))", "step: targets: expected rows of 3 values, got 7 values, which are no whole rows"),
    Case("numbers of Standardize where there is none", "model.predict(many, many)", "model.fit_standardize(many)", "fit_standardize: expected a network with Standardize after its Input, got one without"),
    # `noisy` is a model of Network<Input<4>, Linear<3>, Dropout<0.5>, ReLU, Dropout<0.0>, CrossEntropy<>>.
    Case("a rate of an activation", "noisy.set_rate<1>(0.1)", "noisy.set_rate<2>(0.1)", "set_rate<2>: expected a random item, such as Dropout, found ReLU"),
    Case("a rate behind the network", "noisy.set_rate<1>(0.1)", "noisy.set_rate<5>(0.1)", "set_rate<5>: expected the position of a random item, such as Dropout, found no item there"),
    Case("a rate before the network", "noisy.set_rate<1>(0.1)", "noisy.set_rate<-1>(0.1)", "set_rate<-1>: expected the position of a random item, such as Dropout, found no item there"),
    Case("a rate without a position", "noisy.set_rate<1>(0.1)", "noisy.set_rate<>(0.1)", "set_rate: expected the position of a random item, such as Dropout, found no item there"),
    Case("a rate that is asked of a layer", "many[0] = noisy.rate<1>() > 0", "many[0] = noisy.rate<0>() > 0", "rate<0>: expected a random item, such as Dropout, found Linear<3>"),
    Case("a rate of an item that is gone", "noisy.set_rate<1>(0.1)", "noisy.set_rate<3>(0.1)", "set_rate<3>: Dropout<0> has disappeared from the plan: give it a positive default, which set_rate can change to 0"),
    Case("a fit with something that is no callback", "trainer.fit({}, {}, {}, EarlyStopping{}, Metrics{metrics::F1{}})", "trainer.fit({}, {}, {}, EarlyStopping{}, metrics::F1{})", "fit: callback 2 has none of the members of a callback"),
    Case("a fit with a callback that cannot remember", "EarlyStopping stopping{}; trainer.fit({}, {}, {}, stopping)", "const EarlyStopping stopping{}; trainer.fit({}, {}, {}, stopping)", "fit: callback 1 is const, and so cannot remember: give a copy"),
    Case("a fit with two schedules", "trainer.fit({}, {}, {}, OneCycle{}, EarlyStopping{})", "trainer.fit({}, {}, {}, OneCycle{}, EarlyStopping{}, StepDecay{})", "fit: expected at most one schedule of the learning rate, got 2"),
]

# Statements that copy, move or make what refers to a model.
STAYS = "a Trainer refers to its Model and is neither copied nor moved: use a Learner"
CHANGES = "a Trainer changes its Model and refers to it: give it one that is no constant and has a name, or use a Learner"
OBJECTS = [
    Case("a trainer copied", "Trainer other(model, trainer)", "Trainer other(trainer)", STAYS),
    Case("a trainer moved", "Trainer other(model, trainer)", "Trainer other(std::move(trainer))", STAYS),
    Case("a trainer assigned to", "model = Model<Net>(Seed{2})", "trainer = Trainer(model, Sgd{})", STAYS),
    Case("a class with a trainer copied", "Thinker other(thinker)", "Brain other(brain)", STAYS),
    Case("a class with a trainer moved", "Thinker other(std::move(thinker))", "Brain other(std::move(brain))", STAYS),
    Case("a class with a trainer assigned to", "thinker = Thinker{}", "brain = Brain{}", STAYS),
    Case("a trainer of a temporary model", "Learner learner(Model<Net>{}, Sgd{})", "Trainer other(Model<Net>{}, Sgd{})", CHANGES),
    Case("a trainer of a constant model", "Trainer other(model, Sgd{})", "Trainer other(std::as_const(model), Sgd{})", CHANGES),
]
