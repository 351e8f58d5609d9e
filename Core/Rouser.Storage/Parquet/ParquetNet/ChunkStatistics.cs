using System.Runtime.InteropServices;
using Rouser.Core.Metrics;
using Rouser.Storage.Parquet.BuiltIn.Metadata;
using Rouser.Storage.Parquet.BuiltIn.Plain;

namespace Rouser.Storage.Parquet.ParquetNet;

/// <summary>The statistics that our own writer would give a chunk.</summary>
internal static class ChunkStatistics
{
    /// <summary>Of <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public static Statistics Of(Column column, int start, int count)
    {
        return column switch
        {
            Column<string> c => Chunk<string, PlainString>(c),
            Column<double> c => Chunk<double, PlainDouble>(c),
            Column<long> c => Chunk<long, PlainInt64>(c),
            Column<int> c => Chunk<int, PlainInt32>(c),
            Column<bool> c => Chunk<bool, PlainBoolean>(c),
            Column<DateTimeOffset> c => Chunk<DateTimeOffset, PlainTimestamp<Micros>>(c),
            _ => throw TableShape.Unknown(column),
        };

        Statistics Chunk<T, TPlain>(Column<T> c)
            where TPlain : struct, IPlainWriter<T>
        {
            ReadOnlySpan<T> values = c.Values.AsSpan(start, count);
            if (c.Nulls is null) return new(0, TPlain.Bounds(values));
            var present = new List<T>(count);
            for (int i = 0; i < count; i++)
                if (!c.Nulls[start + i]) present.Add(values[i]);
            return new(count - present.Count, TPlain.Bounds(CollectionsMarshal.AsSpan(present)));
        }
    }
}
