using Parquet;
using Parquet.Schema;
using Rouser.Core.Metrics;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>Reads a flat table by Parquet.Net: where it is, a second independent reader.</summary>
internal static class ParquetNetReader
{
    /// <summary>Reads the table.</summary>
    public static async Task<Table> ReadAsync(Stream file, string name)
    {
        ParquetReader reader = await ParquetReader.CreateAsync(file);
        await using (reader)
        {
            var columns = new List<Column>();
            foreach (DataField field in reader.Schema.GetDataFields()) columns.Add(await ReadColumnAsync(reader, field));
            return new(name, columns, reader.CustomMetadata);
        }
    }

    private static Task<Column> ReadColumnAsync(ParquetReader reader, DataField field)
    {
        Type type = field.ClrType;
        return type == typeof(ReadOnlyMemory<char>) ? Read<ReadOnlyMemory<char>, string>(text => text.ToString())
            : type == typeof(double) ? Read<double, double>(value => value)
            : type == typeof(float) ? Read<float, double>(value => value)
            : type == typeof(long) ? Read<long, long>(value => value)
            : type == typeof(int) ? Read<int, int>(value => value)
            : type == typeof(bool) ? Read<bool, bool>(value => value)
            : type == typeof(DateTime) ? Read<DateTime, DateTimeOffset>(time => new(DateTime.SpecifyKind(time, DateTimeKind.Utc)))
            : throw new InvalidDataException($"there is no column for values of {type.Name}");

        async Task<Column> Read<TStored, T>(Func<TStored, T> load)
            where TStored : struct
        {
            int rows = checked((int)reader.RowGroups.Sum(group => group.RowCount));
            var values = new T[rows];
            bool[]? nulls = field.IsNullable ? new bool[rows] : null;
            int start = 0;
            foreach (ParquetRowGroupReader group in reader.RowGroups)
            {
                int count = (int)group.RowCount;
                var present = new TStored[count];
                int[]? levels = nulls is null ? null : new int[count];
                // Not `levels` itself: a null array would turn into an empty memory, which is not null.
                Memory<int>? definition = levels is null ? default(Memory<int>?) : levels;
                await group.ReadRawAsync<TStored>(field, present, definition, null);
                int taken = 0;
                for (int i = 0; i < count; i++)
                {
                    if (levels is not null && levels[i] == 0) nulls![start + i] = true;
                    else values[start + i] = load(present[taken++]);
                }
                start += count;
            }
            return new Column<T>(field.Name, values, nulls);
        }
    }
}
