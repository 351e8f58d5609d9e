"""The networks of LayersAgainstTorchTests in PyTorch, by autograd. Reads the cases from a JSON file, prints the results as JSON.

Planes are PyTorch's own, [B, C, H, W]; only what goes in and what comes out is put in Rouser's order: the data and weights [C, k, k, O] come by channel
first, spikes go out by position, then channel.
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from spiking import answer, neurons, torch  # it ends with code 3 where there is no PyTorch

import torch.nn.functional as F


def flat(x):
    """[..., C, H, W] in Rouser's order of a layer, by position, then channel."""
    return x.movedim(-3, -1).flatten(-3)


def run(case):
    torch.set_default_dtype(torch.float64)
    x = torch.tensor(case["x"], dtype=torch.float64).unflatten(-1, case["plane"])
    steps, batch = x.shape[:2]
    weights, thresholds, spikes = [], [], []

    def weight(*shape):
        weights.append(torch.tensor(case["weights"][len(weights)], dtype=torch.float64).view(shape).requires_grad_())
        return weights[-1]

    def layer(z):
        thresholds.append(torch.full(z.shape[2:], case["threshold"], requires_grad=True))
        spikes.append(neurons(z, thresholds[-1], case))
        return spikes[-1]

    def dense(x, count):
        x = flat(x) if x.dim() == 5 else x
        return layer(x @ weight(x.shape[-1], count))

    for word in case["words"]:
        if len(word) == 1:
            # The sum of a window is its mean times its size; avg_pool2d drops what is left over, as Rouser does.
            x = F.avg_pool2d(x.flatten(0, 1), word[0]).unflatten(0, (steps, batch)) * word[0] ** 2
        elif len(word) == 2:
            x = dense(x, word[0])
        else:
            channels, kernel, stride, padding = word
            w = weight(x.shape[2], kernel, kernel, channels).permute(3, 0, 1, 2)
            x = layer(F.conv2d(x.flatten(0, 1), w, stride=stride, padding=padding).unflatten(0, (steps, batch)))
    x = dense(x, case["classes"])
    loss = torch.nn.CrossEntropyLoss()(x.sum(0), torch.tensor(case["labels"]))
    loss.backward()

    return {
        "loss": loss.item(),
        "spikes": [(flat(s) if s.dim() == 5 else s).detach().movedim(1, 0).flatten().tolist() for s in spikes],
        "gradients": [w.grad.flatten().tolist() for w in weights],
        "thresholds": [(flat(th.grad) if th.dim() == 3 else th.grad).flatten().tolist() for th in thresholds],
    }


answer(run)
