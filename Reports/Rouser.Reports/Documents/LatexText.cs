using System.Text;

namespace Rouser.Reports.Documents;

/// <summary>
/// Text as LaTeX takes it, with pdfLaTeX's own fonts too: what is special is escaped, and signs that those fonts lack
/// become mathematics.
/// </summary>
internal static class LatexText
{
    /// <summary>Running text.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char c in text)
            escaped.Append(Escape(c));
        return escaped.ToString();
    }

    private static string Escape(char c) =>
        c switch
        {
            '\\' => @"\textbackslash{}",
            '~' => @"\textasciitilde{}",
            '^' => @"\textasciicircum{}",
            '&' or '%' or '$' or '#' or '_' or '{' or '}' => $@"\{c}",
            // In braces, because a row that starts with a bracket would be the argument of the row before it.
            '[' or ']' => $"{{{c}}}",
            // Straight quotes of the T1 encoding alone have a command.
            '"' => "''",
            '<' => @"\textless{}",
            '>' => @"\textgreater{}",
            '|' => @"\textbar{}",
            '−' => "$-$",
            '±' => @"$\pm$",
            '×' => @"$\times$",
            '·' => @"$\cdot$",
            'τ' => @"$\tau$",
            'β' => @"$\beta$",
            'ε' => @"$\varepsilon$",
            '≥' => @"$\ge$",
            '√' => @"$\surd$",
            '₁' => "$_1$",
            '₂' => "$_2$",
            '–' => "--",
            '…' => @"\ldots{}",
            '“' => "``",
            '”' => "''",
            '’' => "'",
            '\u00A0' => "~",
            < ' ' => " ",
            _ => c.ToString(),
        };
}
