using Rouser.Coordination;
using Rouser.Core;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Sensitivity;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Web.Charts;

/// <summary>
/// What the results say so far: the report's own numbers, from the report's own code. Nothing is computed here.
/// </summary>
/// <param name="Study">The study's name.</param>
/// <param name="Answer">The report's sentence.</param>
/// <param name="Differences">Each row against the one that it is compared with.</param>
/// <param name="Importance">Shares of the variance, in percent; empty where there are none.</param>
/// <param name="ImportanceTitle">What they are shares of, or why there are none; empty where there is nothing to
/// say.</param>
internal sealed record StudyNumbers(
    string Study,
    string Answer,
    IReadOnlyList<DifferenceNumber> Differences,
    IReadOnlyList<ImportanceNumber> Importance,
    string ImportanceTitle
)
{
    /// <summary>Of every study of a run.</summary>
    /// <param name="results">The events of the trials that have their result (<see cref="ResultEvents"/>).</param>
    public static IReadOnlyList<StudyNumbers> Of(
        SweepSpec spec,
        Plan plan,
        IEnumerable<Event> results,
        RunEnvironment environment
    )
    {
        ResultTables tables = ResultTables.Build(spec, plan, results, environment);
        Result<ReportModel> model = ReportModel.From(tables);
        return model.IsOk ? [.. model.Value.Studies.Select(study => Of(model.Value, study))] : [];
    }

    private static StudyNumbers Of(ReportModel model, StudyResults study)
    {
        Design design = Design.Of(study);
        (Figure? figure, string? whyNot) =
            study.Epochs == 0 ? (null, null) : ImportanceFigure.Build(study, design, new Objective(model.Run.Metric));
        return new StudyNumbers(
            study.Name,
            StudyAnswer.Sentence(study, model),
            [.. Contrast.In(study, model.Run).Select(DifferenceNumber.Of)],
            figure is { Panels: [BarPanel panel, ..] }
                ? [.. panel.Bars.Select(bar => new ImportanceNumber(bar.Name, bar.Value))]
                : [],
            figure?.Caption ?? whyNot ?? ""
        );
    }
}

/// <summary>A difference between two rows, in percentage points of test accuracy after the last epoch.</summary>
/// <param name="Label">The two rows, in words.</param>
/// <param name="Arm">The arm of the row.</param>
/// <param name="Other">The arm that it is compared with.</param>
/// <param name="Setting">At which setting, in the paper's symbols.</param>
/// <param name="Value">The mean difference; null without a pair.</param>
/// <param name="Low">Lower end of its 95 % interval; null where there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="SoFarLow">While pairs are missing: lower end of the interval over those that are complete. The report
/// has none then, because the seeds that are there may be a choice by outcome.</param>
/// <param name="SoFarHigh">Upper end.</param>
/// <param name="N">Pairs of seeds behind it.</param>
/// <param name="Missing">Pairs that are planned and not complete.</param>
/// <param name="Verdict">What it comes to, in the report's words.</param>
internal sealed record DifferenceNumber(
    string Label,
    string Arm,
    string Other,
    string Setting,
    double? Value,
    double? Low,
    double? High,
    double? SoFarLow,
    double? SoFarHigh,
    int N,
    int Missing,
    string Verdict
)
{
    /// <summary>Of the report's.</summary>
    public static DifferenceNumber Of(Contrast contrast)
    {
        Estimate? soFar = contrast.Difference is { Missing: > 0 } ? OfCompletePairs(contrast) : null;
        return new(
            contrast.Label,
            contrast.Own.Arm,
            contrast.Other.Arm,
            SettingLabel.Short(contrast.Own.Setting),
            contrast.Difference?.Value,
            contrast.Difference?.Low,
            contrast.Difference?.High,
            soFar?.Low,
            soFar?.High,
            contrast.Difference?.N ?? 0,
            contrast.Difference?.Missing ?? contrast.Own.Replicates.Count,
            contrast.Verdict.Describe()
        );
    }

    private static Estimate OfCompletePairs(Contrast contrast) =>
        Estimate.Of([
            .. Pairing
                .Of(contrast.Own, contrast.Other)!
                .Complete.Select(pair => pair.Own.History.LastTestPercent - pair.Other.History.LastTestPercent),
        ]);
}

/// <summary>What a factor accounts for.</summary>
/// <param name="Share">Of the variance, in percent.</param>
internal sealed record ImportanceNumber(string Name, double Share);
