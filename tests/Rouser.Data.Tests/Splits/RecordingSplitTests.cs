using System.Globalization;
using CsCheck;
using Rouser.Data.Splits;

namespace Rouser.Data.Tests.Splits;

public class RecordingSplitTests
{
    private static readonly Gen<int[]> Labels = Gen.Int[0, 5].Array[2, 300];

    private static readonly SplitRule Fifth = new(SplitBy.Share, SplitUnit.Recording, 0.2, 0, 0, Seed: 0, "");

    [Fact]
    public void A_share_is_exact_over_all_and_within_one_of_it_in_every_class() =>
        Gen.Select(Labels, Gen.Double[0.01, 0.99], Gen.Int[0, 1000])
            .Sample(
                (labels, share, seed) =>
                {
                    bool[] held = HeldOut(labels, Fifth with { Share = share, Seed = seed });
                    int wanted = Math.Clamp(
                        (int)Math.Round(share * labels.Length, MidpointRounding.AwayFromZero),
                        1,
                        labels.Length - 1
                    );
                    Assert.Equal(wanted, held.Count(h => h));
                    // Where one recording at least is wanted of each part, a class may be a recording off.
                    double slack = wanted == Math.Round(share * labels.Length, MidpointRounding.AwayFromZero) ? 1 : 2;
                    foreach (int label in labels.Distinct())
                    {
                        int of = labels.Count(l => l == label),
                            got = labels.Where((l, i) => l == label && held[i]).Count();
                        Assert.InRange(got, (share * of) - slack, (share * of) + slack);
                    }
                }
            );

    [Fact]
    public void Folds_are_disjoint_cover_everything_and_differ_by_one_at_most_in_size_and_in_every_class() =>
        Gen.Select(Labels, Gen.Int[2, 7], Gen.Int[0, 1000])
            .Where((labels, folds, _) => labels.Length >= folds)
            .Sample(
                (labels, folds, seed) =>
                {
                    bool[][] parts =
                    [
                        .. Enumerable
                            .Range(1, folds)
                            .Select(fold => HeldOut(labels, new(SplitBy.Fold, SplitUnit.Recording, 0, folds, fold, seed, ""))),
                    ];
                    Assert.All(Enumerable.Range(0, labels.Length), i => Assert.Single(parts, part => part[i]));
                    Assert.InRange(Spread(part => part.Count(h => h)), 0, 1);
                    foreach (int label in labels.Distinct())
                        Assert.InRange(Spread(part => labels.Where((l, i) => l == label && part[i]).Count()), 0, 1);

                    int Spread(Func<bool[], int> count) => parts.Max(count) - parts.Min(count);
                }
            );

    [Fact]
    public void No_recording_and_no_group_is_in_two_parts() =>
        Gen.Select(Gen.Int[0, 9].Array[2, 100], Gen.Int[0, 4].Array[100], Gen.Bool, Gen.Int[0, 1000])
            .Where((recordings, _, _, _) => recordings.Select(r => r % 5).Distinct().Count() > 1)
            .Sample(
                (recordings, labels, byGroup, seed) =>
                {
                    SampleOrigin[] origins = [.. recordings.Select(r => new SampleOrigin($"r{r}", $"g{r % 5}"))];
                    bool[] held = RecordingSplit
                        .HeldOut(
                            origins,
                            labels[..origins.Length],
                            null,
                            Fifth with
                            {
                                Unit = byGroup ? SplitUnit.Group : SplitUnit.Recording,
                                Seed = seed,
                            },
                            "dataset.validation",
                            "here"
                        )
                        .Value;
                    Assert.Contains(true, held);
                    Assert.Contains(false, held);
                    Assert.Empty(Names(true).Intersect(Names(false)));

                    IEnumerable<string> Names(bool part) =>
                        origins.Where((_, i) => held[i] == part).Select(o => byGroup ? o.Group : o.Recording);
                }
            );

    // The same on every machine and in every version, because nothing of a split is kept but its rule.
    [Fact]
    public void The_draw_of_a_seed_is_what_it_always_was()
    {
        int[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 2)];
        Assert.Equal("0 3 15 18", Text(HeldOut(labels, Fifth)));
        Assert.Equal("1 4 6 10 15", Text(HeldOut(labels, new(SplitBy.Fold, SplitUnit.Recording, 0, 4, 2, Seed: 5, ""))));

        static string Text(bool[] held) =>
            string.Join(
                ' ',
                Enumerable.Range(0, held.Length).Where(i => held[i]).Select(i => i.ToString(CultureInfo.InvariantCulture))
            );
    }

    [Fact]
    public void Names_hold_out_what_they_fit_and_a_name_that_fits_nothing_is_said()
    {
        int[] labels = [0, 1, 0, 1];
        Assert.Equal([false, true, false, true], HeldOut(labels, Named("a/r1,*3")));
        Assert.Equal(
            "here: holds no recording for a/r9 of dataset.validation.files; its first one is a/r0",
            Assert.Single(Try(labels, Named("*3,a/r9")).Errors).ToString()
        );
        Assert.Contains(
            "names every recording",
            Assert.Single(Try(labels, Named("a/*")).Errors).Message,
            StringComparison.Ordinal
        );

        static SplitRule Named(string files) => new(SplitBy.Files, SplitUnit.Recording, 0, 0, 0, 0, files);
    }

    [Theory]
    [InlineData("*_<group>_*", "Train/0/0_george_12.npz", "george")]
    [InlineData("<group>-*", "lucas-a-3.csv", "lucas")]
    [InlineData("s<group>", "a/s07.wav", "07")]
    public void A_group_stands_where_the_pattern_says(string pattern, string name, string expected) =>
        Assert.Equal(expected, new GroupPattern(pattern).Find(name));

    [Fact]
    public void What_has_no_groups_or_too_few_is_said_with_the_remedy()
    {
        SplitRule byGroup = Fifth with { Unit = SplitUnit.Group };
        Assert.Contains(
            "set dataset.validation.unit: recording, or dataset.groups",
            Wrong(byGroup, null),
            StringComparison.Ordinal
        );
        Assert.Contains("does not fit dataset.groups (*_<group>)", Wrong(byGroup, "*_<group>"), StringComparison.Ordinal);
        Assert.Contains("1 groups, too few", Wrong(byGroup, "<group>*"), StringComparison.Ordinal);

        static string Wrong(SplitRule rule, string? pattern) =>
            Assert
                .Single(
                    RecordingSplit
                        .HeldOut([new("a/r0", ""), new("a/r1", "")], [0, 1], pattern, rule, "dataset.validation", "here")
                        .Errors
                )
                .Message;
    }

    private static bool[] HeldOut(int[] labels, SplitRule rule) => Try(labels, rule).Value;

    private static Result<bool[]> Try(int[] labels, SplitRule rule) =>
        RecordingSplit.HeldOut(
            [.. labels.Select((_, i) => new SampleOrigin($"a/r{i}", ""))],
            labels,
            null,
            rule,
            "dataset.validation",
            "here"
        );
}
