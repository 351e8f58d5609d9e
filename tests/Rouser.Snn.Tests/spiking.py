"""Rouser's neurons in PyTorch, by autograd, and how the tests' scripts are given their cases."""
import json
import sys

try:
    import torch
except ImportError:
    sys.exit(3)


class Spike(torch.autograd.Function):
    """1 where u is not negative; the derivative is the paper's surrogate, equation 4."""

    @staticmethod
    def forward(ctx, u, tau, scale):
        ctx.save_for_backward(u)
        ctx.constants = (tau, scale)
        return (u >= 0).to(u.dtype)

    @staticmethod
    def backward(ctx, g):
        (u,) = ctx.saved_tensors
        tau, scale = ctx.constants
        return g * scale / tau * torch.exp(-u.abs() / tau), None, None


def neurons(z, threshold, case):
    """Spikes of neurons that z [T, B, ...] drives: soft reset, delayed coupling. Without a threshold, their potentials."""
    current = voltage = spike = torch.zeros_like(z[0])
    drive = torch.zeros_like(z[0])
    out = []
    for t in range(z.shape[0]):
        reset = 0 if threshold is None else threshold * spike
        voltage = case["b"] * voltage + current - reset
        current = case["a"] * current + drive
        drive = z[t]
        if threshold is not None:
            spike = Spike.apply(voltage - threshold, case["tau"], case["scale"])
        out.append(voltage if threshold is None else spike)
    return torch.stack(out)


def answer(run):
    """Reads the cases from the JSON file that the command line names, and prints what `run` makes of each."""
    with open(sys.argv[1], encoding="ascii") as file:
        print(json.dumps([run(case) for case in json.load(file)]))
