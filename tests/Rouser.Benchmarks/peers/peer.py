"""PyTorch's side of the comparison: `peer.py check FILE` and `peer.py time FILE`, FILE written by Rouser.Benchmarks' peer-data. See compare.sh."""
import argparse
import json
import struct
import sys
import time

import numpy
import torch

from lif import Connection, Network

DTYPES = {"F32": numpy.float32, "F64": numpy.float64, "I32": numpy.int32}


def read(path):
    """The arrays and the settings."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        index = json.loads(file.read(length))
        body = file.read()
    texts = index.pop("__metadata__")
    arrays = {
        name: torch.from_numpy(numpy.frombuffer(body[slice(*entry["data_offsets"])], DTYPES[entry["dtype"]]).reshape(entry["shape"]).copy())
        for name, entry in index.items()}
    name = texts.pop("network")
    return name, {key: float(text) for key, text in texts.items()}, arrays


def batches(arrays, settings, sparse):
    """Each batch as [T*B, N] and its labels. What a data loader would do, so it is done before the clock starts."""
    T, N = int(settings["steps"]), int(settings["inputs"])
    k = 0
    while f"batch.{k}.cells" in arrays:
        cells, labels = arrays[f"batch.{k}.cells"].long(), arrays[f"batch.{k}.labels"].long()
        shape = (T * len(labels), N)
        if sparse:
            cells = cells.sort().values
            spikes = torch.sparse_coo_tensor(torch.stack((cells.div(N, rounding_mode="floor"), cells % N)), torch.ones(len(cells)), shape)._coalesced_(True)
        else:
            spikes = torch.zeros(T * len(labels) * N)
            spikes[cells] = 1
            spikes = spikes.view(shape)
        yield spikes, labels
        k += 1


def check(network, data, arrays, labels):
    """The same spikes, gradients and losses as Rouser's? Prints what it found; returns whether."""
    ours, good = arrays["result.losses"], True

    def say(what, difference, bound):
        nonlocal good
        good &= difference <= bound
        print(f"  {what:<42} {difference:.2g}   {'same' if difference <= bound else f'DIFFERENT, more than {bound:.0e}'}")

    for k, ((spikes, _), target) in enumerate(zip(data, labels)):
        loss, layers = network.train(spikes, target)
        if k == 0:
            for l, S in enumerate(layers):
                counts = S.sum((0, 1)).double()
                differ = (counts - arrays[f"result.spikes.{l + 1}"].double()).abs().sum().item()
                # A potential within a rounding error of its threshold may spike on one side only.
                say(f"layer {l + 1}: share of {int(counts.sum())} spikes that differ", differ / max(1, counts.sum().item()), 1e-4)
            for l in range(len(layers)):
                for what, mine in (("weight", network.weight_gradient(l)), ("threshold", network.thresholds[l].grad)):
                    theirs = arrays[f"result.{what}_gradient.{l + 1}"]
                    say(f"layer {l + 1}: {what} gradient, relative", ((mine - theirs).norm() / theirs.norm()).item(), 1e-3)
        # Every update lets rounding errors grow: the first loss is held to 1e-4, those after it are shown.
        say(f"loss of batch {k + 1} ({ours[k]:.4f}), relative", abs(loss.item() / ours[k].item() - 1), 1e-4 if k == 0 else 1e-2)
    return good


def measure(network, data, targets, runs):
    """One line a run, milliseconds a sample: `train 17.3`."""
    per_sample = 1e3 / sum(t.shape[1] for t in targets)
    for run in range(-1, runs):
        network.restart()
        start = time.perf_counter()
        for (spikes, _), target in zip(data, targets):
            network.train(spikes, target)
        train = time.perf_counter() - start
        network.restart()
        start = time.perf_counter()
        for spikes, _ in data:
            network.infer(spikes)
        inference = time.perf_counter() - start
        if run >= 0:
            print(f"train {train * per_sample:.5f}\ninference {inference * per_sample:.5f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["check", "time"])
    parser.add_argument("file")
    parser.add_argument("--input", choices=["dense", "sparse"], default="dense")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    name, settings, arrays = read(arguments.file)
    layers = range(1, int(settings["layers"]) + 1)
    connections = [Connection(arrays[f"connection.{l}"], l == 1) if f"connection.{l}" in arrays else None for l in layers]
    network = Network(settings, [arrays[f"weights.{l}"] for l in layers], [arrays[f"thresholds.{l}"] for l in layers], connections)
    data = list(batches(arrays, settings, arguments.input == "sparse"))
    targets = [network.targets(labels, network.weights[-1].shape[1]) for _, labels in data]
    if arguments.what == "time":
        measure(network, data, targets, arguments.runs)
        return 0
    print(f"{name}; PyTorch {torch.__version__}, {arguments.input} input")
    return 0 if check(network, data, arrays, targets) else 1


if __name__ == "__main__":
    sys.exit(main())
