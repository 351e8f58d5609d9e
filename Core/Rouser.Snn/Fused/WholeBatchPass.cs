using Rouser.Data;
using Rouser.Snn.Fused.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>
/// A whole batch forward and back, layer by layer, where its samples depend on each other: where the thresholds of a step
/// come from the potentials of all samples at that step (<see cref="Snn.Thresholds.DsAtgoThreshold"/>), or where inputs
/// are normalised over the batch (<see cref="LayerNormalization"/>). What is most of the work is made by all threads,
/// sample by sample and panel by panel. What is summed over samples is summed by one thread, in their order; so are the
/// steps of such thresholds, because each is a few microseconds of work, less than it takes threads to meet.
/// </summary>
internal sealed unsafe class WholeBatchPass : IDisposable
{
    private readonly Kernels _kernels;
    private readonly FusedLayer[] _layers;
    private readonly ThreadWorkspace[] _workspaces;
    private readonly ThreadTeam _team;
    private readonly SamplePass _pass;
    private readonly Moments _moments = new();
    private readonly Action<int, int> _inputs,
        _events,
        _known,
        _shift,
        _back,
        _gradient;
    private readonly int _steps;
    private Sample[] _batch = [];
    private int _samples,
        _layer;

    /// <summary>Takes what it works with.</summary>
    public WholeBatchPass(
        TrainingSettings settings,
        FusedLayer[] layers,
        ThreadWorkspace[] workspaces,
        ThreadTeam team,
        SamplePass pass,
        Kernels kernels
    )
    {
        (_kernels, _steps) = (kernels, settings.StepCount);
        (_layers, _workspaces, _team, _pass) = (layers, workspaces, team, pass);
        (_inputs, _events, _known) = (Inputs, FromEvents, FromInputs);
        (_shift, _back, _gradient) = (Shift, Back, NormalizedGradient);
    }

    /// <summary>Leaves the potentials and spikes of all layers and samples behind.</summary>
    public void Forward(Sample[] batch, int samples)
    {
        (_batch, _samples) = (batch, samples);
        for (_layer = 0; _layer < _layers.Length; _layer++)
        {
            FusedLayer layer = _layers[_layer];
            if (layer.Normalization is { } normalization)
            {
                RunByEvents(_inputs);
                normalization.UseBatchStatistics(samples);
                _team.Run(layer.Panels * samples, _known);
            }
            else
            {
                RunByEvents(_events);
            }
            for (int t = 0; layer.Thresholds is SteppedThresholds thresholds && t <= _steps; t++)
                Step(layer, thresholds, t);
            if (layer.Delays is not null)
                _team.Run(samples, _shift);
        }
    }

