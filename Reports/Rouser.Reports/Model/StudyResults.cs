namespace Rouser.Reports.Model;

/// <summary>A study: its rows, those of one setting side by side.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Rows">By setting, in the plan's order, then by arm.</param>
public sealed record StudyResults(string Name, IReadOnlyList<ResultRow> Rows)
{
    /// <summary>The arms, in the sweep's order.</summary>
    public IReadOnlyList<string> Arms { get; } = [.. Rows.Select(r => r.Arm).Distinct()];

    /// <summary>The settings, in the plan's order.</summary>
    public IReadOnlyList<string> Settings { get; } = [.. Rows.Select(r => r.Setting).Distinct()];

    /// <summary>Whether any trial's data is generated.</summary>
    public bool Synthetic { get; } = Rows.Any(r => r.Replicates.Any(t => t.Synthetic));

    /// <summary>The name as tables and figures show it, which may be read apart from the report.</summary>
    public string Label => Synthetic ? $"{Name} (synthetic data)" : Name;

    /// <summary>Most epochs of any row.</summary>
    public int Epochs { get; } = Rows.Count == 0 ? 0 : Rows.Max(r => r.Epochs);

    /// <summary>Most layers of any row.</summary>
    public int Layers { get; } = Rows.Count == 0 ? 0 : Rows.Max(r => r.Layers);
}
