using Rouser.Snn.Currents;

namespace Rouser.Snn.Fused;

/// <summary>
/// How much of a batch is worked on at once, so that memory is bounded whatever the batch and however long its
/// samples. No plan changes a byte of the result, because a weight's gradient is summed in the same order under all
/// of them (<see cref="SpikeColumns"/>).
/// </summary>
/// <remarks>
/// What takes memory is ∂L/∂I, 4 bytes for each neuron, step and sample: it has to stay until the weights' gradient
/// has been summed. A batch that would take more than <see cref="Budget"/> is cut into parts of whole groups of
/// samples; where even one group would, the steps are cut too. The pass forward then keeps the neurons' state at each
/// cut, and the pass back runs each piece forward once more from there (check-pointed BPTT, exact). Pieces are of
/// <see cref="PieceBudget"/>: they then stay in caches, which saves more than running forward twice costs.
/// <para>
/// Where thresholds or normalised inputs come from the whole batch, nothing can be cut: such a batch is refused above
/// <see cref="WholeBudget"/>.
/// </para>
/// </remarks>
/// <param name="Samples">Samples at once: the whole batch, or a multiple of <see cref="Group"/>.</param>
/// <param name="Steps">Steps at once, T or fewer. The last piece of a sample may be shorter.</param>
internal readonly record struct BatchPlan(int Samples, int Steps)
{
    /// <summary>
    /// Samples that go through time together where steps are cut; so many threads can then share the work. Part of
    /// the order of sums.
    /// </summary>
    public const int Group = 4;

    /// <summary>Bytes of ∂L/∂I to stay within.</summary>
    public const long Budget = 64L << 20;

    /// <summary>
    /// Bytes of ∂L/∂I of a group where its steps are cut. Measured on 2312-500-500-10: the fastest for T = 10,000 are
    /// pieces of some 1,000 steps.
    /// </summary>
    public const long PieceBudget = 16L << 20;

    /// <summary>Bytes of ∂L/∂I of a batch that cannot be cut.</summary>
    public const long WholeBudget = 2L << 30;

    /// <summary>Bytes of ∂L/∂I of a whole batch, and of its currents where those are kept.</summary>
    public static long WholeBytes(TrainingSettings settings) =>
        StepBytes(settings) * (settings.StepCount + 1L) * settings.BatchSize;

    /// <summary>The same of the fewest samples that are worked on at once.</summary>
    public static long GroupBytes(TrainingSettings settings) =>
        StepBytes(settings) * (settings.StepCount + 1L) * Math.Min(Group, settings.BatchSize);

    /// <summary>The plan for a trial; it depends on nothing but the trial.</summary>
    public static BatchPlan For(TrainingSettings settings)
    {
        long step = StepBytes(settings),
            steps = settings.StepCount;
        if (settings.NeedsWholeBatch)
            return new BatchPlan(settings.BatchSize, settings.StepCount);
        int group = Math.Min(Group, settings.BatchSize);
        long samples = Budget / (step * (steps + 1)) / group * group;
        // Delays of weights reach over any cut.
        if (settings.Delays is Connections.SynapticDelays)
            samples = Math.Max(samples, group);
        if (samples > 0)
            return new BatchPlan((int)Math.Min(samples, settings.BatchSize), settings.StepCount);

        // Two numbers are kept at a cut and one per step, so that pieces shorter than √(2T) would take more memory
        // for the cuts than they save.
        long shortest = (long)Math.Ceiling(Math.Sqrt(2.0 * steps));
        return new BatchPlan(group, (int)Math.Min(Math.Max((PieceBudget / (step * group)) - 1, shortest), steps));
    }

    private static long StepBytes(TrainingSettings settings) =>
        sizeof(float)
        * (
            1
            + (settings.Neuron.Current is TrainedCurrent ? 1 : 0)
            + (settings.Normalization is null ? 0 : 1)
            // ∂L/∂z once more, with room for delays as long as the sample.
            + (settings.Delays is Connections.SynapticDelays ? 2 : 0)
        )
        * settings.LayerSizes.Sum(n => (long)WeightPanels.Count(n) * WeightPanels.Width);
}
