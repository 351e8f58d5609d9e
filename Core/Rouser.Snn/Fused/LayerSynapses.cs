using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rouser.Snn.Connections;

namespace Rouser.Snn.Fused;

/// <summary>
/// The delays of a layer's weights; <see cref="SynapticDelays"/> has the equations. A spike adds its row of weights to the
/// drive, each of them so many steps later. On the way back ∂L/∂z is kept with the steps of a neuron side by side, so that a
/// delay is a shift: of a vector for ∂L/∂S, and of where a sum over spikes reads for ∂L/∂w and ∂L/∂d.
/// </summary>
internal sealed unsafe class LayerSynapses : LayerDelays
{
    private readonly SynapticDelays _delays;
    private readonly Optimizers.Optimizer _optimizer;
    private readonly UpdateKernels _kernels;
    private readonly NativeBuffer<float> _d,
        _m,
        _v,
        _gradient,
        _atDelay,
        _after,
        _g;

    // Of each weight 32 D + its column: where, from the row of a spike's first effect, its own is.
    private readonly NativeBuffer<int> _offsets;
    private readonly int _inputs,
        _rows,
        _neurons,
        _samples,
        _steps,
        _lag,
        _lane,
        _longest,
        _window;

    /// <summary>Draws the delays.</summary>
    /// <param name="number">The layer's, from 1.</param>
    /// <param name="inputs">Neurons below.</param>
    /// <param name="own">Neurons of the layer, if it hears itself; else 0.</param>
    /// <param name="lag">Steps from a spike without a delay to the current.</param>
    public LayerSynapses(
        TrainingSettings settings,
        SynapticDelays delays,
        int number,
        int inputs,
        int own,
        int lag,
        BatchPlan plan
    )
    {
        (_delays, _optimizer, _kernels) = (delays, settings.Optimizer, settings.Optimizer.Kernels<SimdScalar, float>());
        (_inputs, _rows, _lag, _samples, _steps) = (inputs, inputs + own, lag, plan.Samples, settings.StepCount);
        (_neurons, _window) = (settings.LayerSizes[number - 1], settings.GradientWindow ?? int.MaxValue);
        // A delay of all steps and a longer one both leave nothing.
        _longest = Math.Min(delays.Max, _steps);
        // Behind the last step is room, always 0, for the greatest delay and for the last block of steps.
        _lane = ShiftedKernel.Padded(_steps) + _longest + Vector128<float>.Count + 1;
        nint columns = (nint)WeightPanels.Count(_neurons) * WeightPanels.Width,
            matrix = inputs * columns;
        (_d, _m, _v, _gradient) = (new(matrix), new(matrix), new(matrix), new(matrix));
        (_atDelay, _after, _offsets) = (new(_rows * columns), new(_rows * columns), new(matrix));
        _g = new NativeBuffer<float>(columns * _samples * _lane);
        Columns = new SpikeColumns(inputs, own, _samples, WeightPanels.Width * _lane, lag);
        double[] drawn = delays.Draw(settings.Seed, number, inputs * _neurons);
        PanelMatrix.Write(_d, [.. drawn.Select(d => (float)d)], inputs, _neurons);
        Spread();
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors =>
        [
            new(SpikeDelays.Tensor, _d, _inputs, _neurons),
            new("delays.m", _m, _inputs, _neurons),
            new("delays.v", _v, _inputs, _neurons),
        ];

    /// <inheritdoc/>
    public override bool IsFinite
    {
        get
        {
            float sum = 0;
            foreach (float d in _d.Span)
                sum += 0 * d;
            return sum == 0;
        }
    }

    /// <summary>The spikes below, and the layer's own if it hears them, sorted by neuron: where in ∂L/∂z each has effect.</summary>
    public SpikeColumns Columns { get; }

    /// <summary>∂L/∂w of a panel, once a batch is through: a row for each row of the weights.</summary>
    public float* Gradients(int panel) => _atDelay.Pointer + ((nint)panel * _rows * WeightPanels.Width);

    /// <summary>∂L/∂d of the last batch, <c>[in × N]</c>; a copy.</summary>
    public float[] ReadGradient() => PanelMatrix.Read(_gradient, _inputs, _neurons);

    /// <summary>z of a panel over all steps, <c>[T × 32]</c>.</summary>
    /// <param name="W">The panel's weights.</param>
    /// <param name="offsets">Where each step's spikes start, <c>[T − l + 1]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Drive(int panel, float* W, int* offsets, ushort* inputs, float* z)
    {
        new Span<float>(z, _steps * WeightPanels.Width).Clear();
        int* delays = Offsets(panel);
        nint end = (nint)_steps * WeightPanels.Width;
        for (int t = 0; t < _steps - _lag; t++)
        {
            nint at = (nint)(t + _lag) * WeightPanels.Width;
            bool fits = t + _lag + _longest < _steps;
            for (int k = offsets[t]; k < offsets[t + 1]; k++)
            {
                float* w = W + ((nint)inputs[k] * WeightPanels.Width),
                    to = z + at;
                int* late = delays + ((nint)inputs[k] * WeightPanels.Width);
                for (int i = 0; i < WeightPanels.Width; i++)
                {
                    if (fits || at + late[i] < end)
                        to[late[i]] += w[i];
                }
            }
        }
    }

    /// <summary>Keeps a sample's ∂L/∂z with the steps of each neuron side by side.</summary>
    public void Keep(FusedLayer layer, int slot)
    {
        for (int p = 0; p < layer.Panels; p++)
        {
            float* from = layer.Potentials(p, slot),
                to = G(p, slot);
            for (int t = 0; t < _steps; t++, from += WeightPanels.Width)
            {
                for (int i = 0; i < WeightPanels.Width; i++)
                    to[((nint)i * _lane) + t] = from[i];
            }
        }
    }

    /// <summary>∂L/∂S of a panel of the layer below, <c>[T × 32]</c>, from what was kept.</summary>
    /// <param name="column">Room for the steps of a neuron, as <see cref="ShiftedKernel.Padded"/> says.</param>
    public void InputGradient(Kernels kernels, FusedLayer layer, int panelBelow, int slot, float* column, float* gS)
    {
        new Span<float>(gS, _steps * WeightPanels.Width).Clear();
        int first = panelBelow * WeightPanels.Width;
        nint weights = (nint)_rows * WeightPanels.Width,
            delays = (nint)_inputs * WeightPanels.Width,
            panel = (nint)_samples * WeightPanels.Width * _lane;
        for (int j = first; j < Math.Min(first + WeightPanels.Width, _inputs); j++)
        {
            nint row = (nint)j * WeightPanels.Width;
            float* w = layer.Weights(0).W + row;
            if (_window >= _steps)
                kernels.Shifted(_steps, _neurons, G(0, slot) + _lag, panel, _lane, w, weights, Offsets(0) + row, delays, column);
            else
                WithinWindows(G(0, slot) + _lag, panel, w, weights, Offsets(0) + row, delays, column);
            for (int t = 0; t < _steps; t++)
                gS[((nint)t * WeightPanels.Width) + j - first] = column[t];
        }
    }

    /// <summary>Adds a part of a batch to the gradients of some rows of a panel.</summary>
    /// <param name="W">The panel's weights.</param>
    /// <param name="factor">What spikes from below count more in training (<see cref="FusedLayer.SeparateFactor"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddGradient(int panel, int from, int to, BatchPart part, float* W, float factor, NativeBuffer<byte> touched)
    {
        int* starts = Columns.Starts,
            events = Columns.Rows,
            delays = Offsets(panel);
        float* panelG = G(panel, 0),
            atDelay = Gradients(panel),
            after = _after.Pointer + ((nint)panel * _rows * WeightPanels.Width),
            gradient = _gradient.Pointer + ((nint)panel * _inputs * WeightPanels.Width);
        for (int j = from; j < to; j++)
        {
            int* begin = events + starts[j],
                end = events + starts[j + 1];
            if (end > begin)
                touched.Pointer[j] = 1;
            for (int i = 0; i < WeightPanels.Width; i += 4)
            {
                nint at = ((nint)j * WeightPanels.Width) + i;
                float* g0 = Lane(i, at),
                    g1 = Lane(i + 1, at + 1),
                    g2 = Lane(i + 2, at + 2),
                    g3 = Lane(i + 3, at + 3);
                Vector128<float> sum0 = Start(at),
                    sum1 = Start(at + 1),
                    sum2 = Start(at + 2),
                    sum3 = Start(at + 3);
                // The first two numbers of a vector are ∂L/∂z at the delay and a step after it.
                for (int* k = begin; k < end; k++)
                {
                    sum0 += Vector128.Load(g0 + *k);
                    sum1 += Vector128.Load(g1 + *k);
                    sum2 += Vector128.Load(g2 + *k);
                    sum3 += Vector128.Load(g3 + *k);
                }
                End(at, sum0);
                End(at + 1, sum1);
                End(at + 2, sum2);
                End(at + 3, sum3);
            }

            float* Lane(int i, nint at) => panelG + ((nint)i * _lane) + (j < _inputs ? delays[at] / WeightPanels.Width : 0);

            Vector128<float> Start(nint at) =>
                part.IsFirst ? Vector128<float>.Zero : Vector128.Create(atDelay[at], after[at], 0, 0);

            void End(nint at, Vector128<float> sum)
            {
                (atDelay[at], after[at]) = (sum[0], sum[1]);
                if (part.IsLast && j < _inputs)
                    gradient[at] = factor * W[at] * (sum[1] - sum[0]);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>It is known already.</remarks>
    public override double TakeGradient(ReadOnlySpan<float> gradient)
    {
        double squares = 0;
        for (nint k = 0; k < _gradient.Length; k++)
            squares += (double)_gradient.Pointer[k] * _gradient.Pointer[k];
        return squares;
    }

    /// <inheritdoc/>
    public override void Update(UpdateStep step)
    {
        UpdateConstants c = _optimizer.ForNeurons(step, _delays.LearningRate);
        for (nint k = 0; k < _d.Length; k++)
        {
            float* d = _d.Pointer + k;
            _kernels.Step(c, c.GradientFactor * _gradient.Pointer[k], d, _m.Pointer + k, _v.Pointer + k);
            *d = (float)_delays.Bounded(*d);
        }
        Spread();
    }

    /// <inheritdoc/>
    public override void Spread()
    {
        for (nint k = 0; k < _d.Length; k++)
            _offsets.Pointer[k] =
                (Math.Min(_delays.Steps(_d.Pointer[k]), _longest) * WeightPanels.Width) + (int)(k % WeightPanels.Width);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (NativeBuffer<float> buffer in (NativeBuffer<float>[])[_d, _m, _v, _gradient, _atDelay, _after, _g])
            buffer.Dispose();
        _offsets.Dispose();
        Columns.Dispose();
    }

    private float* G(int panel, int slot) => _g.Pointer + ((((nint)panel * _samples) + slot) * WeightPanels.Width * _lane);

    private int* Offsets(int panel) => _offsets.Pointer + ((nint)panel * _inputs * WeightPanels.Width);

    /// <summary>The same as <see cref="ShiftedKernel.Run"/> where no gradient crosses windows.</summary>
    private void WithinWindows(float* g, nint panel, float* w, nint weights, int* offsets, nint delays, float* column)
    {
        new Span<float>(column, _steps).Clear();
        for (int i = 0; i < _neurons; i++)
        {
            (int p, int lane) = Math.DivRem(i, WeightPanels.Width);
            float weight = w[(p * weights) + lane];
            int late = offsets[(p * delays) + lane] / WeightPanels.Width;
            float* x = g + (p * panel) + ((nint)lane * _lane) + late;
            for (int start = 0; start < _steps; start += _window)
            {
                int end = Math.Min(start + _window, _steps) - _lag - late;
                for (int t = start; t < end; t++)
                    column[t] = MathF.FusedMultiplyAdd(weight, x[t], column[t]);
            }
        }
    }
}
