namespace Rouser.Reports.Sensitivity;

/// <summary>Something that a study varies: the arm, a parameter, or parameters whose values go together.</summary>
/// <param name="Name">In the paper's symbols: <c>arm</c>, <c>Th</c>, <c>Th, τ, s</c>.</param>
/// <param name="Parameters">The parameters it is; none for the arm.</param>
/// <param name="Levels">Its values: ascending if they are numbers, else in the plan's order; at least two.</param>
internal sealed record Factor(string Name, IReadOnlyList<string> Parameters, IReadOnlyList<string> Levels)
{
    /// <summary>Whether it is the arm.</summary>
    public bool IsArm => Parameters.Count == 0;
}
