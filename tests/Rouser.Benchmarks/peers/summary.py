"""Prints what compare.sh measured: `summary.py table TITLE NAME=FILE...`, and `summary.py product THREADS`, the speed of PyTorch's matrix product."""
import statistics
import sys
import time


def table(title, sides):
    """Medians and quartiles of each side, and how many times the first side's time the others take."""
    print(f"\n| {title} | training, ms a sample | against Rouser | inference, ms a sample | against Rouser |\n|---|---|---|---|---|")
    first = None
    for side in sides:
        name, path = side.split("=", 1)
        times = {"train": [], "inference": []}
        with open(path) as file:
            for line in file:
                what, value = line.split()
                times[what].append(float(value))
        medians = {what: statistics.median(values) for what, values in times.items()}
        first = first or medians
        cells = []
        for what, values in times.items():
            lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
            cells += [f"{medians[what]:.3g} ({lower:.3g} to {upper:.3g})", f"{medians[what] / first[what]:.1f}"]
        print(f"| {name} | {' | '.join(cells)} |")


def product(threads):
    """PyTorch's speed in the product that the first layer is, [T·B × 2312]·[2312 × 500]."""
    import torch
    torch.set_num_threads(threads)
    a, b = torch.rand(9600, 2312), torch.rand(2312, 500)
    best = float("inf")
    for _ in range(6):
        start = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - start)
    rate = 2 * a.numel() * b.shape[1] / best / 1e9
    print(f"PyTorch {torch.__version__} multiplies matrices at {rate:.0f} GFLOP/s on {threads} thread(s)")
    if rate < 5:
        sys.exit("compare.sh: that is a reference BLAS; apt-get install -y libopenblas0-pthread")


if __name__ == "__main__":
    if sys.argv[1] == "table":
        table(sys.argv[2], sys.argv[3:])
    else:
        product(int(sys.argv[2]))
