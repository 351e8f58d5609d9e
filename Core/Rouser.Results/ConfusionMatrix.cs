namespace Rouser.Results;

/// <summary>How many test samples of a label were said to be of a class.</summary>
/// <param name="ClassCount">Classes.</param>
/// <param name="Counts"><c>[label × predicted class]</c>.</param>
public sealed record ConfusionMatrix(int ClassCount, long[] Counts)
{
    /// <summary>Samples of a label that were said to be of a class.</summary>
    public long this[int label, int predicted] => Counts[(label * ClassCount) + predicted];

    /// <summary>Of the predictions of a trial.</summary>
    public static ConfusionMatrix Of(TrialPredictions predictions)
    {
        ConfusionMatrix matrix = new(predictions.ClassCount, new long[predictions.ClassCount * predictions.ClassCount]);
        for (int i = 0; i < predictions.SampleCount; i++)
            matrix.Counts[(predictions.Labels[i] * matrix.ClassCount) + predictions.PredictedClass(i)]++;
        return matrix;
    }

    /// <summary>Those of several trials added up, all of as many classes.</summary>
    public static ConfusionMatrix Sum(IReadOnlyList<ConfusionMatrix> matrices)
    {
        int classes = matrices[0].ClassCount;
        long[] sum = new long[classes * classes];
        foreach (ConfusionMatrix matrix in matrices)
        {
            for (int k = 0; k < sum.Length; k++)
                sum[k] += matrix.Counts[k];
        }
        return new ConfusionMatrix(classes, sum);
    }
}
