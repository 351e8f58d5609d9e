using Rouser.Core;
using Rouser.Sweeps;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A sweep file as the user gave it: the text, the overrides of the command line, and what they say.</summary>
/// <param name="Text">The file's text.</param>
/// <param name="Overrides">The values of <c>--set</c>, in order.</param>
/// <param name="Spec">What text and overrides say.</param>
internal sealed record SweepFile(string Text, IReadOnlyList<string> Overrides, SweepSpec Spec)
{
    /// <summary>A sweep file is written by hand; a larger one is something else, named by mistake.</summary>
    private const int MaxBytes = 4 << 20;

    public static Result<SweepFile> Read(string path, IReadOnlyList<string> overrides)
    {
        if (Directory.Exists(path))
            return new UserError(path, "is a folder; name a sweep file, such as sweeps/quickstart.yaml");
        if (!File.Exists(path))
            return new UserError(path, "there is no such file");
        // A pipe is welcome and has no length, and a device may have no end: what counts is what comes.
        using FileStream stream = File.OpenRead(path);
        byte[] bytes = new byte[MaxBytes + 1];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaxBytes)
            return new UserError(path, $"is larger than {MaxBytes >> 20} MiB; this is no sweep file");
        using var text = new StreamReader(new MemoryStream(bytes, 0, length));
        return Parse(path, text.ReadToEnd(), overrides).Then<SweepFile>(file => file with { Spec = WithNotesShown(file.Spec) });
    }

    /// <summary>The sweep, after the terminal got a line for each former name in its file and for what probably fails.</summary>
    public static SweepSpec WithNotesShown(SweepSpec spec)
    {
        foreach (UserError note in spec.Notes)
            Terminal.Warn(note.Location, note.Message);
        return spec;
    }

    /// <summary>The same of a text.</summary>
    /// <param name="place">What mistakes call it.</param>
    /// <param name="overrides">What goes over it.</param>
    public static Result<SweepFile> Parse(string place, string text, IReadOnlyList<string> overrides) =>
        SpecReader
            .Read(place, text, overrides, TrainingEngines.Lacks)
            .Then<SweepFile>(spec => new SweepFile(text, overrides, spec));

    /// <summary>Plans the sweep on the data that <paramref name="data"/> finds.</summary>
    public Result<Plan> Plan(DataSource data) => Planner.Create(Spec, data.Digest, TrainingEngines.Version);
}
