using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Sweeps;

namespace Rouser.Reports.Sensitivity;

/// <summary>What a sweep is about, as sensitivity figures show it: shares in percent, losses as they are.</summary>
/// <param name="metric">The sweep's metric.</param>
internal sealed class Objective(MetricSettings metric)
{
    private readonly bool _share = metric.Name.EndsWith("accuracy", StringComparison.Ordinal);

    /// <summary>Its name with the unit.</summary>
    public string Unit => Name + (_share ? ", %" : "");

    /// <summary>Its name and the epoch it is taken from, for running text.</summary>
    public string Description => $"{Name} {EpochChoice.Of(metric).Describe()}";

    /// <summary>An axis over values of it.</summary>
    public Axis Axis(IEnumerable<double> values) => _share ? Figures.Axis.Percent(values) : Figures.Axis.Over(values);

    /// <summary>Its name, for running text.</summary>
    public string Name => metric.Name.Replace('_', ' ');

    /// <summary>A value of it with its unit.</summary>
    public string Text(double value) => Format.Fixed(value, Decimals) + (_share ? " %" : "");

    /// <summary>Decimals to show.</summary>
    public int Decimals => _share ? 1 : 3;

    /// <summary>Whether something may be chosen by it: whether it is of the validation samples.</summary>
    public bool CanChoose => metric.Choice is not null;

    /// <summary>Whether more is better.</summary>
    public bool Maximize => metric.Maximize;

    /// <summary>Of a completed trial; null without a result, or if it is no finite number.</summary>
    public double? Of(Replicate replicate) =>
        replicate is { IsComplete: true, Objective: { } value } && double.IsFinite(value)
            ? _share
                ? 100 * value
                : value
            : null;

    /// <summary>Mean over every seed of some rows that has its result; null if none has.</summary>
    public double? Mean(IEnumerable<ResultRow> rows)
    {
        double[] values = [.. rows.SelectMany(r => r.Replicates).Select(Of).OfType<double>()];
        return values.Length > 0 ? values.Average() : null;
    }

    /// <summary>
    /// Of every seed of a row that has its result; null if none has.
    /// </summary>
    public double[]? Of(ResultRow row)
    {
        double[] values = [.. row.Replicates.Select(Of).OfType<double>()];
        return values.Length > 0 ? values : null;
    }
}
