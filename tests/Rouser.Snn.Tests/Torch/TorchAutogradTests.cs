using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Fused;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Testing;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Torch;

/// <summary>
/// The fused engine against the same network written in PyTorch with autograd and PyTorch's own batch normalisation:
/// spikes, and the gradients of weights, thresholds, decays, gains and biases.
/// </summary>
public sealed class TorchAutogradTests
{
    /// <summary>
    /// The network in double precision. Where a spike differs, its potential has to be within 1e-5 of the threshold; then
    /// gradients are not compared, which the output says.
    /// </summary>
    private const string Network = """
        import sys, json, numpy as np, torch
        F = torch.nn.functional; torch.set_default_dtype(torch.float64)
        class Spike(torch.autograd.Function):
            @staticmethod
            def forward(ctx, u, h, tau): ctx.save_for_backward(u); ctx.c = h, tau; return (u >= 0).to(u.dtype)
            @staticmethod
            def backward(ctx, g): (u,), (h, tau) = ctx.saved_tensors, ctx.c; return g * h * torch.exp(-u.abs() / tau), None, None
        class Delay(torch.autograd.Function):
            @staticmethod
            def forward(ctx, s, d):
                k = (d + 0.5).floor().long(); T = s.shape[1]
                out = torch.stack([F.pad(s[:, :, i], (int(k[i]), 0))[:, :T] for i in range(s.shape[2])], 2)
                ctx.save_for_backward(out, k); return out
            @staticmethod
            def backward(ctx, g):
                out, k = ctx.saved_tensors; T = g.shape[1]
                back = torch.stack([F.pad(g[:, int(k[i]):, i], (0, min(int(k[i]), T))) for i in range(g.shape[2])], 2)
                return back, (g * (F.pad(out, (0, 0, 1, 0))[:, :T] - out)).sum((0, 1))
        def delayed(s, w, d, lag):
            # A spike that moves by a part of a step is in two steps in proportion; the part is 0, its slope is not.
            k, part, z = (d.detach() + 0.5).floor(), d - d.detach(), 0
            for n in k.unique().long().tolist():
                for share, by in ((1 - part, n + lag), (part, n + lag + 1)):
                    z = z + F.pad(s @ (w * (k == n) * share), (0, 0, by, 0))[:, :s.shape[1]]
            return z
        for folder in sys.argv[1:]:
            c = json.load(open(folder + "/case.json")); L, B, T = len(c["sizes"]) - 1, c["samples"], c["steps"]
            load = lambda name, *shape: torch.tensor(np.fromfile(f"{folder}/{name}", np.float32).reshape(shape).astype(float))
            S, worst, same, leaves = load("s0", B, T, c["sizes"][0]), 0.0, True, {}
            def leaf(name, *shape):
                leaves[name] = load(name, *shape).requires_grad_(); return leaves[name]
            for l in range(1, L + 1):
                m, n = c["sizes"][l - 1 : l + 1]
                own = n if c["recurrent"] and l < L else 0
                W, th, a, b = leaf(f"W{l}", m + own, n), leaf(f"Th{l}", n), leaf(f"a{l}", n), leaf(f"b{l}", n)
                d = 1 if c["delayed"] or l > 1 else 0
                z = delayed(S, W[:m], leaf(f"d{l}", m, n), d) if l in c["synapses"] else F.pad(S @ W[:m], (0, 0, d, 0))[:, :T]
                if l in c["normalized"]:
                    mean, var = torch.zeros(n), torch.ones(n)
                    z = F.batch_norm(z.reshape(B * T, n), mean, var, leaf(f"gain{l}", n) * c["scale"], leaf(f"bias{l}", n),
                                     training=True, momentum=1 - c["momentum"], eps=1e-5).reshape(B, T, n)
                    for name, x in (("mean", mean), ("variance", var)):
                        x = x.detach(); worst = max(worst, float((load(f"{name}{l}", n) - x).abs().max() / x.abs().max()))
                I = before = C = s = torch.zeros(B, n); out = []; margin = []
                for t in range(T):
                    before, I = I, a * I + z[:, t] + (s @ W[m:] if own else 0)
                    V = C + (before if c["delayed"] else I)
                    s = Spike.apply(V - th, c["height"], c["tau"])
                    C = b * V - th * s if c["soft"] else b * V * (1 - s)
                    out.append(s); margin.append((V - th).detach().abs())
                S = torch.stack(out, 1)
                apart = load(f"s{l}", B, T, n) != S.detach()
                assert not (apart & (torch.stack(margin, 1) > 1e-5)).any(), f"a spike of layer {l} differs"
                same = same and not apart.any()
                assert S.sum() > 0, f"layer {l} is silent"
                if c["delays"] and l < L:
                    S = Delay.apply(S, leaf(f"d{l}", n))
                if c["dropout"] and l < L:
                    kept = load(f"kept{l}", B, 1, n)
                    assert 0 < kept.sum() < kept.numel(), f"layer {l} is kept or dropped as a whole"
                    S = S * kept / (1 - c["dropout"])
            labels = F.one_hot(torch.tensor(c["labels"]), c["sizes"][-1])
            loss = ((S.mean(1) - torch.where(labels == 1, c["true"], c["false"])) ** 2).sum(1).mean(); loss.backward()
            for l in range(1, L):
                own = leaves[f"W{l}"].grad[c["sizes"][l - 1]:]
                assert not c["recurrent"] or own.abs().max() > 0, f"layer {l} has no gradient from itself"
            compared = 0
            for name, x in leaves.items():
                try: g = load("g" + name, *x.shape)
                except FileNotFoundError: continue
                assert x.grad.abs().max() > 0, f"{name} has no gradient"
                worst = max(worst, float((g - x.grad).abs().max() / x.grad.abs().max())); compared += 1
            print("same" if same else "spikes at a threshold", compared, worst)
        """;

