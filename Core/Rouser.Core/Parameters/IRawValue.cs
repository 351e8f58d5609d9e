namespace Rouser.Core.Parameters;

/// <summary>A value as a file has it, before a parameter's type has been asked what it means.</summary>
public interface IRawValue
{
    /// <summary>The text of a single value; null for a list or a group.</summary>
    string? Text { get; }

    /// <summary>Whether that text was written without quotes: what is quoted is a word.</summary>
    bool IsPlain { get; }

    /// <summary>The values of a list; null for anything else.</summary>
    IReadOnlyList<IRawValue>? Items { get; }

    /// <summary>Whether nothing was written.</summary>
    bool IsNothing { get; }

    /// <summary>What stands here, for "expects a number, got …".</summary>
    string Display { get; }
}
