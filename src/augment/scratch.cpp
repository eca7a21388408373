#include <lamina/augment/scratch.hpp>

namespace lamina::augment {

Scratch& Scratch::of_thread() {
  thread_local Scratch kept;
  return kept;
}

}  // namespace lamina::augment
