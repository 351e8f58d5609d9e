namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>How a value is stored (<c>Type</c> in parquet.thrift).</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLenByteArray = 7,
}

/// <summary>Whether a column has a value in each row (<c>FieldRepetitionType</c>).</summary>
internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>
/// What a physical value means. parquet.thrift says it twice, as <c>ConvertedType</c> and later as <c>LogicalType</c>; this is what both
/// come to.
/// </summary>
internal enum LogicalType
{
    None,
    String,
    TimestampMillis,
    TimestampMicros,
    TimestampNanos,
    /// <summary>A signed integer of the physical type's width or less, or an unsigned one that fits it.</summary>
    Integer,
    /// <summary>DATE, DECIMAL, UUID and others that a <see cref="Core.Metrics.Column{T}"/> has no type for.</summary>
    Other,
}

/// <summary>How the values of a page are laid out.</summary>
internal enum Encoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}

/// <summary>How a page is compressed (<c>CompressionCodec</c>).</summary>
internal enum Codec
{
    Uncompressed = 0,
    Snappy = 1,
    Gzip = 2,
    Lzo = 3,
    Brotli = 4,
    Lz4 = 5,
    Zstd = 6,
    Lz4Raw = 7,
}

/// <summary>What a page holds.</summary>
internal enum PageType
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}
