using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>A piece of a sweep file, with its place.</summary>
internal abstract record SpecNode(SourceLocation Location) : IRawValue
{
    /// <inheritdoc/>
    string? IRawValue.Text => (this as SpecScalar)?.Text;

    /// <inheritdoc/>
    bool IRawValue.IsPlain => this is SpecScalar { IsPlain: true };

    /// <inheritdoc/>
    IReadOnlyList<IRawValue>? IRawValue.Items => (this as SpecSequence)?.Items;

    /// <summary>Nothing was written: <c>base:</c>, <c>~</c> or <c>null</c>.</summary>
    public bool IsNothing => this is SpecScalar { IsPlain: true, Text: "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>What stands here, for "expects a number, got …".</summary>
    public string Display =>
        this switch
        {
            _ when IsNothing => "nothing",
            SpecScalar { IsPlain: false } s when Scalars.LooksLikeNumber(s.Text) => $"the quoted word '{s.Text}'",
            SpecScalar s => $"'{Shorten(s.Text)}'",
            SpecSequence => "a list",
            _ => "a mapping",
        };

    private static string Shorten(string text) => OneLine.Of(text, 60);
}

/// <summary>A word or number as it was written.</summary>
internal sealed record SpecScalar(SourceLocation Location, string Text, bool IsPlain) : SpecNode(Location);

/// <summary>A list.</summary>
internal sealed record SpecSequence(SourceLocation Location, List<SpecNode> Items) : SpecNode(Location);

/// <summary>Keys and values in the file's order; a key may stand twice until someone checks.</summary>
internal sealed record SpecMapping(SourceLocation Location, List<SpecEntry> Entries) : SpecNode(Location);

/// <summary>A key and its value.</summary>
internal readonly record struct SpecEntry(string Key, SourceLocation Location, SpecNode Value);
