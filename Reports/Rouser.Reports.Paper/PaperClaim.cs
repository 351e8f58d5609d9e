using System.Globalization;

namespace Rouser.Reports.Paper;

/// <summary>Where in the paper a statement stands.</summary>
/// <param name="Name"><c>Table 1</c>.</param>
/// <param name="Shows">What stands there.</param>
/// <param name="Drawn">On what data it is drawn, if it states nothing that could be decided; null for any other.</param>
public sealed record PaperPlace(string Name, string Shows, PaperDataset? Drawn = null)
{
    /// <summary>For files and anchors: <c>table-1</c>.</summary>
    public string Id { get; } = Name.Replace(' ', '-').ToLower(CultureInfo.InvariantCulture);
}

/// <summary>
/// A statement of the paper that a run can be held against: a number, a comparison, or both.
/// </summary>
/// <param name="Id">For files: <c>table-1-n-mnist-rouser</c>.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Says">The statement in a sentence; what is quoted stands in quotation marks.</param>
/// <param name="Dataset">On what.</param>
/// <param name="Arm">The method that it is about.</param>
/// <param name="Setting">Its hyperparameters, as far as they are said.</param>
/// <param name="Quantity">What is measured.</param>
public sealed record PaperClaim(
    string Id,
    PaperPlace Place,
    string Says,
    PaperDataset Dataset,
    PaperArm Arm,
    PaperSetting Setting,
    PaperQuantity Quantity
)
{
    /// <summary>The number; null where the paper draws a curve and prints none.</summary>
    public PaperNumber? Number { get; init; }

    /// <summary>What it is compared with; null for a number that stands by itself.</summary>
    public PaperRival? Rival { get; init; }

    /// <summary>As a table's row names it.</summary>
    public string Label => string.Join(", ", new[] { Dataset.Name, Arm.Name, Setting.Label }.Where(part => part.Length > 0));
}

/// <summary>A number that the paper prints.</summary>
/// <param name="Printed">In percent, or points of a difference.</param>
/// <param name="Tolerance">
/// How far from it a measured one may lie, in points: in proportion to the effect that the number is about, as
/// claims.json says. Null for a number that the paper quotes from other work.
/// </param>
/// <param name="IsDifference">Whether it is the difference from the other side of the comparison.</param>
public sealed record PaperNumber(double Printed, double? Tolerance, bool IsDifference);

/// <summary>
/// The other side of a comparison. What neither is said to differ in is to be the same on both sides.
/// </summary>
/// <param name="Arm">The other method.</param>
/// <param name="Setting">Its setting; null for the same as the claim's row.</param>
/// <param name="Quantity">What is measured of it.</param>
/// <param name="IsLower">Whether the paper has the rival below the claim's arm, or above it.</param>
/// <param name="ButFor">Points by which the claim's arm may stay behind, and still be said to be level.</param>
/// <param name="Printed">The rival's number in percent; null where none is printed.</param>
public sealed record PaperRival(
    PaperArm Arm,
    PaperSetting? Setting,
    PaperQuantity Quantity,
    bool IsLower,
    double ButFor,
    double? Printed
)
{
    /// <summary>As a table's row names it: <c>above SLAYER 2.0</c>.</summary>
    public string Label =>
        (
            ButFor > 0 ? "level with "
            : IsLower ? "above "
            : "below "
        ) + (Setting is null ? Arm.Name : Setting.Label);
}
