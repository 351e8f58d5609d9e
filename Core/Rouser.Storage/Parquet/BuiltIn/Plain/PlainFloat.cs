namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>FLOAT of other writers, read as double; every float is one.</summary>
internal readonly struct PlainFloat : IPlainReader<double>
{
    public static void Read(ref ByteReader bytes, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = BitConverter.Int32BitsToSingle(bytes.Int32());
    }
}
