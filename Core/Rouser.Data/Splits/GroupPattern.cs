using System.Text.RegularExpressions;
using Rouser.Core.Parameters;

namespace Rouser.Data.Splits;

/// <summary>Finds the subject or speaker in a recording's name: <c>*_&lt;group&gt;_*</c> in <c>0_george_12.npz</c>.</summary>
/// <param name="pattern">As <see cref="ParameterType.GroupPattern"/> has it. Each <c>*</c> takes as little as it can, and
/// the group at least one character.</param>
internal sealed class GroupPattern(string pattern)
{
    // NonBacktracking: a sweep file must not be able to keep a machine busy with one name.
    private readonly Regex _name = new(
        "^"
            + Regex
                .Escape(pattern)
                .Replace(Regex.Escape(ParameterType.GroupPattern.Mark), "(?<group>.+?)", StringComparison.Ordinal)
                .Replace("\\*", ".*?", StringComparison.Ordinal)
            + "$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    );

    /// <summary>The group of a recording; null where its name, without folders and ending, does not fit.</summary>
    public string? Find(string recording)
    {
        Match match = _name.Match(NameOf(recording));
        return match.Success ? match.Groups["group"].Value : null;
    }

    private static string NameOf(string recording)
    {
        string name = recording[(recording.LastIndexOf('/') + 1)..];
        int ending = name.LastIndexOf('.');
        return ending > 0 ? name[..ending] : name;
    }
}
