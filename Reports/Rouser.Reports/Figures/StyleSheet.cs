using System.Text;

namespace Rouser.Reports.Figures;

/// <summary>Style sheets and scripts that are files of this assembly.</summary>
internal static class StyleSheet
{
    /// <summary>
    /// A style sheet with a rule on each line: lines that are indented, or that close a rule, are joined to the one
    /// before. Comments are left out.
    /// </summary>
    /// <param name="name">The file.</param>
    public static string Read(string name)
    {
        StringBuilder css = new();
        bool isComment = false;
        foreach (string line in ReadText(name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            isComment |= line.StartsWith("/*", StringComparison.Ordinal);
            if (!isComment)
            {
                if (css.Length > 0 && line[0] is not (' ' or '}'))
                    css.Append('\n');
                css.Append(line.Trim());
            }
            isComment &= !line.EndsWith("*/", StringComparison.Ordinal);
        }
        return css.ToString();
    }

    /// <summary>A file of this assembly as it is, lines ending in <c>\n</c>.</summary>
    public static string ReadText(string name)
    {
        using Stream stream =
            typeof(StyleSheet).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
