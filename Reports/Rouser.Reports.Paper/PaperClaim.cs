namespace Rouser.Reports.Paper;

/// <summary>Where in the paper a statement stands.</summary>
/// <param name="Id">For files and anchors: <c>table-1</c>.</param>
/// <param name="Name"><c>Table 1</c>.</param>
/// <param name="Shows">What stands there.</param>
public sealed record PaperPlace(string Id, string Name, string Shows);

/// <summary>
/// A statement of the paper that a run can be held against: a number, a comparison, or a number that belongs to a
/// comparison.
/// </summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Dataset">On what.</param>
/// <param name="Arm">The method that it is about.</param>
/// <param name="Setting">Its hyperparameters, as far as they are said.</param>
/// <param name="Quantity">What is measured.</param>
/// <param name="Printed">The number; null where the paper draws a curve and prints none.</param>
public sealed record PaperClaim(
    PaperPlace Place,
    PaperDataset Dataset,
    PaperArm Arm,
    PaperSetting Setting,
    PaperQuantity Quantity,
    double? Printed = null
)
{
    /// <summary>What it is compared with; null for a number that stands by itself.</summary>
    public PaperRival? Rival { get; init; }

    /// <summary>As a table's row names it.</summary>
    public string Label => string.Join(", ", new[] { Dataset.Name, Arm.Name, Setting.Label }.Where(part => part.Length > 0));
}

/// <summary>
/// The other side of a comparison. What neither is said to differ in is to be the same on both sides.
/// </summary>
/// <param name="Arm">The other method.</param>
/// <param name="Setting">Its setting; null for the same as the claim's row.</param>
/// <param name="IsLower">Whether the paper has the rival below the claim's arm, or above it.</param>
public sealed record PaperRival(PaperArm Arm, PaperSetting? Setting, bool IsLower)
{
    /// <summary>As a table's row names it: <c>above SLAYER 2.0</c>.</summary>
    public string Label => $"{(IsLower ? "above" : "below")} {(Setting is null ? Arm.Name : Setting.Label)}";
}