    [SkippableFact]
    public void Decays_normalised_inputs_dropout_layers_that_hear_themselves_and_delays_have_the_spikes_and_gradients_of_PyTorch()
    {
        string? python = ToolProcess.PythonWith("torch, numpy");
        Skip.If(python is null, "PyTorch (python3-torch) is not installed");
        using var folder = new TemporaryFolder();
        (string Name, TrainingSettings Settings, int Gradients)[] cases = [.. Cases()];
        foreach ((string name, TrainingSettings settings, _) in cases)
            Write(folder, name, settings);
        (int code, string output, string errors) = ToolProcess.Run(
            python!,
            ["-c", Network, .. cases.Select(c => Path.Combine(folder.Path, c.Name))]
        );
        Assert.True(code == 0, errors);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(cases.Length, lines.Length);
        for (int k = 0; k < cases.Length; k++)
        {
            string[] words = lines[k].Split(' ');
            Assert.True(words[0] == "same", $"{cases[k].Name}: {lines[k]}");
            Assert.Equal(cases[k].Gradients, int.Parse(words[1], CultureInfo.InvariantCulture));
            Assert.True(double.Parse(words[2], CultureInfo.InvariantCulture) < 1e-4, $"{cases[k].Name}: {lines[k]}");
        }
    }

    /// <summary>
    /// Three networks with decays that are drawn and trained, three that are normalised as well, three with dropout, and three
    /// whose hidden layers hear themselves, one of them with dropout; then three with delays, one of them with dropout, and one
    /// with both; the same of delays of weights, those of the input without in the first.
    /// </summary>
    private static IEnumerable<(string, TrainingSettings, int)> Cases()
    {
        for (int k = 0; k < 20; k++)
        {
            TrainingSettings settings = TestNetworks.Settings(40, [35, 20, 4], 30, 4, seed: k);
            bool isNormalized = k is >= 3 and < 6;
            NormalizedLayers layers = k == 4 ? NormalizedLayers.All : NormalizedLayers.Hidden;
            settings = settings with
            {
                Neuron = new NeuronSettings(
                    0.6,
                    0.9,
                    k % 2 == 0 ? ResetKind.Soft : ResetKind.Hard,
                    k % 3 == 0 ? CouplingKind.Delayed : CouplingKind.SameStep,
                    ResetGradientKind.Full
                )
                {
                    Membrane = new PlifMembrane(true, 0.01),
                    Current = new TrainedCurrent(true, 0.01),
                    Heterogeneity =
                        k % 3 == 1
                            ? new GammaHeterogeneity(HeterogeneousDecays.Both, 3)
                            : new UniformHeterogeneity(HeterogeneousDecays.Both, 0.8),
                },
                Threshold = new Thresholds.LearnedThreshold(0.4, 0.01),
                Surrogate = new ExponentialSurrogate(0.8, 0.7),
                Weights = new WeightSettings(WeightInitKind.KaimingNormal, false),
                Loss = new SpikeRateLoss(0.5, 0.1),
                Normalization = isNormalized ? new TdbnNormalization(1.3, 0.9, 0.01, layers) : null,
                Dropout = k is >= 6 and < 10 or 13 or 17 ? new Dropout(0.25) : null,
                IsRecurrent = k is >= 9 and < 12 or 15 or 19,
                Delays =
                    k < 12 ? null
                    : k < 16 ? new AxonalDelays(7, 6.5, 0.1)
                    : new SynapticDelays(7, 6.5, 0.1, OfInputs: k > 16),
            };
            // W, Th, a and b of three layers; gain and bias of two or three; delays of two.
            yield return (
                $"case{k}",
                settings,
                12
                    + (
                        !isNormalized ? 0
                        : layers == NormalizedLayers.All ? 6
                        : 4
                    )
                    + (
                        k < 12 ? 0
                        : k < 17 ? 2
                        : 3
                    )
            );
        }
    }

