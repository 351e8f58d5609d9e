namespace Rouser.Reports.Paper;

/// <summary>What a run says of a number or a comparison of the paper.</summary>
public enum PaperVerdict
{
    /// <summary>It holds.</summary>
    Met,

    /// <summary>It does not hold.</summary>
    Contradicted,

    /// <summary>The seeds do not decide it.</summary>
    Undecided,

    /// <summary>No number of seeds of these trainings would decide it: they are not the paper's.</summary>
    NotTestable,

    /// <summary>No complete row of the run is the statement's.</summary>
    NotRun,
}

/// <summary>A verdict with its reason.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Why">Its reason, in words that start with a small letter.</param>
/// <param name="Outlook">What would overturn or decide it; empty where nothing was measured.</param>
public sealed record PaperDecision(PaperVerdict Verdict, string Why, string Outlook = "");
