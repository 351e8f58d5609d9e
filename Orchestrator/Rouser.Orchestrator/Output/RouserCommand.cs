namespace Rouser.Orchestrator.Output;

/// <summary>A command of this program as a user can paste it into a shell.</summary>
internal static class RouserCommand
{
    /// <summary>The command of these words, each as the program shall get it.</summary>
    public static string Line(params IEnumerable<string> words) =>
        string.Join(' ', words.Select(DisplayText.Quote).Prepend("rouser"));

    /// <summary>
    /// The arguments of this process as they may be shown around and kept, and given again: who is notified, and by which
    /// command, is left out, since such addresses are secrets.
    /// </summary>
    public static IEnumerable<string> ShownArguments(IEnumerable<string> arguments)
    {
        bool isValue = false;
        foreach (string argument in arguments)
        {
            string option = argument.Split('=', ':')[0];
            bool isSecret = !isValue && (option is "--notify" or "--notify-command");
            if (!isSecret && !isValue)
                yield return argument;
            isValue = isSecret && argument.Length == option.Length;
        }
    }

    /// <summary>
    /// A path as a word of a command. One that the parser would take for an option (<c>-x</c>) or for a file of
    /// arguments (<c>@x</c>) is named with the folder that it lies in.
    /// </summary>
    public static string Path(string path) => path is ['-' or '@', ..] ? $"./{path}" : path;
}
