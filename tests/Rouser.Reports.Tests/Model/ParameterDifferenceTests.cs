using Rouser.Core.Parameters;
using Rouser.Sweeps;

namespace Rouser.Reports.Tests.Model;

public sealed class ParameterDifferenceTests
{
    [Fact]
    public void Differences_are_other_values_and_what_only_one_has_by_name()
    {
        ParameterSet a = Set(("threshold.init", 1), ("surrogate.tau", 3), ("batch_size", 8)),
            b = Set(("threshold.init", 1), ("surrogate.tau", 2), ("surrogate.scale", 1));
        string[] expected = ["batch_size", "surrogate.scale", "surrogate.tau"];
        Assert.Equal(expected, a.NamesOfDifferences(b));
        Assert.Equal(expected, b.NamesOfDifferences(a));
        Assert.Empty(a.NamesOfDifferences(a));
        Assert.Equal(["batch_size", "surrogate.tau", "threshold.init"], ParameterSet.Empty.NamesOfDifferences(a));
    }

    [Fact]
    public void Folder_of_the_data_is_no_difference_of_trainings()
    {
        ParameterSet here = Folder("here"),
            there = Folder("there");
        Assert.Equal(["dataset.root"], here.NamesOfDifferences(there));
        Assert.Empty(ParameterSchema.IdentityDifferences(here, there));
    }

    private static ParameterSet Set(params (string Name, double Value)[] values) =>
        new(values.Select(v => KeyValuePair.Create(v.Name, (ParameterValue)new ParameterValue.Real(v.Value))));

    private static ParameterSet Folder(string name) =>
        new([KeyValuePair.Create("dataset.root", (ParameterValue)new ParameterValue.Text(name))]);
}
