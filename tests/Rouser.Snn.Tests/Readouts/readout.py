"""The network of ReadoutAgainstTorchTests in PyTorch, by autograd. Reads the cases from a JSON file, prints the results as JSON."""
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


def layer(x, w, a, b, tau, scale, threshold):
    """x is [T, B, in]; spikes [T, B, out] under a threshold, else the potentials."""
    current = voltage = spike = torch.zeros(x.shape[1], w.shape[1])
    below = torch.zeros_like(x[0])
    out, potentials = [], []
    for t in range(x.shape[0]):
        reset = 0 if threshold is None else threshold * spike
        voltage = b * voltage + current - reset
        current = a * current + below @ w
        below = x[t]
        if threshold is not None:
            spike = Spike.apply(voltage - threshold, tau, scale)
            out.append(spike)
        potentials.append(voltage)
    return torch.stack(potentials if threshold is None else out)


def run(case):
    torch.set_default_dtype(torch.float64)
    x = torch.tensor(case["x"], dtype=torch.float64)
    weights = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in case["weights"]]
    threshold = torch.full((weights[0].shape[1],), case["threshold"], requires_grad=True)
    top = None if case["readout"] else torch.full((weights[1].shape[1],), case["threshold"], requires_grad=True)
    neuron = (case["a"], case["b"], case["tau"], case["scale"])
    hidden = layer(x, weights[0], *neuron, threshold)
    output = layer(hidden, weights[1], *neuron, top)
    logits = {
        "max": lambda v: v.max(0).values,
        "mean": lambda v: v.mean(0),
        "last": lambda v: v[-1],
        None: lambda s: s.sum(0),
    }[case["readout"]](output)
    loss = torch.nn.CrossEntropyLoss(label_smoothing=case["smoothing"])(logits, torch.tensor(case["labels"]))
    loss.backward()
    return {
        "loss": loss.item(),
        "hidden": hidden.detach().flatten().tolist(),
        "logits": logits.detach().flatten().tolist(),
        "gradients": [w.grad.flatten().tolist() for w in weights],
        "threshold": threshold.grad.tolist(),
    }


with open(sys.argv[1], encoding="ascii") as file:
    print(json.dumps([run(case) for case in json.load(file)]))
