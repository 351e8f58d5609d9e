using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A run as a file store of MLflow (1.x to 3.x): an experiment with a run for each trial. An experiment's and a run's
/// identity follow from the plan's and the trial's, so that the same run gives the same folders.
/// </summary>
/// <remarks>
/// <code>
/// EXPERIMENT/meta.yaml                  its name and times
/// EXPERIMENT/RUN/meta.yaml              name, times, status (1 running, 2 scheduled, 3 finished, 4 failed, 5 killed)
/// EXPERIMENT/RUN/metrics/KEY            a line for each value: milliseconds since 1970, value, step
/// EXPERIMENT/RUN/params/KEY, tags/KEY   the text
/// </code>
/// </remarks>
internal static class MlflowStore
{
    private const int LongestText = 5000;

    /// <summary>Writes it into an empty folder.</summary>
    public static void Write(ExportedRun run, string folder)
    {
        string experiment = ExperimentOf(run.Metadata.Fingerprint);
        string of = Path.Combine(folder, experiment);
        Directory.CreateDirectory(of);
        long created = Milliseconds(run.Trials.Select(t => t.AssignedAt).Min()),
            updated = Milliseconds(run.Trials.Select(t => t.EndedAt ?? t.AssignedAt).Max());
        WriteText(
            Path.Combine(of, "meta.yaml"),
            $"""
            artifact_location: {Quote($"./{experiment}")}
            creation_time: {Text(created)}
            experiment_id: {Quote(experiment)}
            last_update_time: {Text(updated)}
            lifecycle_stage: active
            name: {Quote(run.Metadata.SweepName)}

            """
        );
        foreach ((ExportedTrial trial, IEnumerable<ExportedEpoch> epochs) in run.WithLayers())
            WriteTrial(trial, epochs, experiment, Path.Combine(of, trial.Id));
    }

    private static void WriteTrial(ExportedTrial trial, IEnumerable<ExportedEpoch> epochs, string experiment, string folder)
    {
        foreach (string part in (string[])["metrics", "params", "tags", "artifacts"])
            Directory.CreateDirectory(Path.Combine(folder, part));
        string end = trial.EndedAt is { } ended ? Text(Milliseconds(ended)) : "null";
        WriteText(
            Path.Combine(folder, "meta.yaml"),
            $"""
            artifact_uri: {Quote($"./{experiment}/{trial.Id}/artifacts")}
            end_time: {end}
            entry_point_name: ''
            experiment_id: {Quote(experiment)}
            lifecycle_stage: active
            run_id: {Quote(trial.Id)}
            run_name: {Quote(trial.Title)}
            run_uuid: {Quote(trial.Id)}
            source_name: ''
            source_type: 4
            source_version: ''
            start_time: {Text(Milliseconds(trial.AssignedAt))}
            status: {Text(StatusOf(trial.State))}
            tags: []
            user_id: rouser

            """
        );
        foreach ((string name, ParameterValue value) in trial.Parameters.Values)
            WriteText(Path.Combine(folder, "params", Key(name)), OneLine.Of(value.ToString(), LongestText));
        foreach ((string name, string? text) in TagsOf(trial))
        {
            if (text is { Length: > 0 })
                WriteText(Path.Combine(folder, "tags", name), OneLine.Of(text, LongestText));
        }
        WriteMetrics(trial, epochs, Path.Combine(folder, "metrics"));
    }

    private static void WriteMetrics(ExportedTrial trial, IEnumerable<ExportedEpoch> epochs, string folder)
    {
        Dictionary<string, StringBuilder> files = new(StringComparer.Ordinal);
        (long at, int step) = (Milliseconds(trial.AssignedAt), 0);
        foreach (ExportedEpoch epoch in epochs)
        {
            (at, step) = (Milliseconds(epoch.At), epoch.Number);
            foreach ((string name, double value) in epoch.Values)
                Add(name, value);
        }
        at = trial.EndedAt is { } ended ? Milliseconds(ended) : at;
        foreach ((string name, double value) in trial.Results)
            Add($"result/{name}", value);
        foreach ((string key, StringBuilder lines) in files)
        {
            string file = Path.Combine(folder, key);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            WriteText(file, lines.ToString());
        }

        void Add(string name, double value)
        {
            string key = Key(name);
            if (!files.TryGetValue(key, out StringBuilder? lines))
                files[key] = lines = new StringBuilder();
            // Python's words for what is no number are the same.
            lines.Append(CultureInfo.InvariantCulture, $"{at} {value:R} {step}\n");
        }
    }

    private static IEnumerable<(string Name, string? Text)> TagsOf(ExportedTrial trial) =>
        [
            ("mlflow.runName", trial.Title),
            ("mlflow.source.type", "LOCAL"),
            ("mlflow.user", "rouser"),
            ("rouser.study", trial.Study),
            ("rouser.arm", trial.Arm),
            ("rouser.setting", trial.Setting),
            ("rouser.seed", Text(trial.Seed)),
            ("rouser.state", trial.State.ToName()),
            ("rouser.engine", trial.Engine),
            ("rouser.worker", trial.Worker),
            ("rouser.reason", trial.Reason),
        ];

    private static int StatusOf(TrialState state) =>
        state switch
        {
            TrialState.Running => 1,
            TrialState.Completed or TrialState.Pruned => 3,
            TrialState.Failed or TrialState.Lost => 4,
            TrialState.Cancelled => 5,
            _ => 2,
        };

    /// <summary>MLflow's own are numbers of 18 digits.</summary>
    private static string ExperimentOf(string fingerprint)
    {
        ulong number = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint)));
        return (100_000_000_000_000_000 + (number % 900_000_000_000_000_000)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A column's name as a key, whose parts are folders.</summary>
    private static string Key(string name) => Path.Combine([.. name.Split('/').Select(part => SafeName.Of(part, 200))]);

    /// <summary>A YAML text between single quotes.</summary>
    private static string Quote(string text) => $"'{OneLine.Of(text, LongestText).Replace("'", "''", StringComparison.Ordinal)}'";

    private static long Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() ?? 0;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void WriteText(string path, string text) =>
        File.WriteAllText(path, text.Replace("\r\n", "\n", StringComparison.Ordinal));
}