    /// <summary>Leaves ∂L/∂z of all layers and samples behind, from the loss's gradient.</summary>
    public void Backward()
    {
        for (_layer = _layers.Length - 1; _layer >= 0; _layer--)
        {
            _team.Run(_samples, _back);
            FusedLayer layer = _layers[_layer];
            if (layer.Normalization is not { } normalization)
                continue;
            normalization.UseBatchGradients(_samples);
            _team.Run(layer.Panels * _samples, _gradient);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _moments.Dispose();

    /// <summary>
    /// The first layer goes panel by panel, whose weights then stay in the second-level cache; the others sample by sample,
    /// whose spikes are listed once.
    /// </summary>
    private void RunByEvents(Action<int, int> body) => _team.Run(_layer == 0 ? _layers[0].Panels * _samples : _samples, body);

    private void Inputs(int item, int thread) => Each(item, thread, isInput: true);

    private void FromEvents(int item, int thread) => Each(item, thread, isInput: false);

    private void Each(int item, int thread, bool isInput)
    {
        FusedLayer layer = _layers[_layer];
        if (_layer == 0)
        {
            (int panel, int b) = Math.DivRem(item, _samples);
            fixed (int* offsets = _batch[b].Raster.StepOffsets)
            fixed (ushort* inputs = _batch[b].Raster.Neurons)
                One(layer, panel, b, offsets, inputs, isInput);
            return;
        }
        (FusedLayer below, ThreadWorkspace own) = (_layers[_layer - 1], _workspaces[thread]);
        SpikeBits.List(
            below.Heard(0, item),
            below.Dropout.Kept(item),
            below.Panels,
            _steps,
            0,
            _steps - layer.Lag,
            own.Offsets.Pointer,
            own.Neurons.Pointer
        );
        for (int p = 0; p < layer.Panels; p++)
            One(layer, p, item, own.Offsets.Pointer, own.Neurons.Pointer, isInput);
    }

    private void One(FusedLayer layer, int panel, int b, int* offsets, ushort* inputs, bool isInput)
    {
        if (!isInput)
        {
            Run(layer, layer.NeuronsOf(panel), panel, b, offsets, inputs);
            return;
        }
        LayerNormalization normalization = layer.Normalization!;
        float* z = normalization.Z(panel, b);
        _kernels.Inputs(_steps, layer.Lag, offsets, inputs, layer.Weights(panel).W, z);
        BatchNormalizationKernel.Sum(_steps, z, z, normalization.Sums(panel, b));
    }

    private void FromInputs(int item, int thread)
    {
        (int panel, int b) = Math.DivRem(item, _samples);
        FusedLayer layer = _layers[_layer];
        Run(layer, layer.NeuronsOf(panel) with { Inputs = layer.Normalization!.Z(panel, b) }, panel, b, null, null);
    }

    /// <summary>One panel and sample forward; under thresholds of a step, no further than to the currents.</summary>
    private void Run(FusedLayer layer, in NeuronPanel neurons, int panel, int b, int* offsets, ushort* inputs)
    {
        if (layer.Thresholds is SteppedThresholds)
        {
            _pass
                .KernelsOf(layer)
                .Currents(
                    _pass.ConstantsOf(layer),
                    neurons,
                    _steps,
                    layer.Lag,
                    offsets,
                    inputs,
                    layer.Weights(panel).W,
                    layer.Potentials(panel, b),
                    layer.Currents(panel, b)
                );
        }
        else
        {
            _pass.ForwardPanel(layer, neurons, offsets, inputs, b, panel, 0, keep: true);
            _pass.KeepOutput(layer, panel, b, 0);
        }
    }

    private void Shift(int b, int thread) => SamplePass.Delay(_layers[_layer], b);

    private void Back(int b, int thread)
    {
        _pass.BackwardLayer(_layer, b, b, _samples, 0, _workspaces[thread]);
        FusedLayer layer = _layers[_layer];
        if (layer.Normalization is not { } normalization)
            return;
        for (int p = 0; p < layer.Panels; p++)
            BatchNormalizationKernel.Sum(_steps, layer.Potentials(p, b), normalization.Z(p, b), normalization.Sums(p, b));
    }

    private void NormalizedGradient(int item, int thread)
    {
        (int panel, int b) = Math.DivRem(item, _samples);
        FusedLayer layer = _layers[_layer];
        LayerNormalization normalization = layer.Normalization!;
        _kernels.NormalizedGradient(
            _steps,
            normalization.GradientFactors(panel),
            normalization.Z(panel, b),
            layer.Potentials(panel, b)
        );
    }

    private void Step(FusedLayer layer, SteppedThresholds thresholds, int t)
    {
        bool isLast = t == _steps;
        (NeuronKernels kernels, NeuronConstants neuron) = (_pass.KernelsOf(layer), _pass.ConstantsOf(layer));
        nint row = (nint)t * WeightPanels.Width,
            stride = (nint)(layer.Potentials(0, 1) - layer.Potentials(0, 0)),
            strideS = (nint)(layer.Spikes(0, 1) - layer.Spikes(0, 0));
        for (int p = 0; p < layer.Panels; p++)
        {
            float* V = layer.Potentials(p, 0) + row;
            NeuronPanel neurons = layer.NeuronsOf(p).From(Math.Max(t - 1, 0));
            kernels.Step(neuron, neurons, t, isLast, _samples, V, stride, layer.Spikes(p, 0) + t - 1, strideS);
            if (isLast)
                continue;
            if (p == 0)
                _moments.Start(*V);
            _moments.Add(Math.Min(WeightPanels.Width, layer.Neurons - (p * WeightPanels.Width)), _samples, V, stride);
        }
        if (isLast)
            return;
        (double mean, double deviation) = _moments.Result();
        thresholds.UseBatchStatistics(t, mean, deviation);
    }
}
