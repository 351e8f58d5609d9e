using System.Globalization;
using System.Text;
using Rouser.Cluster.Serving;
using Rouser.Coordination;

namespace Rouser.Cluster.Http;

/// <summary>How the sweep goes, in the text format of Prometheus (version 0.0.4).</summary>
internal static class MetricsText
{
    public static async Task<string> OfAsync(SweepService service, long served, RefusalLog refusals) =>
        await service.Query(Of).ConfigureAwait(false) + Of(served, refusals);

    private static string Of(CoordinatorState state)
    {
        var text = new StringBuilder();
        foreach (SweepMetric metric in SweepMetric.All)
        {
            string name = metric.Name.Replace('.', '_');
            Head(text, name, "gauge", metric.Description);
            foreach ((string word, long value) in metric.Read(state))
            {
                if (metric.Label is { } label)
                    Line(text, name, label, word, value);
                else
                    Line(text, name, value);
            }
        }
        return text.ToString();
    }

    private static string Of(long served, RefusalLog refusals)
    {
        var text = new StringBuilder();
        Head(text, "rouser_requests_total", "counter", "Requests that were let in.");
        Line(text, "rouser_requests_total", served);
        Head(text, "rouser_refusals_total", "counter", "Requests and connections that were refused.");
        foreach ((string kind, long count) in refusals.Counts)
            Line(text, "rouser_refusals_total", "kind", kind, count);
        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ")
            .Append(name)
            .Append(' ')
            .Append(help)
            .Append("\n# TYPE ")
            .Append(name)
            .Append(' ')
            .Append(type)
            .Append('\n');

    private static void Line(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");

    private static void Line(StringBuilder text, string name, string label, string word, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{word}\"}} {value}\n");
}
