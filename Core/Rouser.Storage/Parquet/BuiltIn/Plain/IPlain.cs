using System.Buffers;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>The encoding PLAIN of one type, for reading. Implemented by empty structs, so that each type gets machine code of its own.</summary>
/// <typeparam name="T">The type in a <see cref="Core.Metrics.Column{T}"/>.</typeparam>
internal interface IPlainReader<T>
{
    /// <summary>Fills <paramref name="values"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes end before, or are no such values.</exception>
    static abstract void Read(ref ByteReader bytes, Span<T> values);

    /// <summary>Whether the type's values, not only its levels and indices, may be run-length encoded: booleans may.</summary>
    static virtual bool HasRuns => false;

    /// <summary>Fills <paramref name="values"/> from the encoding RLE.</summary>
    static virtual void ReadRuns(ref ByteReader bytes, Span<T> values) => throw new NotSupportedException();
}

/// <summary>The encoding PLAIN of one type, for writing.</summary>
/// <typeparam name="T">The type in a <see cref="Core.Metrics.Column{T}"/>.</typeparam>
internal interface IPlainWriter<T>
{
    /// <summary>How the values are stored.</summary>
    static abstract PhysicalType Type { get; }

    /// <summary>What makes two values one dictionary entry, or null for the type's own equality.</summary>
    static abstract IEqualityComparer<T>? Equality { get; }

    /// <summary>Whether a dictionary may make the chunk smaller.</summary>
    static abstract bool WantsDictionary { get; }

    /// <summary>
    /// How many of <paramref name="values"/>, from the front, fill a page of <paramref name="bytes"/> bytes; at least one if there is one.
    /// </summary>
    static abstract int Fitting(ReadOnlySpan<T> values, int bytes);

    /// <summary>Appends the values.</summary>
    static abstract void Write(IBufferWriter<byte> output, ReadOnlySpan<T> values);

    /// <summary>The smallest and the largest value in the order that Parquet defines for the type.</summary>
    static abstract Bounds? Bounds(ReadOnlySpan<T> values);
}
