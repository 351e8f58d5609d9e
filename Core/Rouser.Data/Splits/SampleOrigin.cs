namespace Rouser.Data.Splits;

/// <summary>Where a sample is from, as far as its set knows.</summary>
/// <param name="Recording">The recording that holds it, as a user knows it: <c>Train/3/00012.bin</c>. Samples of one
/// recording have the same.</param>
/// <param name="Group">The subject or speaker; empty where the set knows none.</param>
public readonly record struct SampleOrigin(string Recording, string Group);
