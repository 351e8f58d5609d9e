using Rouser.Snn;
using Rouser.Snn.Fused;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>
/// The least that a pass over samples must do, counted from the spikes that there really were, and the time that it
/// takes at the machine's limits.
/// </summary>
/// <remarks>
/// <code>
/// bound = flops / FMA rate + Σ bytes / read rate of the level that the rows live in
/// flops = 2·T·Σ N_in·N_out over all layers but the first           the dense product ∂L/∂S = ∂L/∂I·Wᵀ, training only
/// bytes = 4·Σ events·N_out over all layers, forward                rows of a panel of W, which has 128·N_in bytes
///       + the same, backward                                       rows of a panel of ∂L/∂I, which has 128·B·(T + 1) bytes; training only
/// </code>
/// Recurrences, surrogates, the loss, spike lists and Adam are not in it, so no program reaches all of it.
/// </remarks>
/// <param name="Samples">How many.</param>
/// <param name="Events">Per layer: the spikes that it takes in.</param>
/// <param name="Flops">Operations of the dense product.</param>
/// <param name="Rows">Bytes of the event-driven rows, and the bytes of what they are picked from.</param>
internal sealed record BatchWork(
    int Samples,
    IReadOnlyList<long> Events,
    double Flops,
    IReadOnlyList<(double Bytes, long From)> Rows
)
{
    /// <summary>
    /// Of batches with so many samples together, whose layers took in so many spikes: <c>[batch][layer]</c>.
    /// </summary>
    public static BatchWork Of(TrainingSettings settings, int samples, IReadOnlyList<long[]> spikes, bool training)
    {
        long[] events = [.. settings.LayerSizes.Select((_, l) => spikes.Sum(batch => batch[l]))];
        const long rowBytes = WeightPanels.Width * sizeof(float);
        double flops = 0;
        List<(double, long)> rows = [];
        for (int l = 0; l < settings.LayerSizes.Count; l++)
        {
            int inputs = l == 0 ? settings.InputCount : settings.LayerSizes[l - 1],
                neurons = settings.LayerSizes[l];
            double bytes = (double)sizeof(float) * events[l] * neurons;
            rows.Add((bytes, rowBytes * inputs));
            if (!training)
                continue;
            rows.Add((bytes, rowBytes * settings.BatchSize * (settings.StepCount + 1)));
            if (l > 0)
                flops += 2.0 * samples * settings.StepCount * inputs * neurons;
        }
        return new BatchWork(samples, events, flops, rows);
    }

    /// <summary>Bytes of all rows.</summary>
    public double Bytes => Rows.Sum(r => r.Bytes);

    /// <summary>The bound, seconds.</summary>
    public double Seconds(MachineLimits limits) => (Flops / limits.Peak) + Rows.Sum(r => r.Bytes / limits.Holding(r.From).Read);
}
