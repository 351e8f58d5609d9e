using Rouser.Reports.Model;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>
/// What a study compares, sample by sample: intervals over seeds say what other seeds would give on the same test
/// samples; these say what other test samples would give.
/// </summary>
public static class SampleTables
{
    // The first of the study, which is no choice by results.
    private const int MostContrasts = 24;

    /// <summary>
    /// The trials whose predictions a report shows: those at the first setting of each study, and those of what is
    /// compared.
    /// </summary>
    public static IEnumerable<string> TrialsShown(ReportModel model) =>
        model
            .Studies.SelectMany(study =>
                study
                    .Rows.Where(row => row.Setting == study.Settings[0])
                    .SelectMany(row => row.Completed)
                    .Concat(Shown(study, model).SelectMany(c => Pairing.Of(c.Own, c.Other)?.Sources ?? []))
            )
            .Select(replicate => replicate.TrialId)
            .Distinct();

    /// <summary>
    /// The difference of each comparison over other seeds, over other test samples, and over both; null if no pair of
    /// trials has its predictions on record.
    /// </summary>
    public static ReportTable? Differences(ReportModel model, StudyResults study)
    {
        SampleContrast[] contrasts = [.. Contrasts(model, study)];
        if (contrasts.Length == 0)
            return null;
        TableBuilder<SampleContrast> table = new();
        table
            .AddHeader("comparison", "comparison", c => c.Contrast.Label)
            .AddCount("test samples", "test_samples", c => c.SampleCount)
            .AddEstimate(
                "other seeds",
                "difference_over_seeds_points",
                c => Cell(c, p => p.OverSeeds),
                "difference, points, with"
            )
            .AddEstimate(
                "other samples",
                "difference_over_samples_points",
                c => Cell(c, p => p.OverSamples),
                "difference, points, with"
            )
            .AddEstimate("both", "difference_over_both_points", c => Cell(c, p => p.OverBoth), "difference, points, with")
            .Add(
                "McNemar p < 0.05",
                "mcnemar_below_5_percent",
                ColumnKind.Number,
                c => ReportCell.Count(c.Pairs.Count(p => p.P < 0.05)).From(c.Sources)
            )
            .AddCount("of seeds", "seeds", c => c.Pairs.Count);
        return table.Build(
            $"test-samples-{study.Slug}",
            $"Test accuracy after the last epoch, study {study.Label}: how far the difference is known if there were other "
                + "seeds, other test samples from the same source, or both; 95 % intervals, n seeds or n samples. McNemar’s exact test "
                + "asks of one seed whether the samples could have fallen so by chance."
                + (Contrast.In(study, model.Run).Count > MostContrasts ? $" The first {MostContrasts} comparisons." : ""),
            contrasts
        );

        ReportCell Cell(SampleContrast contrast, Func<PairedSamples, Estimate> over) =>
            table.Notes.Marked(
                ReportCell.Of(over(contrast.Spread).Times(100).Lacking(contrast.Missing), 1, NumberStyle.Signed),
                contrast.SeedPairs
            );
    }

    /// <summary>McNemar’s test of each pair of trials; null if none has its predictions on record.</summary>
    public static ReportTable? McNemarTests(ReportModel model, StudyResults study)
    {
        (SampleContrast Contrast, SamplePair Pair)[] rows =
        [
            .. Contrasts(model, study).SelectMany(c => c.Pairs.Select(p => (c, p))),
        ];
        return rows.Length == 0
            ? null
            : new TableBuilder<(SampleContrast Contrast, SamplePair Pair)>()
                .AddHeader("comparison", "comparison", r => r.Contrast.Contrast.Label)
                .Add("seed", "seed", ColumnKind.Number, r => ReportCell.Count(r.Pair.Seed))
                .Add("first right alone", "only_first_right", ColumnKind.Number, r => Count(r.Pair, r.Pair.OnlyOwn))
                .Add("second right alone", "only_second_right", ColumnKind.Number, r => Count(r.Pair, r.Pair.OnlyOther))
                .Add("p", "mcnemar_p", ColumnKind.Number, r => ReportCell.Number(r.Pair.P, 4).From(r.Pair.Sources))
                .Build(
                    $"mcnemar-{study.Slug}",
                    $"McNemar’s exact test, study {study.Label}, seed by seed: test samples that only the first or only the second of two "
                        + "trainings gets right after the last epoch, and how often chance alone divides them so unequally.",
                    rows,
                    groupsRows: true
                );

        static ReportCell Count(SamplePair pair, int count) => ReportCell.Count(count).From(pair.Sources);
    }

    private static IEnumerable<Contrast> Shown(StudyResults study, ReportModel model) =>
        Contrast.In(study, model.Run).Take(MostContrasts);

    // Trials on other data, or without predictions, are no pairs; a contrast in which a pair lacks them would be one of
    // fewer seeds than the other tables have.
    private static IEnumerable<SampleContrast> Contrasts(ReportModel model, StudyResults study)
    {
        foreach (Contrast contrast in Shown(study, model))
        {
            if (Pairing.Of(contrast.Own, contrast.Other) is not { } seeds)
                continue;
            SamplePair[] pairs = [.. seeds.Complete.Select(p => SamplePair.Of(model, p.Own, p.Other)).OfType<SamplePair>()];
            if (pairs.Length == seeds.Complete.Count && pairs.All(p => p.Differences.Length == pairs[0].Differences.Length))
                yield return new(contrast, seeds, pairs, PairedSamples.Of([.. pairs.Select(p => p.Differences)]));
        }
    }

    private sealed record SampleContrast(
        Contrast Contrast,
        SeedPairs SeedPairs,
        IReadOnlyList<SamplePair> Pairs,
        PairedSamples Spread
    )
    {
        public int SampleCount => Pairs[0].Differences.Length;

        public int Missing => SeedPairs.Missing;

        public IReadOnlyList<Replicate> Sources => SeedPairs.Sources;
    }

    /// <summary>Two trials of a seed on the same samples.</summary>
    /// <param name="Differences">Of each sample: 1 where only the first is right, −1 where only the second is.</param>
    private sealed record SamplePair(long Seed, int[] Differences, IReadOnlyList<Replicate> Sources)
    {
        public int OnlyOwn { get; } = Differences.Count(d => d > 0);

        public int OnlyOther { get; } = Differences.Count(d => d < 0);

        public double P => McNemar.P(OnlyOwn, OnlyOther);

        public static SamplePair? Of(ReportModel model, Replicate own, Replicate other) =>
            own.DatasetDigest == other.DatasetDigest
            && model.Outcomes.GetValueOrDefault(own.TrialId) is { Count: > 1 } mine
            && model.Outcomes.GetValueOrDefault(other.TrialId) is { } theirs
            && mine.HasSamplesOf(theirs)
                ? new(
                    own.Seed,
                    [.. Enumerable.Range(0, mine.Count).Select(i => (mine.IsRight(i) ? 1 : 0) - (theirs.IsRight(i) ? 1 : 0))],
                    [own, other]
                )
                : null;
    }
}