    private static void Write(TemporaryFolder folder, string name, TrainingSettings settings)
    {
        string to = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(to);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(settings.Seed, "torch"), 4, 0.15);
        using FusedEngine engine = new(settings, 1, Kernels.Best, inspect: true);
        NetworkState before = engine.Export();
        engine.Train(batch);
        NetworkState after = engine.Export();
        void Put(string file, IEnumerable<float> values) =>
            File.WriteAllBytes(Path.Combine(to, file), MemoryMarshal.AsBytes([.. values]));

        Put("s0", batch.SelectMany(sample => TestNetworks.Dense(sample.Raster)));
        List<int> normalized = [];
        for (int l = 1; l <= settings.LayerSizes.Count; l++)
        {
            (FusedLayer layer, LayerState state) = (engine.Layers[l - 1], before.Layers[l - 1]);
            Put($"s{l}", Enumerable.Range(0, batch.Length).SelectMany(layer.ReadSpikes));
            Put($"W{l}", state.Weights);
            Put($"Th{l}", state.Thresholds);
            Put($"a{l}", LayerDecay.CurrentFactorsOf(settings.Neuron, state));
            Put($"b{l}", LayerDecay.VoltageFactorsOf(settings.Neuron, state));
            Put($"gW{l}", layer.WeightGradient());
            Put($"gTh{l}", engine.ThresholdGradient(l - 1));
            Put($"ga{l}", engine.CurrentGradient(l - 1));
            Put($"gb{l}", engine.VoltageGradient(l - 1));
            if (layer.Delays is not null)
            {
                Put($"d{l}", state.Tensors["delays.d"]);
                Put($"gd{l}", engine.DelayGradient(l - 1));
            }
            ulong key = Dropout.Key(settings.Seed, l);
            if (settings.Dropout is { } dropout)
                Put(
                    $"kept{l}",
                    batch.SelectMany(
                        (_, s) => Enumerable.Range(0, layer.Neurons).Select(i => dropout.Keeps(key, 1, s, i) ? 1f : 0)
                    )
                );
            if (layer.Normalization is not { } normalization)
                continue;
            normalized.Add(l);
            Put($"gain{l}", state.Tensors["normalization.gain"]);
            Put($"bias{l}", state.Tensors["normalization.bias"]);
            Put($"ggain{l}", normalization.GainGradient.ToArray());
            Put($"gbias{l}", normalization.BiasGradient.ToArray());
            Put($"mean{l}", after.Layers[l - 1].Tensors["normalization.mean"]);
            Put($"variance{l}", after.Layers[l - 1].Tensors["normalization.variance"]);
        }
        var loss = (SpikeRateLoss)settings.Loss;
        File.WriteAllText(
            Path.Combine(to, "case.json"),
            JsonSerializer.Serialize(
                new Dictionary<string, object>
                {
                    ["sizes"] = (int[])[settings.InputCount, .. settings.LayerSizes],
                    ["samples"] = batch.Length,
                    ["steps"] = settings.StepCount,
                    ["labels"] = batch.Select(sample => sample.Label),
                    ["delayed"] = settings.Neuron.Coupling == CouplingKind.Delayed,
                    ["soft"] = settings.Neuron.Reset == ResetKind.Soft,
                    ["height"] = settings.Surrogate.Height,
                    ["tau"] = settings.Surrogate.Tau,
                    ["true"] = loss.TrueRate,
                    ["false"] = loss.FalseRate,
                    ["normalized"] = normalized,
                    ["dropout"] = settings.Dropout?.Rate ?? 0,
                    ["recurrent"] = settings.IsRecurrent,
                    ["delays"] = settings.Delays is AxonalDelays,
                    ["synapses"] = Enumerable
                        .Range(1, settings.LayerSizes.Count)
                        .Where(l => engine.Layers[l - 1].Synapses is not null),
                    ["scale"] = (settings.Normalization?.Alpha ?? 1) * settings.Threshold.Init,
                    ["momentum"] = settings.Normalization?.Momentum ?? 0.9,
                }
            )
        );
    }
}
