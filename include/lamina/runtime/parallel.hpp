#pragma once

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>
#include <utility>

#include <lamina/core/float_mode.hpp>

#if defined(__SANITIZE_THREAD__)
#define LAMINA_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LAMINA_THREAD_SANITIZER 1
#endif
#endif

#ifdef LAMINA_THREAD_SANITIZER
#include <lamina/runtime/sanitized_threads.hpp>
#endif

namespace lamina::runtime {

/// Threads that the caller's arena may bring to a loop.
inline int max_threads() {
  return tbb::this_task_arena::max_concurrency();
}

/// Index of the calling thread in its arena, below `max_threads()`: picks its scratch memory.
inline int thread_index() {
#ifdef LAMINA_THREAD_SANITIZER
  return sanitized::thread_index();
#else
  const int index = tbb::this_task_arena::current_thread_index();
  return index < 0 ? 0 : index;
#endif
}

/// The body of a loop over tasks without its type: TBB's loop is some 20 functions, which a program
/// of many networks would have for each of the bodies.
class TaskBody {
 public:
  template <class F>
  explicit TaskBody(const F& f)
      : body_(&f),
        call_([](const void* body, int task) { (*static_cast<const F*>(body))(task); }) {}
  void operator()(int task) const { call_(body_, task); }

 private:
  const void* body_;
  void (*call_)(const void*, int);
};

namespace detail {

inline void for_each_task(int count, bool parallel, TaskBody body) {
  in_float_mode([&] {
    if (!parallel || count == 1) {
      for (int task = 0; task < count; ++task) body(task);
      return;
    }
    const auto run = [body](int task) { in_float_mode([&] { body(task); }); };
#ifdef LAMINA_THREAD_SANITIZER
    sanitized::for_each_task(count, max_threads(), run);
#else
    // A caller's group that is cancelled must not stop us halfway.
    tbb::task_group_context own(tbb::task_group_context::isolated);
    tbb::parallel_for(0, count, run, own);
#endif
  });
}

}  // namespace detail

/// Calls f(task) for tasks 0 to count - 1, in the caller's arena, or in order on this thread; in
/// our floating-point mode on all of them, whatever modes TBB has kept for its threads.
/// What a task computes must not depend on who runs it or when.
template <class F>
void for_each_task(int count, bool parallel, const F& f) {
  detail::for_each_task(count, parallel, TaskBody(f));
}

/// Work beside the caller's own, in the caller's arena: threads of it that have nothing else to do
/// take its pieces, or the caller in `wait`.
class Background {
 public:
  Background() = default;
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background() {
    try {
      wait();
    } catch (...) {  // of work that nobody asks for any more
    }
  }

  template <class F>
  void run(const F& f) {
#ifdef LAMINA_THREAD_SANITIZER
    in_float_mode(f);
#else
    group_.run([f] { in_float_mode(f); });
    waiting_ = true;
#endif
  }

  /// Until all pieces are done. Throws what one has thrown.
  void wait() {
#ifndef LAMINA_THREAD_SANITIZER
    if (!std::exchange(waiting_, false)) return;
    group_.wait();
#endif
  }

#ifndef LAMINA_THREAD_SANITIZER
 private:
  // A caller's group that is cancelled must not leave a piece undone.
  tbb::task_group_context own_{tbb::task_group_context::isolated};
  tbb::task_group group_{own_};
  bool waiting_ = false;
#endif
};

}  // namespace lamina::runtime
