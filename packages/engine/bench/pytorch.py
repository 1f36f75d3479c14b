"""The nine models of models.cjs in PyTorch: the same weights, inputs and losses.

python3 pytorch.py MODEL [SECONDS]: median time of a training step with Adam in float32, on one thread, and first losses.
"""
import json
import math
import statistics
import sys
import time

import numpy
import torch
import torch.nn.functional as F

MODULUS, MULTIPLIER = 2147483647, 48271


def numbers(seed, count):
    """`count` numbers of Lehmer's generator after the state `seed`, and its state after them."""
    states = numpy.empty(count, numpy.uint64)
    states[0] = seed * MULTIPLIER % MODULUS
    known, jump = 1, MULTIPLIER
    while known < count:  # the states so far, multiplied by MULTIPLIER ** known, are the next ones
        more = min(known, count - known)
        states[known : known + more] = states[:more] * numpy.uint64(jump) % numpy.uint64(MODULUS)
        known, jump = known + more, jump * jump % MODULUS
    drawn = (2 * states.astype(numpy.float64) / MODULUS - 1).astype(numpy.float32)
    return drawn.astype(numpy.float64), int(states[-1])


class Net:
    """Draws weights in the order of models.cjs, keeps them in PyTorch's layout, and their gradients in TensorFlow's."""

    def __init__(self, batch, dtype):
        self.batch, self.dtype, self.state, self.weights = batch, dtype, 20011, []

    def rounded(self, array):
        return torch.from_numpy(numpy.asarray(array).astype(numpy.float32)).to(self.dtype)

    def inputs(self, *shape):
        drawn, _ = numbers(1234567, self.batch * math.prod(shape))
        return self.rounded((drawn + 1) / 2).reshape(self.batch, *shape)

    def labels(self, classes):
        return torch.arange(self.batch) % classes

    def weight(self, *shape, centre=0.0, order=None):
        """A weight of TensorFlow's shape; `order` says which of its axes become PyTorch's first, second, ..."""
        drawn, self.state = numbers(self.state, math.prod(shape))
        scaled = centre + 0.1 * drawn if len(shape) == 1 else math.sqrt(6 / math.prod(shape[:-1])) * drawn
        order = order or tuple(range(len(shape)))
        leaf = self.rounded(scaled).reshape(shape).permute(order).contiguous().requires_grad_()
        self.weights.append((leaf, order))
        return leaf

    def parameters(self):
        return [leaf for leaf, _ in self.weights]

    def gradients(self):
        """Gradients in TensorFlow's layout, in float64."""
        return [leaf.grad.permute(tuple(numpy.argsort(order))).double().numpy() for leaf, order in self.weights]

    def dense(self, inputs, units):
        kernel, bias = self.weight(inputs, units), self.weight(units)
        return lambda x: torch.addmm(bias, x, kernel)

    def normalization(self, channels):
        gamma, beta = self.weight(channels, centre=1.0), self.weight(channels)
        mean, variance = (torch.zeros(channels, dtype=self.dtype), torch.ones(channels, dtype=self.dtype))
        return lambda x: F.batch_norm(x, mean, variance, gamma, beta, True, 0.01, 1e-3)

    def convolution(self, size, inputs, filters, strides=1, padding="same", dimensions=2, bias=False):
        order = (dimensions + 1, dimensions, *range(dimensions))
        kernel = self.weight(*[size] * dimensions, inputs, filters, order=order)
        offset = self.weight(filters) if bias else None
        convolve = F.conv2d if dimensions == 2 else F.conv1d

        def apply(x):
            if padding == "same":
                pads = []
                for length in reversed(x.shape[2:]):  # what is odd of the padding goes behind
                    total = max((-(-length // strides) - 1) * strides + size - length, 0)
                    pads += [total // 2, total - total // 2]
                if len(set(pads)) == 1:
                    return convolve(x, kernel, offset, strides, pads[0])
                x = F.pad(x, pads)
            return convolve(x, kernel, offset, strides)

        return apply


def channels_first(x):
    return x.movedim(-1, 1).contiguous()


def mlp(net, sizes):
    layers = [net.dense(a, b) for a, b in zip(sizes, [*sizes[1:], 10])]
    x, y = net.inputs(sizes[0]), net.labels(10)

    def loss():
        h = x
        for layer in layers[:-1]:
            h = F.relu(layer(h))
        return F.cross_entropy(layers[-1](h), y)

    return loss


def cnn(net):
    first = net.convolution(3, 1, 16, padding="valid", bias=True)
    second = net.convolution(3, 16, 32, padding="valid", bias=True)
    hidden, last = net.dense(5 * 5 * 32, 64), net.dense(64, 10)
    x, y = channels_first(net.inputs(28, 28, 1)), net.labels(10)

    def loss():
        h = F.max_pool2d(F.relu(first(x)), 2)
        h = F.max_pool2d(F.relu(second(h)), 2)
        h = h.permute(0, 2, 3, 1).reshape(net.batch, -1)
        return F.cross_entropy(last(F.relu(hidden(h))), y)

    return loss


def cnn_of_sequences(net):
    layers = [net.convolution(k, c, 25, 2, dimensions=1, bias=True) for k, c in ((5, 1), (3, 25), (3, 25))]
    last = net.dense(5 * 25, 10)
    x, y = channels_first(net.inputs(40, 1)), net.labels(10)

    def loss():
        h = x
        for layer in layers:
            h = F.relu(layer(h))
        return F.cross_entropy(last(h.permute(0, 2, 1).reshape(net.batch, -1)), y)

    return loss


def lstm(net, hard):
    kernel, recurrent = net.weight(32, 256, order=(1, 0)), net.weight(64, 256, order=(1, 0))
    bias, last = net.weight(256), net.dense(64, 32)
    none, state = torch.zeros(256, dtype=net.dtype), torch.zeros(1, net.batch, 64, dtype=net.dtype)
    x, y = net.inputs(40, 32), net.labels(32)
    sigmoid = lambda z: torch.clamp(0.2 * z + 0.5, 0, 1)

    def hidden():
        if not hard:
            return torch.lstm(x, (state, state), [kernel, recurrent, bias, none], True, 1, 0.0, True, False, True)[1]
        h = c = state[0]
        for part in F.linear(x, kernel, bias).unbind(1):
            i, f, g, o = torch.addmm(part, h, recurrent.t()).chunk(4, 1)
            c = sigmoid(f) * c + sigmoid(i) * torch.tanh(g)
            h = sigmoid(o) * torch.tanh(c)
        return h[None]

    return lambda: F.cross_entropy(last(hidden()[0]), y)


def resnet20(net):
    parts = []
    convolution = lambda size, inputs, filters, strides: net.convolution(size, inputs, filters, strides)
    stem, stem_norm = convolution(3, 1, 16, 1), net.normalization(16)
    inputs = 16
    for filters in (16, 32, 64):
        for block in range(3):
            strides = 2 if filters > 16 and block == 0 else 1
            first = convolution(3, inputs, filters, strides), net.normalization(filters)
            second = convolution(3, filters, filters, 1), net.normalization(filters)
            parts.append((first, second, convolution(1, inputs, filters, 2) if strides == 2 else None))
            inputs = filters
    last = net.dense(64, 10)
    x, y = channels_first(net.inputs(28, 28, 1)), net.labels(10)

    def loss():
        h = F.relu(stem_norm(stem(x)))
        for (convolve, norm), (convolve2, norm2), shortcut in parts:
            inner = norm2(convolve2(F.relu(norm(convolve(h)))))
            h = F.relu(inner + (h if shortcut is None else shortcut(h)))
        return F.cross_entropy(last(h.mean((2, 3))), y)

    return loss


def resnet20_of_sequences(net):
    stem = net.convolution(5, 1, 16, 2, dimensions=1, bias=True)
    half = lambda: (net.convolution(3, 16, 16, dimensions=1), net.normalization(16))
    parts = [(half(), half()) for _ in range(9)]
    last = net.dense(16, 10)
    x, y = channels_first(net.inputs(40, 1)), net.labels(10)

    def loss():
        h = F.relu(stem(x))
        for (convolve, norm), (convolve2, norm2) in parts:
            h = F.relu(norm2(convolve2(F.relu(norm(convolve(h))))) + h)
        return F.cross_entropy(last(h.mean(2)), y)

    return loss


def gpt(net):
    times, width, heads, batch = 64, 64, 4, net.batch
    embedding, position = net.weight(64, width), net.weight(times, width)
    norm = lambda: (net.weight(width, centre=1.0), net.weight(width))
    parts = []
    for _ in range(2):
        attention = (norm(), net.weight(width, 3 * width), net.weight(width, width))
        parts.append((attention, (norm(), net.weight(width, 4 * width), net.weight(4 * width, width))))
    out = net.weight(width, 64)
    tokens = torch.tensor([[(i * 7 + j * 3) % 64 for j in range(times)] for i in range(batch)])
    y = torch.arange(batch * times) * 5 % 64
    mask = torch.triu(torch.full((times, times), -1e9, dtype=net.dtype), 1)
    split = lambda t: t.view(batch, times, heads, width // heads).transpose(1, 2)

    def loss():
        h = F.embedding(tokens, embedding) + position
        for ((g1, b1), qkv, o), ((g2, b2), f1, f2) in parts:
            query, key, value = map(split, (F.layer_norm(h, (width,), g1, b1, 1e-5) @ qkv).split(width, 2))
            scores = F.softmax(query @ key.transpose(2, 3) / math.sqrt(width // heads) + mask, -1)
            h = h + (scores @ value).transpose(1, 2).reshape(batch, times, width) @ o
            h = h + F.relu(F.layer_norm(h, (width,), g2, b2, 1e-5) @ f1) @ f2
        return F.cross_entropy((h @ out).view(-1, 64), y)

    return loss


MODELS = {
    "ResNet-20 28×28": (32, resnet20),
    "CNN 28×28": (64, cnn),
    "MLP 10×256": (128, lambda net: mlp(net, [784, *[256] * 9])),
    "GPT 2 blocks, 64 wide": (16, gpt),
    "LSTM 64, hard sigmoid": (32, lambda net: lstm(net, True)),
    "LSTM 64, sigmoid": (32, lambda net: lstm(net, False)),
    "ResNet-20 on sequences": (100, resnet20_of_sequences),
    "MLP 40-100-100-10": (100, lambda net: mlp(net, [40, 100, 100])),
    "CNN on sequences": (100, cnn_of_sequences),
}


def measure(name, seconds):
    torch.set_num_threads(1)
    batch, make = MODELS[name]
    net = Net(batch, torch.float32)
    loss = make(net)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7)

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss()
        value.backward()
        optimizer.step()
        return value.item()

    losses, durations = [step() for _ in range(4)], []
    begin = time.perf_counter()
    while time.perf_counter() < begin + seconds / 3:
        step()
    while len(durations) < 5 or time.perf_counter() < begin + seconds:
        start = time.perf_counter()
        step()
        durations.append((time.perf_counter() - start) * 1e3)
    return {"milliseconds": statistics.median(durations), "losses": losses, "torch": torch.__version__}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1.5)))
