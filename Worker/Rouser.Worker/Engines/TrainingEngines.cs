using Rouser.Core;
using Rouser.Snn;

namespace Rouser.Worker.Engines;

/// <summary>The training engines of this program, and the one that lies in a folder of its own.</summary>
public static class TrainingEngines
{
    /// <summary>The engines that were compiled in, with their versions.</summary>
    public const string InThisBuild = FusedEngine.Version;

    /// <summary>Where <c>engine: torch</c> is looked for.</summary>
    public static EngineFolder Torch { get; } = new("torch", "Rouser.Engines.Torch", AppContext.BaseDirectory);

    private static readonly Lazy<Result<ITrainingEngineFactory>> LoadedTorch = new(Torch.Load);

    /// <summary>
    /// What an engine puts into a trial's identity, <c>fused/1</c>; a mistake if it cannot train here.
    /// </summary>
    public static Result<string> Version(EngineKind kind) =>
        kind switch
        {
            EngineKind.Fused => FusedEngine.Version,
            EngineKind.Noop => "noop/1",
            EngineKind.Torch => LoadedTorch.Value.Then(torch => torch.Version),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown training engine."),
        };

    /// <summary>
    /// The libraries that results of the torch engine depend on; null if it cannot train here.
    /// </summary>
    public static string? TorchLibraries =>
        LoadedTorch.Value is { IsOk: true, Value.Libraries: var libraries } ? libraries : null;

    /// <summary>
    /// What the settings ask for and their engine does not offer, as <see cref="ITrainingEngineFactory.Lacks"/> says
    /// it; null if it offers all, or is not here to be asked.
    /// </summary>
    public static string? Lacks(TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Engine switch
        {
            EngineKind.Fused => FusedEngine.Lacks(settings),
            EngineKind.Torch when LoadedTorch.Value.IsOk => LoadedTorch.Value.Value.Lacks(settings),
            _ => null,
        };
    }

    /// <summary>The engine that the settings name.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="threads">Threads to use, the caller's included. The torch engine takes one, whatever this
    /// says.</param>
    /// <exception cref="NotSupportedException"><see cref="Version"/> is a mistake, or the engine trains no network
    /// (<see cref="EngineKind.Noop"/>).</exception>
    public static ITrainingEngine Create(TrainingSettings settings, int threads)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Result<string> version = Version(settings.Engine);
        if (!version.IsOk)
            throw new NotSupportedException(version.Errors[0].Message);
        return AveragedEngine.Around(FrozenEngine.Create(settings, Plain), settings);

        ITrainingEngine Plain(TrainingSettings part) =>
            part.Engine switch
            {
                EngineKind.Noop => throw new NotSupportedException("Engine noop makes no network."),
                EngineKind.Torch => LoadedTorch.Value.Value.Create(part, threads),
                _ => new FusedEngine(part, threads),
            };
    }
}
