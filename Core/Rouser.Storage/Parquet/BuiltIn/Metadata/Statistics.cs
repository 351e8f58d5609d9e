namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>The smallest and the largest value of a column chunk, PLAIN without a length.</summary>
internal sealed record Bounds(byte[] Min, byte[] Max);

/// <summary>What a reader may know of a column chunk without reading it. We write them; reading needs none.</summary>
/// <param name="NullCount">Rows without a value.</param>
/// <param name="Bounds">Null if there is no value that has an order, as in a chunk of nulls and NaN.</param>
internal sealed record Statistics(long NullCount, Bounds? Bounds)
{
    /// <summary>Writes the struct's fields. The fields 1 and 2, <c>max</c> and <c>min</c>, are deprecated for their undefined order.</summary>
    public static void Write(ThriftWriter writer, Statistics statistics)
    {
        writer.Int64(3, statistics.NullCount);
        if (statistics.Bounds is null) return;
        writer.Binary(5, statistics.Bounds.Max);
        writer.Binary(6, statistics.Bounds.Min);
        writer.Boolean(7, true);
        writer.Boolean(8, true);
    }
}
