using System.Globalization;
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

    private static readonly (string Meaning, string Symbol, string Parameter)[] Parameters =
    [
        ("initial threshold", "Th_init", "threshold.init"),
        ("current decay per step", "1/τ_i", "neuron.current_decay"),
        ("voltage decay per step", "1/τ_v", "neuron.voltage_decay"),
        ("width of the surrogate", "τ", "surrogate.tau"),
        ("scale of the surrogate", "s", "surrogate.scale"),
        ("learning rate", "lr", "optimizer.learning_rate"),
        ("threshold learning rate", "lr_Th", "threshold.learning_rate"),
        ("optimiser", "", "optimizer.kind"),
        ("weight initialisation", "", "weights.init"),
        ("reset", "", "neuron.reset"),
        ("coupling", "", "neuron.coupling"),
        ("surrogate", "", "surrogate.kind"),
        ("loss", "", "loss.kind"),
    ];

    /// <summary>One row per hyperparameter, then one per data set of the run.</summary>
    public static ReportTable Build(ReportModel model)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach ((string meaning, string symbol, string parameter) in Parameters)
        {
            string[] used = Used(model.Rows, parameter);
            IReadOnlyList<string> stated = PaperConditions.StatedFor(parameter)!;
            // Kaiming is all that the paper says, and both of ours are that.
            string paper =
                parameter == "weights.init" ? "Kaiming"
                : parameter == "threshold.init" ? "1.25 · 0.25 (DVS128 also 0 · 0.5 · 0.75 · 1)"
                : string.Join(" · ", stated);
            IEnumerable<string> allowed =
                parameter == "threshold.init" && model.Rows.Any(r => IsOf(r, PaperDataset.Dvs128))
                    ? stated.Concat(["0", "0.5", "0.75", "1"])
                    : stated;
            Add(meaning, symbol, parameter, paper, used, used.All(allowed.Contains));
        }
        foreach (PaperDataset dataset in PaperDataset.All)
        {
            ResultRow[] own = [.. model.Rows.Where(r => IsOf(r, dataset))];
            if (own.Length == 0)
                continue;
            string[] names = Used(own, "dataset.name"),
                hidden = Used(own, "network.hidden");
            string network = $"[{string.Join(", ", dataset.Hidden)}]";
            string[] samples = [.. own.Select(PaperConditions.TrainSamples).Where(double.IsFinite).Distinct().Select(Whole)];
            Add("data set", "", "dataset.name", dataset.Name, names, names.All(n => n == dataset.Recorded));
            Add($"hidden layers, {dataset.Name}", "", "network.hidden", network, hidden, hidden.All(h => h == network));
            Add(
                $"training samples, {dataset.Name}",
                "",
                "dataset.train_samples",
                Whole(dataset.TrainSamples),
                samples,
                samples.All(s => s == Whole(dataset.TrainSamples))
            );
        }
        return new ReportTable(
            $"paper-{PaperResults.Table2.Id}",
            "Table 2 of the paper, with its data sets and networks, beside what the trials of this run really "
                + "used. Every other parameter stands under Hyperparameters.",
            [
                new("hyperparameter", "hyperparameter", ColumnKind.RowHeader),
                new("symbol", "symbol", ColumnKind.Text),
                new("parameter", "parameter", ColumnKind.Text),
                new("paper", "paper", ColumnKind.Text),
                new("ours", "ours", ColumnKind.Text),
                new("", "agreement", ColumnKind.Text),
            ],
            rows,
            []
        );

        void Add(string meaning, string symbol, string parameter, string paper, string[] used, bool agrees) =>
            rows.Add([
                new(meaning),
                new(symbol),
                new(parameter),
                new(paper),
                new(used.Length == 0 ? Format.None : string.Join(" · ", used)),
                new(
                    used.Length == 0 ? "not used"
                    : agrees ? "as in the paper"
                    : Differs
                ),
            ]);
    }

    private static bool IsOf(ResultRow row, PaperDataset dataset) =>
        row.Parameters.GetValueOrDefault("dataset.name") is { } name && (name == dataset.Recorded || name == dataset.Generated);

    private static string[] Used(IEnumerable<ResultRow> rows, string parameter) =>
        [.. rows.Select(r => r.Parameters.GetValueOrDefault(parameter)).OfType<string>().Distinct()];

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
