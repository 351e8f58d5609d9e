using Rouser.Core;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>The columns of the epochs table, each one value per row.</summary>
internal sealed class EpochColumns
{
    public EpochColumns(Table table, List<Mistake> mistakes)
    {
        TableReader reader = new(table, mistakes);
        TrialId = reader.Require<string>("trial_id").Values;
        Epoch = reader.Require<int>("epoch").Values;
        TrainLoss = reader.Require<double>("train_loss").Values;
        TrainAccuracy = reader.Require<double>("train_accuracy").Values;
        TestAccuracy = reader.Require<double>("test_accuracy").Values;
        Seconds = reader.Require<double>("seconds").Values;
        SamplesPerSecond = reader.Require<double>("samples_per_second").Values;
    }

    public string[] TrialId { get; }

    public int[] Epoch { get; }

    public double[] TrainLoss { get; }

    public double[] TrainAccuracy { get; }

    public double[] TestAccuracy { get; }

    public double[] Seconds { get; }

    public double[] SamplesPerSecond { get; }
}
