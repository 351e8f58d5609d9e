using System.Globalization;
using System.Text;
using Rouser.Core.Parameters;
using Rouser.Results;
using Rouser.Storage.Parquet;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>
/// Tables of November 2026, by both writers of that time, with times in microseconds and no digests. The CSV files
/// beside them were exported from the same run's journal, without any Parquet.
/// </summary>
public sealed class OldTablesTests
{
    [Theory]
    [InlineData("built-in", "trials")]
    [InlineData("built-in", "epochs")]
    [InlineData("built-in", "layers")]
    [InlineData("parquet-net", "trials")]
    [InlineData("parquet-net", "epochs")]
    [InlineData("parquet-net", "layers")]
    public void A_table_of_a_run_holds_what_the_runs_journal_held(string writer, string name)
    {
        Table table = Read(writer, name);
        string[][] expected = [.. File.ReadAllLines(Fixture($"{name}.csv")).Select(Fields)];
        Assert.Equal(expected[0], table.Columns.Select(c => c.Name));
        Assert.Equal(
            expected[1..],
            Enumerable.Range(0, table.RowCount).Select(row => table.Columns.Select(c => Text(c, row)).ToArray())
        );
        Assert.Equal("small", table.Metadata["rouser.sweep"]);
    }

    /// <summary>The parameters that were renamed since have the names of today, and the values of then.</summary>
    [Theory]
    [InlineData("built-in")]
    [InlineData("parquet-net")]
    public void Former_names_of_parameters_are_read(string writer)
    {
        IReadOnlyList<Column> parameters = TrialsTable.ParametersIn(Read(writer, "trials"));
        Assert.DoesNotContain("neuron.current_decay", parameters.Select(c => c.Name));
        ParameterSet read = TrialsTable.ReadParameters(parameters, 0);
        Assert.Equal(new ParameterValue.Real(0.75), read.Find("neuron.current_factor"));
        Assert.Equal(new ParameterValue.Real(0.97), read.Find("neuron.voltage_factor"));
    }

    [Theory]
    [InlineData("built-in")]
    [InlineData("parquet-net")]
    public void Every_type_in_many_row_groups_comes_back_to_the_bit(string writer) =>
        TestTables.AssertSame(TestTables.Random(seed: 21, rows: 150), Read(writer, "all-types"));

    /// <summary>The run's tables, to write them again as they would be today.</summary>
    internal static ResultTables Tables(string writer) =>
        new(Read(writer, "trials"), Read(writer, "epochs"), Read(writer, "layers"));

    private static Table Read(string writer, string name)
    {
        using FileStream file = File.OpenRead(Fixture(Path.Combine(writer, name + ".parquet")));
        return ParquetTableReader.Read(file, name).Value;
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Parquet", "Fixtures", name);

    private static string Text(Column column, int row) =>
        column.IsNull(row)
            ? ""
            : column switch
            {
                Column<string> c => c.Values[row],
                Column<double> c => c.Values[row].ToString("R", CultureInfo.InvariantCulture),
                Column<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
                Column<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
                Column<bool> c => c.Values[row] ? "true" : "false",
                Column<DateTimeOffset> c => c.Values[row]
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                _ => throw new ArgumentException(column.Name),
            };

    // Of these files no field holds a quotation mark or a line break.
    private static string[] Fields(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool isQuoted = false;
        foreach (char c in line + ',')
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (c != ',' || isQuoted)
                field.Append(c);
            else
            {
                fields.Add(field.ToString());
                field.Clear();
            }
        }
        return [.. fields];
    }
}
