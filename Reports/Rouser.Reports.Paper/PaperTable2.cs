using System.Globalization;
using Rouser.Core.Parameters;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Paper;

/// <summary>
/// Table 2 of the paper, with its data sets and networks: the hyperparameters it states beside those that the trials
/// really used.
/// </summary>
internal static class PaperTable2
{
    /// <summary>What the last column says of a parameter that is not the paper's.</summary>
    public const string Differs = "differs";

    /// <summary>One row per hyperparameter, then those of each data set of the run.</summary>
    public static ReportTable Build(ReportModel model) =>
        new TableBuilder<Line>()
            .AddHeader("hyperparameter", "hyperparameter", line => line.Meaning)
            .AddText("symbol", "symbol", line => line.Symbol)
            .AddText("parameter", "parameter", line => line.Parameter)
            .AddText("paper", "paper", line => line.Paper)
            .AddText("ours", "ours", line => line.Ours.Length == 0 ? Format.None : string.Join(" · ", line.Ours))
            .AddText("", "agreement", line => line.Agreement)
            .Build(
                $"paper-{PaperClaims.Table2.Id}",
                "Table 2 of the paper, with its data sets and networks, beside what the trials of this run really used. "
                    + "Every other parameter stands under Hyperparameters.",
                [
                    .. PaperHyperparameter.All.Where(h => h.Meaning.Length > 0).Select(h => Of(h, model)),
                    .. PaperDataset.All.SelectMany(dataset => Of(dataset, [.. model.Rows.Where(dataset.IsOf)])),
                ]
            );

    private static Line Of(PaperHyperparameter stated, ReportModel model)
    {
        ParameterValue[] used =
        [
            .. model.Rows.Select(r => r.Parameters.Find(stated.Parameter)).OfType<ParameterValue>().Distinct(),
        ];
        bool hasOthers = stated == PaperHyperparameter.InitialThreshold && model.Rows.Any(PaperDataset.Dvs128.IsOf);
        bool agrees = used.All(v => stated.Values.Contains(v) || (hasOthers && PaperDataset.Dvs128.HasOtherThreshold(v)));
        string[] texts = [.. used.Select(v => v.ToString()!)];
        return new Line(stated.Meaning, stated.Symbol, stated.Parameter.Name, stated.Printed, texts, agrees);
    }

    private static IEnumerable<Line> Of(PaperDataset dataset, ResultRow[] rows)
    {
        if (rows.Length == 0)
            yield break;
        string network = $"[{string.Join(", ", dataset.HiddenSizes)}]",
            all = Count(dataset.TrainSamples);
        string[] names = [.. rows.Select(r => r.DatasetName).OfType<string>().Distinct()],
            hidden = [.. rows.Select(r => r.TextOf(PaperConditions.Hidden.Name)).Where(h => h != ResultRow.NotUsed).Distinct()],
            samples = [.. rows.Select(PaperConditions.TrainSamples).OfType<double>().Distinct().Select(Count)];
        yield return new(
            "data set",
            "",
            Replicate.DatasetParameter.Name,
            dataset.Name,
            names,
            names.All(n => n == dataset.Recorded)
        );
        yield return new(
            $"hidden layers, {dataset.Name}",
            "",
            PaperConditions.Hidden.Name,
            network,
            hidden,
            hidden.All(h => h == network)
        );
        yield return new(
            $"training samples, {dataset.Name}",
            "",
            PaperConditions.TrainSampleCount.Name,
            all,
            samples,
            samples.All(s => s == all)
        );
    }

    private static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Line(string Meaning, string Symbol, string Parameter, string Paper, string[] Ours, bool Agrees)
    {
        public string Agreement =>
            Ours.Length == 0 ? "not used"
            : Agrees ? "as in the paper"
            : Differs;
    }
}
