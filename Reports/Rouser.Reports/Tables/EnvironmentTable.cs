using Rouser.Data;
using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>
/// Where the numbers come from: what was asked for, on what data, by which program and machine, and how to make the
/// report again.
/// </summary>
internal static class EnvironmentTable
{
    /// <summary>What stands for something that older tables do not say.</summary>
    public const string Unknown = "not recorded";

    /// <summary>Name and value, line by line; of several runs, what is one run's bears its number.</summary>
    public static ReportTable Build(ReportModel model)
    {
        List<(string What, string Value)> lines = [];
        Add("studies", string.Join(", ", model.Studies.Select(s => s.Name)));
        Add("arms", string.Join(", ", model.Rows.Select(r => r.Arm).Distinct()));
        Add("seeds", string.Join(", ", model.Cells.Select(c => c.Seed).Distinct().Order()));
        Add("data", string.Join("; ", model.Rows.Select(Data).Distinct()));
        Add("training engine", string.Join(", ", model.Cells.Select(c => c.Engine).Distinct()));
        for (int i = 0; i < model.Runs.Count; i++)
            AddRun(model.Runs[i], model.Runs.Count == 1 ? "" : $"run {i + 1}: ");
        if (model.Command is not null)
            Add("this report again", model.Command);
        Add(
            "trials behind each number",
            "numbers.csv, beside this report; trial identities are SHA-256 of parameters, seed, data digest and engine"
        );
        return new TableBuilder<(string What, string Value)>()
            .AddHeader("what", "what", line => line.What)
            .AddText("value", "value", line => line.Value)
            .Build("environment", "Where the numbers come from.", lines);

        void AddRun(RunMetadata run, string of)
        {
            RunEnvironment at = run.Environment;
            Add(of + "sweep", run.SweepName);
            Add(of + "sweep file, SHA-256", run.Source?.Sha256 ?? Unknown);
            if (run.Source is { Overrides.Count: > 0 } source)
                Add(of + "overrides", string.Join(' ', source.Overrides.Select(o => $"--set {o}")));
            Add(of + "plan fingerprint", run.Fingerprint);
            Add(of + "command", at.CommandLine);
            Add(of + "rouser", at.RouserVersion);
            Add(
                of + "commit",
                at.Commit is null ? Unknown
                    : at.IsDirty ? $"{at.Commit}, with changes that were not committed"
                    : $"{at.Commit}, unchanged"
            );
            Add(of + "packages", at.Packages ?? Unknown);
            Add(of + "runtime", at.Runtime);
            Add(of + "operating system", at.OperatingSystem);
            Add(of + "processor", $"{at.Processor}, {at.Cores} logical {(at.Cores == 1 ? "core" : "cores")}");
        }

        void Add(string what, string value) => lines.Add((what, value));
    }

    /// <summary>A row's data set with its digest.</summary>
    internal static string Data(ResultRow row)
    {
        Replicate first = row.Replicates[0];
        string mark = DatasetCatalog.MarkOf(first.DatasetName, first.Synthetic);
        return $"{first.DatasetName ?? "unnamed"}{mark}, SHA-256 {first.DatasetDigest}";
    }
}
