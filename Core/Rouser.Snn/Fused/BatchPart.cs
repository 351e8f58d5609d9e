namespace Rouser.Snn.Fused;

/// <summary>Where in its batch a part of it stands; a batch that is worked on at once is first and last.</summary>
/// <param name="IsFirst">The gradient's sums start.</param>
/// <param name="IsLast">They are complete.</param>
internal readonly record struct BatchPart(bool IsFirst, bool IsLast);
