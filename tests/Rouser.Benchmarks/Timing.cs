using System.Diagnostics;
using System.Globalization;
using Rouser.Orchestrator.Benchmarks;

namespace Rouser.Benchmarks;

/// <summary>
/// How long something took, by the wall and by all processors together, s: on a machine that does other things too
/// the second says more.
/// </summary>
internal readonly record struct Timing(double Seconds, double Processor)
{
    public static Timing Of(Action action)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        double seconds = Spread.Seconds(action);
        self.Refresh();
        return new Timing(seconds, (self.TotalProcessorTime - before).TotalSeconds);
    }

    public Measurement ToMeasurement(string name) =>
        new(name, Seconds, "s", Note: string.Create(CultureInfo.InvariantCulture, $"processor {Processor:F2} s"));
}
