using System.Globalization;
using System.Xml.Linq;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Figures;

/// <summary>Figures as files of their own, as a paper or a repository shows them.</summary>
public sealed class FigureFileTests
{
    private static readonly XNamespace Ns = "http://www.w3.org/2000/svg";

    // Mean widths in DejaVu Sans, which is wide, for the heading; Helvetica's for the rest, which the page's test measures.
    private const double Heading = 8.9,
        Other = 5.9;

    [Theory]
    [InlineData("grid")]
    [InlineData("plausible")]
    [InlineData("long names")]
    public void No_text_is_cut_off_at_an_edge(string run)
    {
        ReportModel model = ReportModel
            .From(
                run == "grid" ? SweepRun.Build()
                : run == "plausible" ? PlausibleRun.Build()
                : LongNames()
            )
            .Value;
        int texts = 0;
        foreach (Figure figure in ReportDocument.Build(model).Figures)
        {
            XElement svg = XDocument.Parse(FigureSvg.Render(figure)).Root!;
            double width = Number(svg, "width"),
                height = Number(svg, "height");
            foreach (XElement text in svg.Descendants(Ns + "text"))
            {
                (double left, double top) = Place(text);
                double room = text.Value.Length * ((string?)text.Attribute("class") == "heading" ? Heading : Other);
                left -= (string?)text.Attribute("text-anchor") switch
                {
                    "end" => room,
                    "middle" => room / 2,
                    _ => 0,
                };
                Assert.True(
                    left >= -1 && left + room <= width + 1,
                    $"{figure.Id}: '{text.Value}' from {left} to {left + room} of {width}"
                );
                Assert.InRange(top, 8, height);
                texts++;
            }
        }
        Assert.True(texts > 50, $"only {texts} texts");
    }

    private static (double X, double Y) Place(XElement text)
    {
        double x = Number(text, "x"),
            y = Number(text, "y");
        if (
            (string?)text.Ancestors(Ns + "g").Select(g => g.Attribute("transform")).FirstOrDefault(t => t is not null) is { } move
        )
        {
            string[] by = move["translate(".Length..^1].Split(' ');
            x += double.Parse(by[0], CultureInfo.InvariantCulture);
            y += double.Parse(by[1], CultureInfo.InvariantCulture);
        }
        return (x, y);
    }

    private static double Number(XElement element, string name) =>
        double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    private static Results.ResultTables LongNames()
    {
        RunTables run = new()
        {
            Arms = ["fixed_threshold_with_weight_normalization", "rouser-learned-threshold-and-decay"],
            CompareTo = null,
        };
        foreach (string arm in run.Arms)
        {
            foreach (string init in (string[])["0.25", "1.25", "2.5"])
            {
                for (int seed = 0; seed < 2; seed++)
                    run.Add(
                        arm,
                        $"threshold.init={init} surrogate.tau={init} optimizer.learning_rate=0.{init[..1]}01 "
                            + $"weights.normalize=true regularizer.upper_weight={init}",
                        seed,
                        0.5,
                        0.6 + 0.1 * seed
                    );
            }
        }
        return run.Build();
    }
}
