using Rouser.Core.Parameters;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Results.Tests;

/// <summary>The sweep file and machine that the tests' tables are said to come from.</summary>
internal static class Sweeps
{
    public static readonly SweepSpec Spec = new(
        "sample",
        new MetricSettings("test_accuracy", Maximize: true, EpochSelection.Last),
        ParameterSet.Empty,
        [new Arm("slayer", ParameterSet.Empty), new Arm("rouser, learned", ParameterSet.Empty)],
        [0, 1],
        [new Study("first", [], StudyMode.Grid, [], [], []), new Study("second", [], StudyMode.Grid, [], [], [])],
        Samples.Run,
        new ReportSettings("slayer", [0.8, 0.925]) { Colors = ["grey"] }
    );

    public static readonly RunEnvironment Environment = new(
        "0.1.0+abc",
        "fused/1",
        "10.0.1",
        "Debian 13",
        "a processor, AVX-512",
        2,
        "rouser run x.yaml"
    );
}
