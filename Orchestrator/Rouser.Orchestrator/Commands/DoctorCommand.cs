using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Sessions;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Journals;
using Rouser.Storage.Parquet;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser doctor</c>: what this build has, and whether it works here.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        var command = new Command("doctor", "Show what this program contains, and test whether it works on this machine.");
        command.SetAction(_ => Execute());
        return command;
    }

    private static int Execute()
    {
        RunEnvironment environment = EnvironmentProbe.Gather();
        WriteFinding("rouser", environment.RouserVersion);
        WriteFinding("runtime", $"{environment.Runtime} on {environment.OperatingSystem}");
        WriteFinding("processor", $"{environment.Processor}, {DisplayText.Count(environment.Cores, "core")}");
        WriteFinding(
            "memory",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):F1} GiB"
            )
        );
        foreach (EngineKind kind in Enum.GetValues<EngineKind>())
        {
            Result<string> engine = TrainingEngines.Version(kind);
            string from = kind == EngineKind.Torch ? $", from {TrainingEngines.Torch.Folder}" : "";
            WriteFinding("training engine", engine.IsOk ? $"{engine.Value}{from}" : engine.Errors[0].Message);
        }
        WriteFinding("cluster", $"Akka.NET {EnvironmentProbe.PackageVersion("Akka.Cluster")}, HTTP");
        WriteFinding(
            "journal",
            $"SQLite {SqliteJournal.LibraryVersion}, PostgreSQL by Npgsql {EnvironmentProbe.PackageVersion("Npgsql")}"
        );
        WriteFinding("Parquet", $"Parquet.Net {EnvironmentProbe.PackageVersion("Parquet.Net")}");
        foreach (DatasetDescription set in DatasetCatalog.All)
            WriteFinding("data set", $"{set.Name}: {set.Summary}");

        bool works = RoundTrips();
        WriteFinding(
            "self-check",
            works
                ? "a table written to Parquet reads back the same"
                : "a table written to Parquet does NOT read back the same; please report this"
        );
        return works ? ExitCode.Ok : ExitCode.OurError;
    }

    private static bool RoundTrips()
    {
        double[] values = [1.5, double.NaN, -0.0];
        using var file = new MemoryStream();
        ParquetTableWriter.Write(file, new Table("check", [new Column<double>("x", values)], new Dictionary<string, string>()));
        file.Position = 0;
        Result<Table> read = ParquetTableReader.Read(file, "check");
        return read.IsOk
            && read.Value.Find("x") is Column<double> column
            && column.Values.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(values.Select(BitConverter.DoubleToInt64Bits));
    }

    private static void WriteFinding(string what, string finding) => Terminal.Line($"{what, -16} {finding}");
}
