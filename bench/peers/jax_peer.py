#!/usr/bin/env python3
"""JAX, each step and each inference one `jit`: see measuring.py."""

import functools
import os

import measuring

options = measuring.begin()
if options.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import jax
import jax.numpy as jnp
import networks

jax.config.update("jax_platforms", "cpu")
keys = iter(jax.random.split(jax.random.key(42), 1000))


def convolve(x, weight, stride, padding):
    """Values have their channels last, weights too."""
    axes = x.ndim - 2
    layout = ("NHWC", "HWIO", "NHWC") if axes == 2 else ("NHC", "HIO", "NHC")
    return jax.lax.conv_general_dilated(
        x, weight, (stride,) * axes, ((padding, padding),) * axes, dimension_numbers=layout
    )


def start(items, x):
    """Parameters of the items, and a sample behind them."""
    made = []
    for item, bias in networks.with_bias(items):
        channels = x.shape[-1]
        parameters = {}
        match item:
            case networks.Linear(outputs):
                parameters["weight"] = 0.05 * jax.random.normal(next(keys), (channels, outputs))
                if bias:
                    parameters["bias"] = jnp.zeros(outputs)
            case networks.Conv(out, kernel):
                shape = (*[kernel] * (x.ndim - 2), channels, out)
                parameters["weight"] = 0.05 * jax.random.normal(next(keys), shape)
                if bias:
                    parameters["bias"] = jnp.zeros(out)
            case networks.BATCH_NORM:
                parameters = {"scale": jnp.ones(channels), "shift": jnp.zeros(channels)}
                parameters |= {"mean": jnp.zeros(channels), "variance": jnp.ones(channels)}
            case networks.Residual(inner, shortcut):
                parameters = {"items": start(inner, x)[0], "shortcut": start(shortcut, x)[0]}
        made.append(parameters)
        x, _ = apply_item(item, parameters, x, None)
    return made, x


def apply(items, parameters, x, key):
    """What the items make of x, and the running statistics; `key` is None for inference."""
    changed = []
    for i, (item, own) in enumerate(zip(items, parameters)):
        x, new = apply_item(item, own, x, None if key is None else jax.random.fold_in(key, i))
        changed.append(new)
    return x, changed


def apply_item(item, own, x, key):
    new = {}
    match item:
        case networks.Linear():
            x = x @ own["weight"] + own.get("bias", 0.0)
        case networks.Conv(stride=stride, padding=padding):
            x = convolve(x, own["weight"], stride, padding) + own.get("bias", 0.0)
        case networks.MaxPool(size):
            window = (1, size, size, 1)
            x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, window, "VALID")
        case networks.Residual(items, shortcut):
            inner, new_inner = apply(items, own["items"], x, key)
            around, new_around = apply(shortcut, own["shortcut"], x, key)
            x, new = inner + around, {"items": new_inner, "shortcut": new_around}
        case networks.BATCH_NORM:
            mean, variance = own["mean"], own["variance"]
            if key is not None:
                axes = tuple(range(x.ndim - 1))
                mean, variance = x.mean(axes), x.var(axes)
                count = x.size // x.shape[-1]
                new["mean"] = 0.9 * own["mean"] + 0.1 * mean
                new["variance"] = 0.9 * own["variance"] + 0.1 * variance * count / (count - 1)
            x = (x - mean) * (jax.lax.rsqrt(variance + 1e-5) * own["scale"]) + own["shift"]
        case networks.Dropout(rate) if key is not None:
            x = jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0.0)
        case networks.FLATTEN:
            x = x.reshape(x.shape[0], -1)
        case networks.GLOBAL_MEAN:
            x = x.mean(tuple(range(1, x.ndim - 1)))
        case networks.RELU:
            x = jax.nn.relu(x)
        case networks.TANH:
            x = jnp.tanh(x)
    return x, new


def is_trained(path):
    return path[-1].key not in ("mean", "variance")


def updated(network, path, value, gradient, state, count):
    """The parameter and the optimizer's running means after a step."""
    if path[-1].key == "weight":
        gradient = gradient + network.penalty * value
    if not network.adam:
        velocity = 0.9 * state[0] + gradient
        return value - network.learning_rate * velocity, (velocity,)
    first = 0.9 * state[0] + 0.1 * gradient
    second = 0.999 * state[1] + 0.001 * gradient**2
    size = jnp.sqrt(second / (1 - 0.999**count)) + 1e-8
    return value - network.learning_rate * first / (1 - 0.9**count) / size, (first, second)


@functools.partial(jax.jit, static_argnums=0, donate_argnums=(1, 2))
def train(network, parameters, states, count, inputs, labels):
    def loss_of(parameters):
        key = jax.random.fold_in(jax.random.key(42), count)
        outputs, changed = apply(network.items, parameters, inputs, key)
        likely = jax.nn.log_softmax(outputs)
        right = jnp.take_along_axis(likely, labels[:, None], 1).mean()
        return -(1 - network.smoothing) * right - network.smoothing * likely.mean(), changed

    (loss, changed), gradients = jax.value_and_grad(loss_of, has_aux=True)(parameters)
    statistics = dict(jax.tree_util.tree_flatten_with_path(changed)[0])
    paths, tree = jax.tree_util.tree_flatten_with_path(parameters)
    values, means = [], []
    for (path, value), gradient, state in zip(paths, jax.tree.leaves(gradients), states):
        if is_trained(path):
            value, state = updated(network, path, value, gradient, state, count)
        else:
            value = statistics[path]
        values.append(value)
        means.append(state)
    return jax.tree.unflatten(tree, values), means, count + 1, loss


@functools.partial(jax.jit, static_argnums=0)
def infer(network, parameters, inputs):
    return apply(network.items, parameters, inputs, None)[0]


def prepare(case):
    network = case.network
    shape = (case.batch, *network.input[1:], network.input[0])
    inputs = jax.random.normal(next(keys), shape)
    parameters, _ = start(network.items, inputs[:1])
    if not case.training:
        return lambda: infer(network, parameters, inputs).block_until_ready()

    labels = jnp.arange(case.batch) % 10
    count = 2 if network.adam else 1
    kept = [parameters, [tuple(jnp.zeros_like(v) for _ in range(count)) for v in jax.tree.leaves(parameters)]]
    kept.append(jnp.ones((), jnp.int32))

    def step():
        *kept[:], loss = train(network, *kept, inputs, labels)
        return loss.block_until_ready()

    return step


measuring.serve(options, f"JAX {jax.__version__}", prepare)
