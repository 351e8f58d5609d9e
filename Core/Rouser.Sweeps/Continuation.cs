using Rouser.Core.Parameters;
using Rouser.Snn;
using Rouser.Snn.Optimizers.Schedules;

namespace Rouser.Sweeps;

/// <summary>
/// A trial that asks for more epochs of what another trial has trained: the two are the same but for their number of
/// epochs, so that the first epochs of both are the same.
/// </summary>
/// <param name="Trial">The one that asks for more.</param>
/// <param name="From">The one that has trained fewer.</param>
/// <param name="Epochs">How many those are.</param>
public sealed record Continuation(PlannedTrial Trial, TrialId From, int Epochs)
{
    /// <summary>
    /// Why the epochs of the shorter trial cannot be those of the longer one, in words for the user; null if they are.
    /// </summary>
    public string? Differs =>
        Trial.Settings.Schedule.DependsOnLength
            ? $"{Schedule.Family.Name}: {Trial.Parameters.Find(Schedule.Family.Name)} depends on the number of epochs"
            : null;

    /// <summary>
    /// Those of a run: of each trial the longest one that is shorter. An engine that trains nothing has nothing to go
    /// on from.
    /// </summary>
    /// <param name="open">The trials that are still to be trained.</param>
    /// <param name="completed">The trials that have a result, with their epochs. The plan need not have them.</param>
    public static IReadOnlyList<Continuation> Find(IEnumerable<PlannedTrial> open, IReadOnlyDictionary<TrialId, int> completed)
    {
        int[] lengths = [.. completed.Values.Distinct().OrderDescending()];
        List<Continuation> found = [];
        foreach (PlannedTrial trial in open.Where(trial => trial.Settings.Engine != EngineKind.Noop))
        {
            foreach (int epochs in lengths.Where(epochs => epochs < trial.Settings.Epochs))
            {
                TrialId shorter = Shorter(trial, epochs);
                if (!completed.TryGetValue(shorter, out int trained) || trained != epochs)
                    continue;
                found.Add(new Continuation(trial, shorter, epochs));
                break;
            }
        }
        return found;
    }

    private static TrialId Shorter(PlannedTrial trial, int epochs) =>
        TrialIdentity.Of(
            trial.Parameters.With(
                new ParameterSet([
                    KeyValuePair.Create<string, ParameterValue>(
                        TrialSettings.EpochsParameter.Name,
                        new ParameterValue.Integer(epochs)
                    ),
                ])
            ),
            trial.Seed,
            trial.DataDigest,
            trial.Engine
        );
}
