"""The network of ReadoutAgainstTorchTests in PyTorch, by autograd. Reads the cases from a JSON file, prints the results as JSON."""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from spiking import answer, neurons, torch  # it ends with code 3 where there is no PyTorch


def run(case):
    torch.set_default_dtype(torch.float64)
    x = torch.tensor(case["x"], dtype=torch.float64)
    weights = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in case["weights"]]
    threshold = torch.full((weights[0].shape[1],), case["threshold"], requires_grad=True)
    top = None if case["readout"] else torch.full((weights[1].shape[1],), case["threshold"], requires_grad=True)
    hidden = neurons(x @ weights[0], threshold, case)
    output = neurons(hidden @ weights[1], top, case)
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


answer(run)
