using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rouser.Snn.Connections;

namespace Rouser.Snn.Fused;

/// <summary>
/// The delays of a hidden layer; <see cref="AxonalDelays"/> has the equations. What the layer above hears is a second set of
/// bits, in which each spike is moved once: from there on a delayed spike is a spike. On the way back each neuron's column of
/// ∂L/∂S' is moved by as much.
/// </summary>
internal sealed unsafe class LayerAxons : LayerDelays
{
    private readonly AxonalDelays _delays;
    private readonly LayerParameter _d;
    private readonly NativeBuffer<int> _shifts;
    private readonly NativeBuffer<uint> _heard;
    private readonly NativeBuffer<double> _sums;

    // [panels × samples at once × Max × 32]: ∂L/∂S' of the steps after a piece, which spikes of the piece reach.
    private readonly NativeBuffer<float>? _later;
    private readonly Func<double, double> _one = static _ => 1;
    private readonly int _neurons,
        _panels,
        _samples,
        _steps,
        _window;

    /// <summary>Draws the delays.</summary>
    /// <param name="layer">From 1.</param>
    public LayerAxons(TrainingSettings settings, AxonalDelays delays, int layer, BatchPlan plan)
    {
        (_delays, _neurons, _samples) = (delays, settings.LayerSizes[layer - 1], plan.Samples);
        (_panels, _steps) = (WeightPanels.Count(_neurons), settings.StepCount);
        _window = settings.GradientWindow ?? int.MaxValue;
        nint row = (nint)_panels * WeightPanels.Width;
        _d = new LayerParameter("delays", _neurons, settings.Optimizer);
        _shifts = new NativeBuffer<int>(row);
        _heard = new NativeBuffer<uint>((nint)_panels * _samples * _steps);
        _sums = new NativeBuffer<double>(row * _samples);
        Gradients = new NativeBuffer<float>(row * settings.BatchSize);
        if (plan.Steps < _steps)
            _later = new NativeBuffer<float>(row * _samples * delays.Max);
        double[] drawn = delays.Draw(settings.Seed, layer, _neurons);
        for (int i = 0; i < _neurons; i++)
            _d.Values.Pointer[i] = (float)drawn[i];
        Spread();
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors => [new(SpikeDelays.Tensor, _d.Values, 1, _neurons), .. _d.Moments];

    /// <inheritdoc/>
    public override bool IsFinite
    {
        get
        {
            bool finite = true;
            foreach (float d in _d.Values.Span)
                finite &= float.IsFinite(d);
            return finite;
        }
    }

    /// <summary>∂L/∂d of the samples of a batch, <c>[B × 32·panels]</c>.</summary>
    public NativeBuffer<float> Gradients { get; }

    /// <summary>S' of a panel, one word per step, <c>[T]</c>; the next panel's follow.</summary>
    public uint* Heard(int panel, int slot) => _heard.Pointer + ((((nint)slot * _panels) + panel) * _steps);

    /// <summary>S' of a panel from S, over all steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Shift(int panel, int slot, uint* S)
    {
        uint* heard = Heard(panel, slot);
        new Span<uint>(heard, _steps).Clear();
        int* shifts = _shifts.Pointer + (panel * WeightPanels.Width);
        for (int t = 0; t < _steps; t++)
        {
            for (uint word = S[t]; word != 0; word &= word - 1)
            {
                int i = BitOperations.TrailingZeroCount(word),
                    at = t + shifts[i];
                if (at < _steps)
                    heard[at] |= 1u << i;
            }
        }
    }

    /// <summary>From ∂L/∂S' of a piece to ∂L/∂S, in place, and to the sum of ∂L/∂d. Pieces come from the last to the first.</summary>
    /// <param name="from">The first step of the piece.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="g"><c>[to − from × 32]</c>, with room for the rows of the greatest delay behind it if there are several
    /// pieces.</param>
    public void Backward(int panel, int slot, int from, int to, float* g)
    {
        AddGradients(panel, slot, from, to, g);
        int steps = to - from,
            known = steps;
        if (_later is not null)
        {
            float* later = _later.Pointer + ((((nint)panel * _samples) + slot) * _delays.Max * WeightPanels.Width);
            known = Math.Min(steps + _delays.Max, _steps - from);
            Copy(later, g + ((nint)steps * WeightPanels.Width), known - steps);
            Copy(g, later, Math.Min(_delays.Max, known));
        }
        int* shifts = _shifts.Pointer + (panel * WeightPanels.Width);
        for (int i = 0; i < WeightPanels.Width; i++)
        {
            if (shifts[i] > 0)
                MoveBack(shifts[i], from, steps, known, g + i);
        }
    }

    /// <summary>Keeps a sample's ∂L/∂d, whose first piece has gone back.</summary>
    public void KeepGradients(int sample, int slot)
    {
        nint stride = (nint)_panels * WeightPanels.Width;
        for (nint i = 0; i < stride; i++)
            Gradients.Pointer[(sample * stride) + i] = (float)_sums.Pointer[(slot * stride) + i];
    }

    /// <inheritdoc/>
    public override double TakeGradient(ReadOnlySpan<float> gradient) => _d.SetGradient(gradient, _one);

    /// <inheritdoc/>
    public override void Update(UpdateStep step)
    {
        _d.Update(step, _delays.LearningRate);
        foreach (ref float d in _d.Values.Span)
            d = (float)_delays.Bounded(d);
        Spread();
    }

    /// <inheritdoc/>
    public override void Spread()
    {
        for (int i = 0; i < _neurons; i++)
            _shifts.Pointer[i] = _delays.Steps(_d[i]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _d.Dispose();
        _shifts.Dispose();
        _heard.Dispose();
        _sums.Dispose();
        _later?.Dispose();
        Gradients.Dispose();
    }

    // From the last step to the first, so that pieces of time add up in the order of the whole.
    private void AddGradients(int panel, int slot, int from, int to, float* g)
    {
        double* sums = _sums.Pointer + ((((nint)slot * _panels) + panel) * WeightPanels.Width);
        if (to == _steps)
            new Span<double>(sums, WeightPanels.Width).Clear();
        AddColumns(Heard(panel, slot), from, to, 0, g, sums);
        AddColumns(Heard(panel, slot), from, to, Vector512<float>.Count, g, sums);
    }

    /// <summary>Sixteen neurons at a time: a loop over the bits would cost a mispredicted branch a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColumns(uint* heard, int from, int to, int column, float* g, double* sums)
    {
        Vector512<uint> bits = SpikeBits.Sixteen << column;
        Vector512<double> low = Vector512.Load(sums + column),
            high = Vector512.Load(sums + column + Vector512<double>.Count);
        for (int t = to - 1; t >= from; t--)
        {
            uint now = heard[t],
                before = t > 0 ? heard[t - 1] : 0;
            if (now == before)
                continue;
            Vector512<float> row = Vector512.Load(g + ((nint)(t - from) * WeightPanels.Width) + column);
            Vector512<float> slope = Of(before, bits, row) - Of(now, bits, row);
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(slope);
            low += first;
            high += second;
        }
        low.Store(sums + column);
        high.Store(sums + column + Vector512<double>.Count);
    }

    /// <summary>The gradient of those that spiked, 0 of the others.</summary>
    private static Vector512<float> Of(uint word, Vector512<uint> bits, Vector512<float> row) =>
        Vector512.ConditionalSelect(Vector512.Equals(Vector512.Create(word) & bits, bits).AsSingle(), row, Vector512<float>.Zero);

    /// <summary>One column by its delay; what would come from another window, or from after the sample, is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MoveBack(int shift, int from, int steps, int known, float* column)
    {
        int moved = Math.Clamp(known - shift, 0, steps);
        float* to = column,
            source = column + ((nint)shift * WeightPanels.Width);
        for (int t = 0; t < moved; t++, to += WeightPanels.Width, source += WeightPanels.Width)
            *to = *source;
        for (int t = moved; t < steps; t++, to += WeightPanels.Width)
            *to = 0;
        for (int t = 0; t < steps && _window < _steps; t++)
        {
            if (((from + t) % _window) + shift >= _window)
                column[(nint)t * WeightPanels.Width] = 0;
        }
    }

    private static void Copy(float* from, float* to, int rows) =>
        new ReadOnlySpan<float>(from, rows * WeightPanels.Width).CopyTo(new Span<float>(to, rows * WeightPanels.Width));
}
