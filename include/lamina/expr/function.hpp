#pragma once

#include <cmath>
#include <concepts>

#include <lamina/core/text.hpp>

/// Functions of one value: the leaves of expression trees. Each knows its value and its slope, and
/// whether the slope can be found from the output alone. `V` is a SIMD register in kernels and
/// double in tests: both bring `exp`, `tanh`, `select`, ... by overload.
namespace lamina::expr {

/// What the backward pass of an expression has to be given.
enum class Reads { Nothing, Output, Input };

namespace scalar {
// The scalar twins of the register functions, for reference computations in double.
template <std::floating_point T>
constexpr T select(bool condition, T yes, T no) {
  return condition ? yes : no;
}
template <std::floating_point T>
constexpr T select_or_zero(bool condition, T yes) {
  return condition ? yes : T(0);
}
template <std::floating_point T>
constexpr T multiply_add(T a, T b, T c) {
  return a * b + c;
}
template <std::floating_point T>
T sigmoid(T x) {
  return 1 / (1 + std::exp(-x));
}
template <std::floating_point T>
constexpr T multiply_subtract(T a, T b, T c) {
  return a * b - c;
}
template <std::floating_point T>
constexpr T subtract_product(T a, T b, T c) {
  return c - a * b;
}
// As the registers' instructions: the second operand where one is NaN.
template <std::floating_point T>
constexpr T min(T a, T b) {
  return a < b ? a : b;
}
template <std::floating_point T>
constexpr T max(T a, T b) {
  return a > b ? a : b;
}
}  // namespace scalar

// clang-format off
#define LAMINA_MATH_IN_SCOPE \
  using std::abs; using std::erf; using std::exp; using std::expm1; using std::log; \
  using std::log1p; using std::sqrt; using std::tanh; \
  using scalar::max; using scalar::min; using scalar::multiply_add; using scalar::multiply_subtract; \
  using scalar::select; using scalar::sigmoid; using scalar::subtract_product
// clang-format on

/// A number of the program in the value type of the kernel.
template <class V>
V number(double x) {
  if constexpr (std::floating_point<V>) {
    return static_cast<V>(x);
  } else {
    return V(static_cast<float>(x));
  }
}

struct Tanh {
  static constexpr Reads reads = Reads::Output;
  static constexpr const char* name = "tanh";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return tanh(x);
  }
  template <class V>
  V slope(V, V y) const {
    LAMINA_MATH_IN_SCOPE;
    return subtract_product(y, y, number<V>(1));
  }
};

struct Sigmoid {
  static constexpr Reads reads = Reads::Output;
  static constexpr const char* name = "sigmoid";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return sigmoid(x);
  }
  template <class V>
  V slope(V, V y) const {
    return y * (number<V>(1) - y);
  }
};

struct Exp {
  static constexpr Reads reads = Reads::Output;
  static constexpr const char* name = "exp";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return exp(x);
  }
  template <class V>
  V slope(V, V y) const {
    return y;
  }
};

struct Log {
  static constexpr Reads reads = Reads::Input;
  static constexpr const char* name = "log";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return log(x);
  }
  template <class V>
  V slope(V x, V) const {
    return number<V>(1) / x;
  }
};

struct Sqrt {
  static constexpr Reads reads = Reads::Output;
  static constexpr const char* name = "sqrt";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return sqrt(x);
  }
  template <class V>
  V slope(V, V y) const {
    return number<V>(0.5) / y;
  }
};

struct Abs {
  static constexpr Reads reads = Reads::Input;
  static constexpr const char* name = "abs";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return abs(x);
  }
  // 0 at 0, as PyTorch's sign.
  template <class V>
  V slope(V x, V) const {
    LAMINA_MATH_IN_SCOPE;
    const V zero = number<V>(0);
    return select(x > zero, number<V>(1), select(x < zero, number<V>(-1), zero));
  }
};

struct Erf {
  static constexpr Reads reads = Reads::Input;
  static constexpr const char* name = "erf";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return erf(x);
  }
  template <class V>
  V slope(V x, V) const {
    LAMINA_MATH_IN_SCOPE;
    return number<V>(1.1283791670955126) *
           exp(subtract_product(x, x, number<V>(0)));  // 2 / sqrt(pi)
  }
};

/// log(1 + exp(beta x)) / beta, and x itself where beta x > threshold, as PyTorch has it.
struct Softplus {
  static constexpr Reads reads = Reads::Input;
  static constexpr const char* name = "softplus";
  double beta = 1;
  double threshold = 20;

  // max(z, 0) + log1p(exp(-|z|)) overflows nowhere.
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    const V z = number<V>(beta) * x;
    const V zero = number<V>(0);
    const V soft = max(z, zero) + log1p(exp(zero - abs(z)));
    return select(z > number<V>(threshold), x, soft * number<V>(1 / beta));
  }
  template <class V>
  V slope(V x, V) const {
    LAMINA_MATH_IN_SCOPE;
    const V z = number<V>(beta) * x;
    return select(z > number<V>(threshold), number<V>(1), Sigmoid{}.value(z));
  }
};

/// x where x > 0, else leak * x. A leak of 0 is the rectifier.
struct LeakyRelu {
  static constexpr Reads reads = Reads::Output;
  static constexpr const char* name = "leaky_relu";
  double leak = 0;

  // NaN stays NaN: the comparison is false and leak * NaN is NaN.
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return select(x > number<V>(0), x, number<V>(leak) * x);
  }
  template <class V>
  V slope(V, V y) const {
    LAMINA_MATH_IN_SCOPE;
    return select(y > number<V>(0), number<V>(1), number<V>(leak));
  }
};

/// max(x, 0): an output of zero says that the slope is zero, so a dropout after it needs no mask.
struct Relu {
  static constexpr Reads reads = Reads::Output;
  static constexpr bool dead_at_zero = true;
  static constexpr const char* name = "relu";
  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    return select(x < number<V>(0), number<V>(0), x);  // so that NaN stays NaN
  }
  template <class V>
  V slope(V, V y) const {
    LAMINA_MATH_IN_SCOPE;
    return select(y > number<V>(0), number<V>(1), number<V>(0));
  }
};

/// scale * (x where x > 0, else alpha * (exp(x) - 1)): ELU, and SELU with its two constants.
struct Elu {
  static constexpr Reads reads = Reads::Output;
  static constexpr const char* name = "elu";
  double alpha = 1;
  double scale = 1;

  template <class V>
  V value(V x) const {
    LAMINA_MATH_IN_SCOPE;
    const V zero = number<V>(0);
    return select(x > zero, number<V>(scale) * x, number<V>(scale * alpha) * expm1(min(zero, x)));
  }
  // Below zero y = scale alpha (exp(x) - 1), whose slope is y + scale alpha.
  template <class V>
  V slope(V, V y) const {
    LAMINA_MATH_IN_SCOPE;
    return select(y > number<V>(0), number<V>(scale), y + number<V>(scale * alpha));
  }
};

}  // namespace lamina::expr
