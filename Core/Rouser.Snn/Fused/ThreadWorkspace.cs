namespace Rouser.Snn.Fused;

/// <summary>What one thread needs to work on one sample.</summary>
internal sealed unsafe class ThreadWorkspace(TrainingSettings settings, BatchPlan plan) : IDisposable
{
    /// <summary>The spikes below the layer that is run: where each step's start, <c>[steps at once + 1]</c>.</summary>
    public NativeBuffer<int> Offsets { get; } = new(plan.Steps + 1);

    /// <summary>The neurons that spiked, step by step.</summary>
    public NativeBuffer<ushort> Neurons { get; } = new((nint)plan.Steps * settings.LayerSizes.Max());

    /// <summary>
    /// ∂L/∂S of one panel, <c>[steps at once × 32]</c>; of all panels of a layer that hears itself. Behind them are the later
    /// steps that delayed spikes of a piece reach.
    /// </summary>
    public NativeBuffer<float> PanelGradient { get; } =
        new((((nint)plan.Steps * RecurrentPanels(settings)) + LaterSteps(settings, plan)) * WeightPanels.Width);

    /// <summary>
    /// ∂L/∂P of a layer whose windows are summed, or that a kernel sees, panels of <c>[steps at once × 32]</c>.
    /// </summary>
    public NativeBuffer<float> PlaneGradient { get; } =
        new(
            (nint)plan.Steps
                * WeightPanels.Width
                * (
                    settings
                        .Connections?.Skip(1)
                        .Where(layer => !layer.IsPlain)
                        .Max(layer => (int?)WeightPanels.Count((int)layer.Pooled.Count))
                    ?? 0
                )
        );

    /// <summary>The thresholds that a panel met likewise, where the rule keeps a state.</summary>
    public NativeBuffer<float> Thresholds { get; } =
        new(settings.Threshold.Form.HasState ? (nint)plan.Steps * WeightPanels.Width * RecurrentPanels(settings) : 0);

    /// <summary>The panels of a layer that hears itself, as <see cref="RecurrentPass"/> takes them.</summary>
    public NativeBuffer<NeuronPanel> Panels { get; } = new(settings.IsRecurrent ? RecurrentPanels(settings) : 0);

    /// <summary>Their states before and after a step, <c>[2 × 3 × 32]</c> each.</summary>
    public NativeBuffer<float> States { get; } =
        new(settings.IsRecurrent ? (nint)RecurrentPanels(settings) * 6 * WeightPanels.Width : 0);

    /// <summary>The neurons of such a layer that spiked in a step.</summary>
    public NativeBuffer<ushort> Own { get; } = new(settings.IsRecurrent ? settings.LayerSizes.Max() : 0);

    /// <summary>The output spikes as the loss takes them, <c>[T × N]</c>.</summary>
    public NativeBuffer<double> Output { get; } = new((nint)settings.StepCount * settings.LayerSizes[^1]);

    /// <summary>The loss's derivative, <c>[T × N]</c>.</summary>
    public NativeBuffer<double> OutputGradient { get; } = new((nint)settings.StepCount * settings.LayerSizes[^1]);

    /// <summary>The logits and their gradient, <c>[2 × N]</c>, where the output does not spike.</summary>
    public NativeBuffer<double> Logits { get; } = new(settings.Readout is null ? 0 : 2 * settings.LayerSizes[^1]);

    /// <summary>
    /// Each neuron's spikes in the sample, as the regulariser takes them, <c>[N]</c> of the largest layer, and the
    /// regulariser's derivative.
    /// </summary>
    public NativeBuffer<double> SpikeCounts { get; } = new(settings.Regularizer is null ? 0 : settings.LayerSizes.Max());

    /// <inheritdoc cref="SpikeCounts"/>
    public NativeBuffer<double> CountGradient { get; } = new(settings.Regularizer is null ? 0 : settings.LayerSizes.Max());

    /// <summary>
    /// The potentials of a layer at the end of the last piece, <c>[32·panels]</c> of the largest layer, where updates
    /// are counted.
    /// </summary>
    public NativeBuffer<float> LastPotentials { get; } =
        new((nint)WeightPanels.Count(settings.LayerSizes.Max()) * WeightPanels.Width);

    /// <summary>∂L/∂S of a neuron over all steps, where weights above it have delays.</summary>
    public NativeBuffer<float> Column { get; } =
        new(settings.Delays is Connections.SynapticDelays ? ShiftedKernel.Padded(settings.StepCount) : 0);

    /// <summary>Updates of potentials that this thread has counted.</summary>
    public long MembraneUpdates { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        LastPotentials.Dispose();
        Column.Dispose();
        Offsets.Dispose();
        Neurons.Dispose();
        PanelGradient.Dispose();
        PlaneGradient.Dispose();
        Panels.Dispose();
        States.Dispose();
        Own.Dispose();
        Thresholds.Dispose();
        Output.Dispose();
        OutputGradient.Dispose();
        Logits.Dispose();
        SpikeCounts.Dispose();
        CountGradient.Dispose();
    }

    private static int LaterSteps(TrainingSettings settings, BatchPlan plan) =>
        plan.Steps < settings.StepCount ? settings.Delays?.Max ?? 0 : 0;

    private static int RecurrentPanels(TrainingSettings settings) =>
        settings.IsRecurrent ? WeightPanels.Count(settings.LayerSizes.Max()) : 1;
}
