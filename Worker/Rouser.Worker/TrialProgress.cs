namespace Rouser.Worker;

/// <summary>How far an attempt is within an epoch; for the eye only, so it may be lost.</summary>
/// <param name="Epoch">The epoch in work, from 1.</param>
/// <param name="SamplesDone">Training samples done in it.</param>
/// <param name="SamplesTotal">Training samples in it.</param>
public readonly record struct TrialProgress(int Epoch, int SamplesDone, int SamplesTotal);
