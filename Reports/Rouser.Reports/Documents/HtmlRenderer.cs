using System.Security.Cryptography;
using System.Text;
using Rouser.Reports.Figures;

namespace Rouser.Reports.Documents;

/// <summary>
/// Writes a document as one HTML file that needs nothing else: no font, no library, no request; its policy forbids
/// them. Style and script stand in the page. Without the script everything is still there to read; with it figures
/// can be read out by pointer and keyboard, and filtered. Well-formed XML too, so that any XML reader checks it.
/// </summary>
internal static class HtmlRenderer
{
    /// <summary>The file's text, lines ending in <c>\n</c>.</summary>
    public static string Render(Document document)
    {
        string script = $"//<![CDATA[\n{StyleSheet.ReadText("page.js")}//]]>",
            style = $"\n{PageStyle.Css}";
        StringBuilder html = new();
        html.Append(
            "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\" />\n"
        );
        html.Append(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                + $"'{Digest(style)}'; script-src '{Digest(script)}'\" />\n"
        );
        html.Append(
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<meta name=\"color-scheme\" content=\"light dark\" />\n"
        );
        html.Append($"<title>{Svg.Text(document.Title)}</title>\n<style>{style}</style>\n</head>\n<body>\n");
        html.Append(
            $"<a class=\"skip\" href=\"#report\">Skip to the report</a>\n<header>\n<h1>{Svg.Text(document.Title)}</h1>\n"
        );
        AppendContents(html, document);
        html.Append("</header>\n");
        HtmlFilter.Append(html, document);
        html.Append("<main id=\"report\">\n");
        Append(html, document.Blocks);
        return html.Append($"</main>\n<script>{script}</script>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Text of sentences: a number does not part from its unit or its interval at the end of a line.</summary>
    internal static string Prose(string text) =>
        Svg.Text(
            text.Replace(" %", "\u00A0%", StringComparison.Ordinal).Replace(" ± ", "\u00A0±\u00A0", StringComparison.Ordinal)
        );

    private static void Append(StringBuilder html, IReadOnlyList<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            // csharpier-ignore
            switch (block)
            {
                case Heading h: html.Append($"<h{h.Level} id=\"{h.Id}\">{Svg.Text(h.Text)}</h{h.Level}>\n"); break;
                case Paragraph p: html.Append($"<p>{Prose(p.Text)}{Link(p)}</p>\n"); break;
                case Warning w: html.Append($"<p class=\"warning\" role=\"note\">{Svg.Text(w.Text)}</p>\n"); break;
                case Bullets b: Append(html, b); break;
                case FigureBlock f: HtmlFigure.Append(html, f.Figure); break;
                case TableBlock t: HtmlTable.Append(html, t); break;
                case Fold f: Append(html, f); break;
                default: throw new InvalidOperationException($"No HTML for a {block.GetType().Name}.");
            }
        }
    }

    private static void Append(StringBuilder html, Fold fold)
    {
        html.Append($"<details class=\"part\">\n<summary>{Svg.Text(fold.Summary)}</summary>\n");
        Append(html, fold.Blocks);
        html.Append("</details>\n");
    }

    private static string Link(Paragraph paragraph) =>
        paragraph.Link is var (id, text) ? $" <a href=\"#{id}\">{Svg.Text(text)}</a>" : "";

    private static void AppendContents(StringBuilder html, Document document)
    {
        html.Append("<nav aria-label=\"Contents\"><ol>\n");
        foreach (Heading h in document.Blocks.OfType<Heading>().Where(h => h.Level == 2))
            html.Append($"<li><a href=\"#{h.Id}\">{Svg.Text(h.Text)}</a></li>\n");
        html.Append("</ol></nav>\n");
    }

    private static void Append(StringBuilder html, Bullets bullets)
    {
        html.Append("<dl>\n");
        foreach ((string lead, string text) in bullets.Items)
            html.Append(
                $"<dt{(bullets.IsLinked ? $" id=\"{Bullets.Anchor(lead)}\"" : "")}>{Svg.Text(lead.TrimEnd('.'))}</dt><dd>{Prose(text)}</dd>\n"
            );
        html.Append("</dl>\n");
    }

    private static string Digest(string text) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
