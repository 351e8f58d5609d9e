using Rouser.Core;
using Rouser.Results;
using Rouser.Snn.Readouts;
using Rouser.Storage.Predictions;
using Rouser.Storage.Tests.Files;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Predictions;

/// <summary>Predictions as they are kept beside the models.</summary>
public sealed class PredictionFolderTests
{
    private static readonly PlannedTrial Trial = Samples.Plan(2, 3).Trials[0];

    /// <summary>Three samples of two classes; the second is wrong.</summary>
    private static readonly TrialPredictions Said = new(Trial.Id, 2, [0, 1, 1], [5, 5, 300, 0, 127, 128]);

    [Fact]
    public void What_is_kept_comes_back_and_its_name_says_what_is_in_it()
    {
        using var folder = new TemporaryFolder();
        PredictionFolder kept = new(folder["said"]);
        Assert.Null(kept.FileOf(Trial.Id));
        Assert.Null(kept.Keep(Trial, Said, 2 / 3.0));
        string file = new PredictionFolder(folder["said"]).FileOf(Trial.Id)!;
        byte[] bytes = File.ReadAllBytes(file);
        Assert.Equal($"{Trial.Id}-{Convert.ToHexStringLower(bytes.AsSpan(^32..))}.predictions", Path.GetFileName(file));
        // 52 bytes of head, 9 numbers of which three take a second byte, and the sum.
        Assert.Equal(52 + 9 + 2 + 32, bytes.Length);
        TrialPredictions read = PredictionFolder.Read(file).Value;
        Assert.Equal((Said.Trial, 2), (read.Trial, read.ClassCount));
        Assert.Equal(Said.Labels, read.Labels);
        Assert.Equal(Said.OutputSpikes, read.OutputSpikes);
        // Of equals the lowest.
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(read.PredictedClass));
    }

    [Fact]
    public void What_does_not_give_the_result_on_record_is_not_kept()
    {
        using var folder = new TemporaryFolder();
        PredictionFolder kept = new(folder["said"]);
        Assert.NotNull(kept.Keep(Trial, Said, 1));
        Assert.NotNull(kept.Keep(Trial, Said, null));
        Assert.NotNull(kept.Keep(Samples.Plan(2, 3).Trials[1], Said, 2 / 3.0));
        Assert.NotNull(kept.Keep(Trial, Said with { OutputSpikes = [5, 5, 301, 0, 127, 128] }, 2 / 3.0));
        Assert.False(Directory.Exists(folder["said"]));
    }

    [Fact]
    public void Logits_come_back_to_the_last_bit_and_are_kept_only_where_the_output_does_not_spike()
    {
        using var folder = new TemporaryFolder();
        PredictionFolder kept = new(folder["said"]);
        TrialPredictions logits = new(Trial.Id, 2, [0, 1, 1], []) { Logits = [0.1f, -3e-20f, 7, -0f, -1, 1e30f] };
        PlannedTrial leaky = Trial with { Settings = Trial.Settings with { Readout = new LeakyReadout(ReadoutTime.Max) } };
        Assert.Contains("its output layer spikes", kept.Keep(Trial, logits, 2 / 3.0));
        Assert.Contains("does not have", kept.Keep(leaky, Said, 2 / 3.0));
        Assert.Null(kept.Keep(leaky, logits, 2 / 3.0));
        TrialPredictions read = PredictionFolder.Read(kept.FileOf(Trial.Id)!).Value;
        Assert.Equal(logits.Logits!.Select(BitConverter.SingleToInt32Bits), read.Logits!.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(logits.Labels, read.Labels);
        Assert.Empty(read.OutputSpikes);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(read.PredictedClass));

        TrialPredictions again = PredictionsTable.Read(PredictionsTable.Build(read)).Value;
        Assert.Equal(read.Logits!.Select(BitConverter.SingleToInt32Bits), again.Logits!.Select(BitConverter.SingleToInt32Bits));
        Assert.Empty(again.OutputSpikes);
    }

    [Fact]
    public void A_flipped_bit_or_a_cut_anywhere_is_a_mistake_of_one_line()
    {
        using var folder = new TemporaryFolder();
        PredictionFolder kept = new(folder["said"]);
        kept.Keep(Trial, Said, 2 / 3.0);
        string file = kept.FileOf(Trial.Id)!;
        byte[] whole = File.ReadAllBytes(file);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(file, flipped);
            AssertDamaged(file);
            File.WriteAllBytes(file, whole[..at]);
            AssertDamaged(file);
        }
        File.WriteAllBytes(file, whole);
        File.Move(file, Path.Combine(folder["said"], Path.GetFileName(file).Replace('a', 'b')));
        AssertDamaged(Path.Combine(folder["said"], Path.GetFileName(file).Replace('a', 'b')));
    }

    private static void AssertDamaged(string file)
    {
        UserError mistake = Assert.Single(PredictionFolder.Read(file).Errors);
        Assert.Equal(file, mistake.Location);
        Assert.DoesNotContain('\n', mistake.Message);
    }
}
