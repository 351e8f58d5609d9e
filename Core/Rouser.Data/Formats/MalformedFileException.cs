namespace Rouser.Data.Formats;

/// <summary>
/// A damaged or foreign file, found deep inside a reader, which turns it into a <see cref="UserError"/> at its
/// entrance.
/// </summary>
/// <param name="offset">The byte where it shows.</param>
/// <param name="what">What is wrong, as the end of a sentence that starts with the byte.</param>
internal sealed class MalformedFileException(long offset, string what) : Exception(what)
{
    public long Offset { get; } = offset;
}
