#!/usr/bin/env python3
"""ONNX Runtime, inference alone: see measuring.py. The graphs are made here, with random weights."""

import measuring

options = measuring.begin()

import networks
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = numpy.random.default_rng(42)


class Graph:
    """Nodes of items, with the extents of a sample on the way."""

    def __init__(self, extents):
        self.extents = tuple(extents)
        self.nodes, self.weights = [], []

    def weight(self, *shape, middle=0.0):
        name = f"weight{len(self.weights)}"
        values = (middle + 0.05 * random.standard_normal(shape)).astype(numpy.float32)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind, *inputs, **attributes):
        name = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def sequence(self, items, x):
        for item, bias in networks.with_bias(items):
            x = self.layer(item, bias, x)
        return x

    def layer(self, item, bias, x):
        channels, positions = self.extents[0], self.extents[1:]
        match item:
            case networks.Linear(outputs):
                self.extents = (outputs,)
                more = [self.weight(outputs)] if bias else []
                return self.node("Gemm", x, self.weight(outputs, channels), *more, transB=1)
            case networks.Conv(out, kernel, stride, padding):
                axes = len(positions)
                self.extents = (out, *((p + 2 * padding - kernel) // stride + 1 for p in positions))
                more = [self.weight(out)] if bias else []
                weight = self.weight(out, channels, *[kernel] * axes)
                return self.node("Conv", x, weight, *more, strides=[stride] * axes, pads=[padding] * 2 * axes)
            case networks.MaxPool(size):
                self.extents = (channels, *(p // size for p in positions))
                return self.node("MaxPool", x, kernel_shape=[size] * 2, strides=[size] * 2)
            case networks.Residual(items, shortcut):
                before = self.extents
                inner = self.sequence(items, x)
                after, self.extents = self.extents, before
                around = self.sequence(shortcut, x)
                self.extents = after
                return self.node("Add", inner, around)
            case networks.BATCH_NORM:
                scale, variance = (self.weight(channels, middle=1.0) for _ in range(2))
                return self.node("BatchNormalization", x, scale, self.weight(channels), self.weight(channels), variance)
            case networks.FLATTEN:
                self.extents = (int(numpy.prod(self.extents)),)
                return self.node("Flatten", x)
            case networks.GLOBAL_MEAN:
                self.extents = (channels,)
                return self.node("Flatten", self.node("GlobalAveragePool", x))
            case networks.RELU:
                return self.node("Relu", x)
            case networks.TANH:
                return self.node("Tanh", x)
            case networks.Dropout():
                return x


def model_of(network, batch):
    graph = Graph(network.input)
    result = graph.sequence(network.items, "input")
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, *shape])
    whole = helper.make_graph(
        graph.nodes,
        network.name,
        [value("input", network.input)],
        [value(result, graph.extents)],
        graph.weights,
    )
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def prepare(case):
    if case.training:
        return None
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model_of(case.network, case.batch), settings, providers=["CPUExecutionProvider"]
    )
    inputs = {"input": random.standard_normal((case.batch, *case.network.input)).astype(numpy.float32)}
    return lambda: session.run(None, inputs)


measuring.serve(options, f"ONNX Runtime {onnxruntime.__version__}", prepare)
