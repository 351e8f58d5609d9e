using System.Text.Json.Nodes;
using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Parquet;
using Rouser.Storage.Predictions;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>The fourth table: made of the files of predictions, and read a trial at a time.</summary>
[Trait("Needs", DuckDb.Trait)]
public sealed class PredictionsFileTests : IDisposable
{
    private static readonly Plan Planned = Samples.Plan(3, 3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_trial_is_read_by_itself_as_it_was_kept()
    {
        Write(Kept(0, 1, 2));
        using PredictionsFile table = PredictionsFile.Open(_folder.File("metrics")).Value!;
        Assert.Equal(Planned.Trials.Select(t => t.Id), table.Trials);
        for (int place = 2; place >= 0; place--)
        {
            TrialPredictions read = table.Read(Planned.Trials[place].Id).Value!;
            Assert.Equal(Said(place).Labels, read.Labels);
            Assert.Equal(Said(place).OutputSpikes, read.OutputSpikes);
            Assert.Equal((Planned.Trials[place].Id, 4), (read.Trial, read.ClassCount));
        }
        Assert.Null(table.Read(Samples.Id(9)).Value);
    }

    [SkippableFact]
    public void DuckDb_reads_it_with_and_without_the_bounds_in_the_footer()
    {
        DuckDb.Require();
        Write(Kept(0, 1, 2));
        string file = _folder.File("metrics", PredictionsFile.FileName);
        JsonNode found = DuckDb.Check(file);
        Assert.Equal("150", $"{found["rows"]}");
        JsonArray answers = DuckDb.Where(file).AsArray();
        Assert.Empty(answers[0]!["differ"]!.AsArray());
    }

    [Fact]
    public void It_is_written_again_only_if_other_trials_are_in_it()
    {
        string file = _folder.File("metrics", PredictionsFile.FileName);
        Write(Kept(0, 1));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        string digests = File.ReadAllText(_folder.File("metrics", TableDigests.FileName));
        Write(Kept(0, 1));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
        Assert.Equal(digests, File.ReadAllText(_folder.File("metrics", TableDigests.FileName)));
        Write(Kept(0, 1, 2));
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
        Write([]);
        Assert.False(File.Exists(file));
        Assert.Null(PredictionsFile.Open(_folder.File("metrics")).Value);
        Assert.True(TableFiles.Read(_folder.File("metrics")).IsOk);
    }

    [Fact]
    public void A_damaged_file_is_left_out_and_told_of_and_the_table_made_whole_when_it_is_back()
    {
        string[] files = Kept(0, 1);
        byte[] whole = File.ReadAllBytes(files[0]);
        File.WriteAllBytes(files[0], whole[..^3]);
        Assert.Equal(files[0], Assert.Single(Write(files)).Location);
        using (PredictionsFile table = PredictionsFile.Open(_folder.File("metrics")).Value!)
            Assert.Equal([Planned.Trials[1].Id], table.Trials);
        File.WriteAllBytes(files[0], whole);
        Assert.Empty(Write(files));
        using PredictionsFile again = PredictionsFile.Open(_folder.File("metrics")).Value!;
        Assert.Equal(2, again.Trials.Count);
    }

    [Fact]
    public void A_table_that_was_changed_is_refused_and_written_again()
    {
        string file = _folder.File("metrics", PredictionsFile.FileName);
        Write(Kept(0, 1));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[100] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(file, Assert.Single(PredictionsFile.Open(_folder.File("metrics")).Errors).Location);
        Write(Kept(0, 1));
        Assert.True(PredictionsFile.Open(_folder.File("metrics")).IsOk);
    }

    private IReadOnlyList<UserError> Write(string[] files) =>
        TableFiles.Write(_folder.File("metrics"), OldTablesTests.Tables("built-in"), files);

    private string[] Kept(params int[] places)
    {
        PredictionFolder kept = new(_folder.File("predictions"));
        foreach (int place in places)
        {
            TrialPredictions said = Said(place);
            Assert.Null(kept.Keep(Planned.Trials[place], said, (double)said.Correct / said.SampleCount));
        }
        return [.. places.Select(place => kept.FileOf(Planned.Trials[place].Id)!)];
    }

    /// <summary>50 samples of 4 classes.</summary>
    private static TrialPredictions Said(int place)
    {
        RandomStream random = new(place, "predictions");
        return new TrialPredictions(
            Planned.Trials[place].Id,
            4,
            [.. Enumerable.Range(0, 50).Select(_ => random.NextInt(4))],
            [.. Enumerable.Range(0, 200).Select(_ => random.NextInt(200))]
        );
    }
}
