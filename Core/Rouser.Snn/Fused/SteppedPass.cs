using Rouser.Data;
using Rouser.Snn.Fused.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>
/// A whole batch forward, layer by layer, where the thresholds of a step come from the potentials of all samples at
/// that step (<see cref="Snn.Thresholds.DsAtgoThreshold"/>). The currents, which are most of the work, are made by
/// all threads; the steps are one thread's, because each is a few microseconds of work, less than it takes threads to
/// meet.
/// </summary>
internal sealed unsafe class SteppedPass : IDisposable
{
    private readonly NeuronConstants _neuron;
    private readonly NeuronKernels _kernels;
    private readonly FusedLayer[] _layers;
    private readonly ThreadWorkspace[] _workspaces;
    private readonly ThreadTeam _team;
    private readonly Moments _moments = new();
    private readonly Action<int, int> _inputCurrents,
        _currents;
    private readonly int _steps;
    private Sample[] _batch = [];
    private int _samples,
        _layer;

    /// <summary>Takes what it works with.</summary>
    public SteppedPass(
        TrainingSettings settings,
        FusedLayer[] layers,
        ThreadWorkspace[] workspaces,
        ThreadTeam team,
        Kernels kernels
    )
    {
        (_neuron, _kernels, _steps) = (new NeuronConstants(settings), kernels.For(settings), settings.StepCount);
        (_layers, _workspaces, _team) = (layers, workspaces, team);
        (_inputCurrents, _currents) = (InputCurrents, Currents);
    }

    /// <summary>Leaves the potentials and spikes of all layers and samples behind.</summary>
    public void Forward(Sample[] batch, int samples)
    {
        (_batch, _samples) = (batch, samples);
        for (_layer = 0; _layer < _layers.Length; _layer++)
        {
            if (_layer == 0)
                _team.Run(_layers[0].Panels * samples, _inputCurrents);
            else
                _team.Run(samples, _currents);
            for (int t = 0; t <= _steps; t++)
                Step(_layers[_layer], (SteppedThresholds)_layers[_layer].Thresholds, t);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _moments.Dispose();

    private void InputCurrents(int item, int thread)
    {
        (int panel, int b) = Math.DivRem(item, _samples);
        FusedLayer layer = _layers[0];
        fixed (int* offsets = _batch[b].Raster.StepOffsets)
        fixed (ushort* inputs = _batch[b].Raster.Neurons)
            _kernels.Currents(
                _neuron,
                layer.NeuronsOf(panel),
                _steps,
                layer.Lag,
                offsets,
                inputs,
                layer.Weights(panel).W,
                layer.Potentials(panel, b),
                layer.Currents(panel, b)
            );
    }

    private void Currents(int b, int thread)
    {
        (FusedLayer layer, FusedLayer below, ThreadWorkspace own) = (_layers[_layer], _layers[_layer - 1], _workspaces[thread]);
        SpikeBits.List(below.Spikes(0, b), below.Panels, _steps, 0, _steps - layer.Lag, own.Offsets.Pointer, own.Neurons.Pointer);
        for (int p = 0; p < layer.Panels; p++)
            _kernels.Currents(
                _neuron,
                layer.NeuronsOf(p),
                _steps,
                layer.Lag,
                own.Offsets.Pointer,
                own.Neurons.Pointer,
                layer.Weights(p).W,
                layer.Potentials(p, b),
                layer.Currents(p, b)
            );
    }

    private void Step(FusedLayer layer, SteppedThresholds thresholds, int t)
    {
        bool isLast = t == _steps;
        nint row = (nint)t * WeightPanels.Width,
            stride = (nint)(layer.Potentials(0, 1) - layer.Potentials(0, 0)),
            strideS = (nint)(layer.Spikes(0, 1) - layer.Spikes(0, 0));
        for (int p = 0; p < layer.Panels; p++)
        {
            float* V = layer.Potentials(p, 0) + row;
            NeuronPanel neurons = layer.NeuronsOf(p).From(Math.Max(t - 1, 0));
            _kernels.Step(_neuron, neurons, t, isLast, _samples, V, stride, layer.Spikes(p, 0) + t - 1, strideS);
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
