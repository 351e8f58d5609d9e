namespace Rouser.Storage.Runs;

/// <summary>Where each part of a run lies in its folder.</summary>
/// <param name="Folder">The run's folder, as the user named it.</param>
public sealed record RunPaths(string Folder)
{
    /// <summary>What makes the folder a run's: the fingerprint of its sweep and the overrides.</summary>
    public string Run => Path.Combine(Folder, "run.json");

    /// <summary>The sweep file, as it was.</summary>
    public string Spec => Path.Combine(Folder, "sweep.yaml");

    /// <summary>The plan.</summary>
    public string Plan => Path.Combine(Folder, "plan.json");

    /// <summary>The sweep file and the plan that take the place of those above; there until they have.</summary>
    public string Growth => Path.Combine(Folder, "growth.json");

    /// <summary>Where the run was started.</summary>
    public string Environment => Path.Combine(Folder, "environment.json");

    /// <summary>The journal.</summary>
    public string Journal => Path.Combine(Folder, "journal.db");

    /// <summary>The name of the folder of the tables.</summary>
    public const string MetricsName = "metrics";

    /// <summary>The folder of the tables.</summary>
    public string Metrics => Path.Combine(Folder, MetricsName);

    /// <summary>The folder of the checkpoints.</summary>
    public string Checkpoints => Path.Combine(Folder, "checkpoints");

    /// <summary>The folder of the models.</summary>
    public string Models => Path.Combine(Folder, "models");

    /// <summary>The folder of the predictions.</summary>
    public string Predictions => Path.Combine(Folder, "predictions");

    /// <summary>The folder of the report.</summary>
    public string Report => Path.Combine(Folder, "report");

    /// <summary>The log.</summary>
    public string Log => Path.Combine(Folder, "rouser.log");

    /// <summary>Locked while an orchestrator writes.</summary>
    public string Lock => Path.Combine(Folder, "rouser.lock");
}
