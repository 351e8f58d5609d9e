using Rouser.Coordination;
using Rouser.Core.Parameters;

namespace Rouser.Orchestrator.Exports;

/// <summary>A trial as the tables of a run tell of it, for a tool that shows trials.</summary>
/// <param name="Id">Its identity: 32 digits of a hexadecimal number.</param>
/// <param name="Number">Its place in the trials table, from 0; cells that share it count once.</param>
/// <param name="Cells">The cells that ask for it, at least one, in the table's order.</param>
/// <param name="Parameters">What its method uses.</param>
/// <param name="Engine">What trained it.</param>
/// <param name="Reason">Why it failed, was lost or was pruned; null where it did not.</param>
/// <param name="Worker">Who trained it last; null if nobody has.</param>
/// <param name="AssignedAt">When its last attempt began; null if none did.</param>
/// <param name="EndedAt">When it ended; null if it has not.</param>
/// <param name="Results">What the trials table says of it in numbers once it is completed, by the columns' names.</param>
internal sealed record ExportedTrial(
    string Id,
    int Number,
    IReadOnlyList<ExportedCell> Cells,
    ParameterSet Parameters,
    string Engine,
    TrialState State,
    string? Reason,
    string? Worker,
    DateTimeOffset? AssignedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<KeyValuePair<string, double>> Results
)
{
    /// <summary>The names of its arms, <c>a</c> or <c>a, b</c>.</summary>
    public string Arm => Joined(c => c.Arm);

    /// <summary>The names of its studies.</summary>
    public string Study => Joined(c => c.Study);

    /// <summary>Its settings, as the plan writes them.</summary>
    public string Setting => Joined(c => c.Setting);

    /// <summary>Its seed; a trial has one.</summary>
    public long Seed => Cells[0].Seed;

    /// <summary>What a person calls it.</summary>
    public string Title => $"{Arm} {Setting} seed {Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>Whether anybody has begun with it.</summary>
    public bool HasBegun => AssignedAt is not null || HasEnded;

    /// <summary>Whether it neither waits nor runs.</summary>
    public bool HasEnded => State.HasEnded();

    private string Joined(Func<ExportedCell, string> of) =>
        string.Join(", ", Cells.Select(of).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal));
}

/// <summary>A row of the trials table: by what name a sweep asks for a trial.</summary>
internal sealed record ExportedCell(string Study, string Arm, string Setting, long Seed);

/// <summary>An epoch in numbers: those of the epochs table, then those of each layer.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">About when it ended: the start of the trial's last attempt and the seconds of its epochs.</param>
/// <param name="Values">By the columns' names; of the first hidden layer <c>layer_1/dead_fraction</c>. What a table has
/// no value of is missing.</param>
internal sealed record ExportedEpoch(int Number, DateTimeOffset At, IReadOnlyList<KeyValuePair<string, double>> Values);
