using System.Text;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A text of a sweep file as the name of a file or folder. Names of arms and settings are anybody's; what is made of
/// them here leads nowhere else and is one that every file system takes.
/// </summary>
internal static class SafeName
{
    /// <summary>Letters, digits and <c>._=-</c> as they are, anything else as one <c>_</c>.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">Characters that are kept at most.</param>
    public static string Of(string text, int longest = 80)
    {
        StringBuilder name = new();
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '=' or '-')
                name.Append(c);
            else if (name is not [.., '_'])
                name.Append('_');
            if (name.Length == longest)
                break;
        }
        // Not `..`, no hidden file, and no option of a command.
        if (name.Length == 0 || name[0] is '.' or '-')
            name.Insert(0, '_');
        return name.ToString().TrimEnd('.', '_') is { Length: > 0 } trimmed ? trimmed : "_";
    }
}
