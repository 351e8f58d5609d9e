using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Storage.Models;

/// <summary>A network as a trial left it.</summary>
/// <param name="Trial">How it was trained.</param>
/// <param name="TestAccuracy">The share of test samples that it classified right after the last epoch.</param>
/// <param name="State">Weights, thresholds, constants of neurons and the optimiser's moments.</param>
public sealed record TrainedModel(PlannedTrial Trial, double TestAccuracy, NetworkState State);
