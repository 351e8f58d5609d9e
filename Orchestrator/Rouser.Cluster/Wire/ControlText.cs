using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Cluster.Serving;

namespace Rouser.Cluster.Wire;

/// <summary>A user's request, as it stands in JSON: <c>{"version":1,"request":{"kind":"pause"}}</c>.</summary>
internal sealed record ControlsText(int Version, ControlText Request);

/// <summary>The request itself.</summary>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = "kind",
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization
)]
[JsonDerivedType(typeof(Pause), "pause")]
[JsonDerivedType(typeof(Continue), "continue")]
[JsonDerivedType(typeof(Cancel), "cancel")]
internal abstract record ControlText
{
    /// <summary>The request as JSON has it.</summary>
    public static ControlText Of(ControlRequest request) =>
        request switch
        {
            ControlRequest.Pause => new Pause(),
            ControlRequest.Continue => new Continue(),
            ControlRequest.Cancel r => new Cancel(r.Trial, r.Arm),
            _ => throw new NotSupportedException($"{request.GetType().Name} has no form in {nameof(ControlText)}."),
        };

    /// <summary>The request as a sweep takes it.</summary>
    public abstract ControlRequest ToRequest();

    internal sealed record Pause : ControlText
    {
        public override ControlRequest ToRequest() => new ControlRequest.Pause();
    }

    internal sealed record Continue : ControlText
    {
        public override ControlRequest ToRequest() => new ControlRequest.Continue();
    }

    internal sealed record Cancel(string? Trial, string? Arm) : ControlText
    {
        public override ControlRequest ToRequest() =>
            Trial is null || Arm is null
                ? new ControlRequest.Cancel(Trial, Arm)
                : throw new JsonException("a trial or an arm, not both");
    }
}
