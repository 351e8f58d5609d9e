using System.CommandLine;
using Rouser.Orchestrator.Commands;

namespace Rouser.Orchestrator;

/// <summary>All commands under one root.</summary>
internal static class RootCommands
{
    public static RootCommand Build() =>
        new("Hyperparameter sweeps for spiking neural networks: plan, train, resume, report.")
        {
            ValidateCommand.Build(),
            PlanCommand.Build(),
            RunCommand.Build(),
            ResumeCommand.Build(),
            RetryCommand.Build(),
            StatusCommand.Build(),
            WatchCommand.Build(),
            ServeCommand.Build(),
            WorkerCommand.Build(),
            PageCommand.Build(),
            ControlCommands.Pause(),
            ControlCommands.Continue(),
            ControlCommands.Cancel(),
            ControlCommands.Note(),
            ControlCommands.Tag(),
            ControlCommands.Prioritize(),
            ReportCommand.Build(),
            CompareCommand.Build(),
            ReproduceCommand.Build(),
            BundleCommand.Build(),
            VerifyCommand.Build(),
            ExportCommand.Build(),
            ModelsCommand.Build(),
            EvalCommand.Build(),
            PredictCommand.Build(),
            StoreCommand.Build(),
            CleanCommand.Build(),
            DataCommand.Build(),
            BenchCommand.Build(),
            DoctorCommand.Build(),
            SchemaCommand.Build(),
            CompletionCommand.Build(),
            ReadTablesCommand.Build(),
        };
}
