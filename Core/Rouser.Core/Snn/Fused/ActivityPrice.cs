namespace Rouser.Core.Snn.Fused;

/// <summary>The price on a hidden layer's activity in one sample; <see cref="ActivityRegularizer"/> has the equations. It is known from the spikes' counts alone.</summary>
internal sealed unsafe class ActivityPrice(ActivityRegularizer settings)
{
    /// <summary>What the sample's loss gains.</summary>
    public double Of(FusedLayer layer, int sample)
    {
        int* counts = layer.Counts(sample);
        double price = settings.UpperWeight * Math.Max(0, Over(layer, sample));
        for (int i = 0; i < layer.Neurons; i++)
        {
            double under = Under(counts[i]);
            price += settings.LowerWeight / layer.Neurons * under * under;
        }
        return price;
    }

    /// <summary>Writes a panel's ∂L/∂S, the same at every step, as <paramref name="share"/> of the sample's, <c>[32]</c>.</summary>
    public void Gradient(FusedLayer layer, int sample, int panel, double share, float* row)
    {
        double upper = Over(layer, sample) > 0 ? settings.UpperWeight : 0;
        int* counts = layer.Counts(sample) + (panel * Panel.Width);
        int columns = Math.Min(Panel.Width, layer.Neurons - (panel * Panel.Width));
        new Span<float>(row, Panel.Width).Clear();
        for (int i = 0; i < columns; i++) row[i] = (float)(share * (upper - (2 * settings.LowerWeight * Under(counts[i]))) / layer.Neurons);
    }

    private double Over(FusedLayer layer, int sample)
    {
        long total = 0;
        foreach (int count in new ReadOnlySpan<int>(layer.Counts(sample), layer.Neurons)) total += count;
        return ((double)total / layer.Neurons) - settings.UpperCount;
    }

    private double Under(int count) => Math.Max(0, settings.LowerCount - count);
}
