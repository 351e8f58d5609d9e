using Rouser.Snn.Connections;

namespace Rouser.Snn.Fused;

/// <summary>
/// A layer that hears itself (<see cref="Recurrence"/>) through a piece of time of one sample and back. Its panels need each
/// other's spikes of the step before, so they go a step at a time, each by the kernels of the other layers: what comes from
/// below is summed for all steps first, and is what a step's own spikes are added to.
/// </summary>
internal sealed unsafe class RecurrentPass(TrainingSettings settings, BatchPlan plan, Kernels kernels) : IDisposable
{
    private readonly NeuronConstants _neuron = new(settings);
    private readonly NativeBuffer<float> _ones = Ones();
    private readonly bool _adapts = settings.Threshold.Form.HasState;
    private readonly int _steps = settings.StepCount;
    private readonly int _window = settings.GradientWindow ?? int.MaxValue;

    /// <summary>Sums what comes from below a panel, where its potentials will be.</summary>
    /// <param name="offsets">As <see cref="ForwardKernel"/> takes them.</param>
    public void Drive(FusedLayer layer, int* offsets, ushort* inputs, int slot, int panel, int piece)
    {
        (int from, int to) = Piece(piece);
        float* z = layer.Potentials(panel, slot);
        if (layer.Synapses is { } synapses)
            synapses.Drive(panel, layer.Weights(panel).W, offsets, inputs, z);
        else
            kernels.Inputs(to - from, from == 0 ? layer.Lag : 0, offsets, inputs, layer.Weights(panel).W, z);
        if (layer.HasInputFactors)
            kernels.MultiplyRow(to - from, layer.NeuronsOf(panel).InputFactors, z);
    }

    /// <summary>From what <see cref="Drive"/> left to the potentials and spikes.</summary>
    public void Forward(FusedLayer layer, NeuronKernels neuronKernels, int slot, int piece, ThreadWorkspace workspace)
    {
        (int from, int to) = Piece(piece);
        int states = layer.StateRows * WeightPanels.Width;
        NeuronPanel* panels = Panels(layer, workspace);
        for (int p = 0; p < layer.Panels; p++)
            Copy(layer.State(p, slot, piece), State(p), states);
        ushort* own = workspace.Own.Pointer;
        int* offsets = stackalloc int[2];
        for (int t = from; t < to; t++)
        {
            offsets[1] = t == 0 ? 0 : SpikeBits.List(layer.Spikes(0, slot), layer.Panels, _steps, t - 1, own);
            nint row = (nint)(t - from) * WeightPanels.Width;
            for (int p = 0; p < layer.Panels; p++)
            {
                float* zToV = layer.Potentials(p, slot) + row;
                neuronKernels.Forward(
                    _neuron,
                    panels[p] with
                    {
                        InputFactors = _ones.Pointer,
                        InputConstants = zToV,
                    },
                    1,
                    0,
                    offsets,
                    own,
                    layer.OwnWeights(p),
                    State(p),
                    zToV,
                    layer.Currents(p, slot) + row,
                    layer.Spikes(p, slot) + t
                );
                Copy(State(p) + states, State(p), states);
            }
        }
        for (int p = 0; p < layer.Panels; p++)
            Copy(State(p), layer.State(p, slot, piece + 1), states);

        float* State(int p) => workspace.States.Pointer + (2 * (nint)p * states);
    }

    /// <summary>
    /// From ∂L/∂S by what is above the layer and by its own activity, which the workspace has for all panels, to ∂L/∂I.
    /// </summary>
    public void Backward(FusedLayer layer, NeuronKernels neuronKernels, int slot, int piece, ThreadWorkspace workspace)
    {
        (int from, int to) = Piece(piece);
        nint panelRows = (nint)(to - from) * WeightPanels.Width;
        NeuronPanel* panels = Panels(layer, workspace);
        for (int p = 0; p < layer.Panels && _adapts; p++)
        {
            float* Th = workspace.Thresholds.Pointer + (p * panelRows),
                A = layer.State(p, slot, piece) + (2 * WeightPanels.Width);
            neuronKernels.Adaptation(_neuron, panels[p], to - from, A, layer.Potentials(p, slot), Th);
            panels[p] = panels[p] with { Th = Th };
        }
        for (int t = to - 1; t >= from; t--)
        {
            bool isCut = (t + 1) % _window == 0;
            nint row = (nint)(t - from) * WeightPanels.Width;
            float* next = layer.Potentials(0, slot) + row + WeightPanels.Width;
            for (int p = 0; p < layer.Panels; p++)
            {
                float* gS = workspace.PanelGradient.Pointer + (p * panelRows) + row;
                if (!isCut && t + 1 < _steps)
                    kernels.AddOwn(layer.Stride, next, layer.PotentialPanelStride, layer.TransposedOwn(p), gS);
                float* carry = layer.Carry(p, slot);
                if (isCut)
                    new Span<float>(carry, BackwardKernel.CarriedStates * WeightPanels.Width).Clear();
                neuronKernels.Backward(
                    _neuron,
                    _adapts ? panels[p].From(t - from) : panels[p],
                    1,
                    gS,
                    layer.Potentials(p, slot) + row,
                    layer.Currents(p, slot) + row,
                    carry
                );
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ones.Dispose();

    private static NeuronPanel* Panels(FusedLayer layer, ThreadWorkspace workspace)
    {
        NeuronPanel* panels = workspace.Panels.Pointer;
        for (int p = 0; p < layer.Panels; p++)
            panels[p] = layer.NeuronsOf(p);
        return panels;
    }

    private static void Copy(float* from, float* to, int count) =>
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));

    private static NativeBuffer<float> Ones()
    {
        NativeBuffer<float> row = new(WeightPanels.Width);
        row.Span.Fill(1);
        return row;
    }

    private (int From, int To) Piece(int piece) => (piece * plan.Steps, Math.Min((piece + 1) * plan.Steps, _steps));
}
