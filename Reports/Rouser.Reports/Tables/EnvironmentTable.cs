using Rouser.Core.Metrics;
using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>The plan, and where its results were made.</summary>
internal static class EnvironmentTable
{
    /// <summary>Name and value, line by line.</summary>
    public static ReportTable Build(ReportModel model)
    {
        RunMetadata run = model.Run;
        List<IReadOnlyList<ReportCell>> rows = [];
        Add("sweep", run.SweepName);
        Add("plan fingerprint", run.Fingerprint);
        Add("studies", string.Join(", ", model.Studies.Select(s => s.Name)));
        Add("arms", string.Join(", ", model.Rows.Select(r => r.Arm).Distinct()));
        Add("seeds", string.Join(", ", model.Cells.Select(c => c.Seed).Distinct().Order()));
        Add("data", string.Join("; ", model.Rows.Select(Data).Distinct()));
        Add("training engine", string.Join(", ", model.Cells.Select(c => c.Engine).Distinct()));
        Add("rouser", run.Environment.RouserVersion);
        Add("runtime", run.Environment.Runtime);
        Add("operating system", run.Environment.OperatingSystem);
        Add("processor", $"{run.Environment.Processor}, {run.Environment.Cores} logical {(run.Environment.Cores == 1 ? "core" : "cores")}");
        Add("command", run.Environment.CommandLine);
        return new ReportTable("environment", "What was planned, and where it was run.", [new("what", "what", ColumnKind.RowHeader), new("value", "value", ColumnKind.Text)], rows, []);

        void Add(string what, string value) => rows.Add([new ReportCell(what), new ReportCell(value)]);
    }

    internal static string Data(ResultRow row)
    {
        Replicate first = row.Replicates[0];
        string digest = first.DatasetDigest.Length > 16 ? first.DatasetDigest[..16] + "…" : first.DatasetDigest;
        return $"{row.Parameters.GetValueOrDefault("dataset.name", "unnamed")}{(first.Synthetic ? " (synthetic)" : "")}, digest {digest}";
    }
}
