using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Results.Tests;

/// <summary>docs/reference/run-folder.md lists the columns of the tables: all, in order, with type and nulls.</summary>
public class ColumnReferenceTests
{
    [Theory]
    [InlineData("trials")]
    [InlineData("epochs")]
    [InlineData("layers")]
    [InlineData("predictions")]
    public void The_reference_lists_the_columns_of_the_table(string name)
    {
        SweepSpec spec = SpecReader
            .Read(
                "x",
                """
                schema: rouser/sweep/v1
                name: x
                arms: {a: {threshold.rule: fixed}, b: {threshold.rule: learned}}
                """,
                []
            )
            .Value;
        Plan plan = Planner.Create(spec, _ => "digest", _ => "test/1").Value;
        // Columns that are there once somebody has written to a trial are listed, too.
        Event[] journal = [new TrialsAnnotated(default, [plan.Trials[0].Id], new AnnotationChange("odd", ["rerun"], []))];
        ResultTables tables = ResultTables.Build(spec, plan, journal, Sweeps.Environment);
        Table table = new[] { tables.Trials, tables.Epochs, tables.Layers, PredictionsTable.Build(null) }.Single(t =>
            t.Name == name
        );

        IEnumerable<string> declared = table
            .Columns.Where(column => ParameterSchema.Find(column.Name) is null || column.Name == ParameterSchema.Engine)
            .Select(column =>
                $"{(column.Name.StartsWith("epochs_to_", StringComparison.Ordinal) ? "epochs_to_LEVEL" : column.Name)} "
                + $"{TypeOf(column)} {(column.Nullable ? "yes" : "no")}"
            )
            .Distinct();
        Assert.Equal(declared, Documented(name));
        // The parameters have one row between them, because which there are depends on the sweep.
        Assert.Equal(name == "trials", table.Columns.Any(column => column.Name == "surrogate.tau"));
    }

    /// <summary>Name, type and null of each row below the heading of a table.</summary>
    private static IEnumerable<string> Documented(string table) =>
        File.ReadAllText(Repository.Path("docs", "reference", "run-folder.md"))
            .ReplaceLineEndings("\n")
            .Split($"\n### {table}\n")[1]
            .Split("\n## ")[0]
            .Split("\n### ")[0]
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[1].Trim('`')} {cells[2]} {cells[3]}");

    private static string TypeOf(Column column) =>
        column switch
        {
            Column<string> => "string",
            Column<double> => "double",
            Column<long> => "int64",
            Column<int> => "int32",
            Column<bool> => "bool",
            Column<DateTimeOffset> => "timestamp",
            _ => throw new NotSupportedException(column.GetType().Name),
        };
}
