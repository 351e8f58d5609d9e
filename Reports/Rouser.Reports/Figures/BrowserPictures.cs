using System.Text;
using System.Text.RegularExpressions;

namespace Rouser.Reports.Figures;

/// <summary>
/// PNG pictures of many drawings by one start of a browser, which takes longer than to draw them: a page that paints
/// each on a canvas of twice its size and then has the pictures as its texts, which the browser is asked to print.
/// </summary>
internal static partial class BrowserPictures
{
    /// <summary>What makes a browser print a page as it is once all of it is loaded.</summary>
    public const string PrintPage = "--dump-dom";

    /// <summary>The page.</summary>
    /// <param name="drawings">SVG.</param>
    public static string Page(IEnumerable<string> drawings)
    {
        StringBuilder html = new("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>figures</title>\n");
        foreach (string svg in drawings)
            html.Append($"<img src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">\n");
        html.Append(
            """
            <script>
            addEventListener('load', () => {
              for (const image of document.images) {
                const canvas = document.createElement('canvas');
                [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
                const pen = canvas.getContext('2d');
                pen.fillStyle = '#fff';
                pen.fillRect(0, 0, canvas.width, canvas.height);
                pen.drawImage(image, 0, 0, canvas.width, canvas.height);
                image.alt = canvas.toDataURL();
                image.removeAttribute('src');
              }
            });
            </script>

            """
        );
        return html.ToString();
    }

    /// <summary>The pictures in what the browser printed, in their order; fewer if it did not get so far.</summary>
    public static IReadOnlyList<byte[]> In(string printed) =>
        [.. Picture().Matches(printed).Select(match => Convert.FromBase64String(match.Groups[1].Value))];

    [GeneratedRegex("alt=\"data:image/png;base64,([A-Za-z0-9+/=]*)\"")]
    private static partial Regex Picture();
}
