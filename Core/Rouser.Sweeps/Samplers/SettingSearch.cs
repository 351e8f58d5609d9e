namespace Rouser.Sweeps.Samplers;

/// <summary>
/// A study with <c>mode: tpe</c>: a pool of candidates, drawn when the file is read, of which some are trained. Which ones
/// depends on the results (<see cref="TreeParzenEstimator"/>); each arm has a search of its own.
/// </summary>
/// <param name="Count">How many settings are trained for each arm.</param>
/// <param name="Startup">How many of them are the first of the pool, which was drawn at random.</param>
/// <param name="Parallel">How many may be in work at a time. One more is proposed whenever one has ended, so that the
/// proposals do not depend on the number of workers.</param>
/// <param name="Dimensions">What varies.</param>
/// <param name="Pool">The candidates, in the order in which they were drawn.</param>
public sealed record SettingSearch(
    int Count,
    int Startup,
    int Parallel,
    IReadOnlyList<SearchDimension> Dimensions,
    IReadOnlyList<SearchCandidate> Pool
);

/// <summary>A parameter that a search varies.</summary>
/// <param name="Choices">The number of words to choose from; 0 where the values have an order.</param>
public readonly record struct SearchDimension(int Choices);

/// <summary>A setting that a search may propose.</summary>
/// <param name="Setting">As cells name it.</param>
/// <param name="Coordinates">By dimension: from 0 to 1 where the values have an order, else the number of the word; NaN
/// where the setting lacks the parameter.</param>
public sealed record SearchCandidate(string Setting, IReadOnlyList<double> Coordinates);
