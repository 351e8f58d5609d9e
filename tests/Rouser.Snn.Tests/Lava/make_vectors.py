"""Runs lava-dl's own SLAYER 2.0 on ten recordings and writes what came out; README.md says how to use it.

    python3 make_vectors.py LAVA_DL/src/lava/lib/dl NMNIST OUT
"""

import importlib
import pathlib
import sys
import types

import numpy as np
import torch

INPUTS, HIDDEN, OUTPUTS, STEPS = 2312, 64, 10, 300
# threshold, tau_grad, scale_grad: tau = 100 * tau_grad * threshold, s = scale_grad / 2. And how wide the weights of both layers are spread.
SETTINGS = {"high": (1.25, 0.03, 3.0, (0.1, 0.5)), "low": (0.25, 0.12, 6.0, (0.06, 0.25))}
ROWS = 37  # of the first layer's weight gradient, every so many rows are kept


def lava_dl(folder):
    """The modules of lava-dl that the network needs, without the rest of the package, which wants lava itself and more."""
    for name in ("lava", "lava.lib", "lava.lib.dl", "lava.lib.dl.slayer"):
        module = types.ModuleType(name)
        module.__path__ = [str(folder / "slayer")] if name.endswith("slayer") else []
        sys.modules[name] = module
    for name in ("matplotlib", "matplotlib.pyplot"):  # for its curves only
        sys.modules.setdefault(name, types.ModuleType(name))
    load = lambda name: importlib.import_module("lava.lib.dl.slayer." + name)
    return load("block.cuba"), load("loss")


def weights(rows, columns, width, seed):
    """The same numbers as LavaVectors.Weights: a linear congruential generator, row by row, rounded to float32."""
    x, values = seed, np.empty(rows * columns, np.float32)
    for k in range(values.size):
        x = (1664525 * x + 1013904223) % 2**32
        values[k] = np.float32(width * (2 * (x / 2**32) - 1))
    return values.reshape(rows, columns)


def raster(path):
    """N-MNIST's records, in steps of 1 ms: channel = polarity * 1156 + y * 34 + x."""
    data = np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, 5).astype(np.int64)
    x, y, on = data[:, 0], data[:, 1], data[:, 2] >> 7
    time = ((data[:, 2] & 0x7F) << 16) | (data[:, 3] << 8) | data[:, 4]
    overflow = y == 240
    time = (time + 8192 * np.cumsum(overflow))[~overflow]
    x, y, on = x[~overflow], y[~overflow], on[~overflow]
    spikes = np.zeros((INPUTS, STEPS), np.float32)
    inside = time < 1000 * STEPS
    spikes[(on * 1156 + y * 34 + x)[inside], time[inside] // 1000] = 1
    return spikes


def main(lava, nmnist, out):
    cuba, losses = lava_dl(pathlib.Path(lava))
    files = [sorted((pathlib.Path(nmnist) / "Test" / str(digit)).glob("*.bin"))[0] for digit in range(10)]
    batch = torch.tensor(np.stack([raster(file) for file in files]))
    labels = torch.arange(10)
    for name, (threshold, tau_grad, scale_grad, widths) in SETTINGS.items():
        neuron = dict(threshold=threshold, current_decay=0.25, voltage_decay=0.03, tau_grad=tau_grad, scale_grad=scale_grad)
        blocks = [cuba.Dense(neuron, INPUTS, HIDDEN), cuba.Dense(neuron, HIDDEN, OUTPUTS)]
        for number, (block, width) in enumerate(zip(blocks, widths), 1):
            inputs, neurons = (INPUTS, HIDDEN) if number == 1 else (HIDDEN, OUTPUTS)
            values = weights(inputs, neurons, width, number)
            with torch.no_grad():
                block.synapse.weight.copy_(torch.tensor(values.T.copy()).reshape(block.synapse.weight.shape))
        spikes, x = [], batch
        for block in blocks:
            x = block(x)
            spikes.append(x.detach().numpy())
        loss = losses.SpikeRate(0.2, 0.03, reduction="sum")(x, labels)
        loss.backward()
        first, second = (block.synapse.weight.grad.numpy().squeeze().T for block in blocks)
        folder = pathlib.Path(out)
        for layer, series in enumerate(spikes, 1):
            # [B, N, T] to [B, T, N], without the delay of a step that every block adds at its end; the last step goes with it.
            early = np.ascontiguousarray(series[:, :, 1:].transpose(0, 2, 1))
            np.save(folder / f"{name}_S{layer}.npy", np.flatnonzero(early).astype(np.float32))
            print(name, layer, "spikes", int(early.sum()), "silent neurons", int((early.sum((0, 1)) == 0).sum()))
        np.save(folder / f"{name}_loss.npy", np.array([loss.item()]))
        np.save(folder / f"{name}_gW1.npy", first[::ROWS].astype(np.float32).copy())
        np.save(folder / f"{name}_gW1_sums.npy", first.astype(np.float64).sum(0))
        np.save(folder / f"{name}_gW2.npy", second.astype(np.float32).copy())
        print(name, "loss", loss.item(), "gradients up to", np.abs(first).max(), np.abs(second).max())


if __name__ == "__main__":
    main(*sys.argv[1:])
