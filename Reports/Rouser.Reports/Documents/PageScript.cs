namespace Rouser.Reports.Documents;

/// <summary>The page's script: <c>page.js</c>, which is part of this assembly.</summary>
internal static class PageScript
{
    /// <summary>Its text, lines ending in <c>\n</c>.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        using Stream stream =
            typeof(PageScript).Assembly.GetManifestResourceStream("page.js")
            ?? throw new InvalidOperationException("page.js is not part of the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
