using Rouser.Core.Parameters;

namespace Rouser.Snn.Optimizers.Schedules;

/// <summary>
/// How learning rates change over a training: a factor of every learning rate, of weights, thresholds and decays
/// alike, for each update. Immutable and safe to share between threads.
/// </summary>
/// <remarks>
/// Time is counted in epochs, and in parts of them: update n of U updates an epoch is made at e = (n − 1)/U. During a
/// warm-up of w epochs the factor is multiplied by
/// <code>
/// min(1, n / (w·U))
/// </code>
/// so that the first update already moves something, and the last one of the warm-up has the whole rate.
/// </remarks>
public abstract record Schedule
{
    private static readonly Parameter WarmupParameter = new(
        "optimizer.warmup_epochs",
        ParameterType.NotNegative,
        0.0,
        "Epochs, or a part of one, over which learning rates rise linearly to what the schedule gives."
    )
    {
        SilentDefault = true,
    };

    /// <summary>All schedules: a new one is its file and a line here.</summary>
    public static MethodFamily<Schedule> Family { get; } =
        new(
            "optimizer.schedule",
            "constant",
            "How learning rates change over the training, those of thresholds and decays included.\n{0}",
            () => [ConstantSchedule.Method, CosineSchedule.Method, OneCycleSchedule.Method, StepSchedule.Method]
        )
        {
            Common = [WarmupParameter],
            SilentDefault = true,
        };

    /// <summary>w, the epochs of the warm-up.</summary>
    public double WarmupEpochs { get; init; }

    /// <summary>
    /// Whether the factor depends on how many epochs follow: then a training's first epochs are not those of a longer
    /// one.
    /// </summary>
    public virtual bool DependsOnLength => false;

    /// <summary>The factor of every learning rate.</summary>
    /// <param name="update">n, from 1.</param>
    /// <param name="length">How long the training is.</param>
    public double FactorAt(long update, TrainingLength length)
    {
        double epoch = (update - 1) / (double)length.UpdatesPerEpoch,
            warmup = WarmupEpochs * length.UpdatesPerEpoch;
        return Factor(epoch, length.Epochs) * (update < warmup ? update / warmup : 1);
    }

    /// <summary>The factor, but for the warm-up.</summary>
    /// <param name="epoch">e, epochs done, from 0.</param>
    /// <param name="epochs">E, all epochs.</param>
    protected abstract double Factor(double epoch, int epochs);

    /// <summary>Half a cosine from <paramref name="from"/>, at share 0, to <paramref name="to"/>, at share 1.</summary>
    private protected static double HalfCosine(double from, double to, double share) =>
        to + ((from - to) * (1 + PortableMath.CosPi(Math.Clamp(share, 0, 1))) / 2);

    /// <summary>A schedule's entry in the sweep file.</summary>
    /// <param name="parameters">The parameters that it alone uses.</param>
    /// <param name="make">Makes it from a trial's values.</param>
    protected static Method<Schedule> Named(
        string word,
        string doc,
        IReadOnlyList<Parameter> parameters,
        Func<ParameterSet, Schedule> make
    ) => new(word, doc, parameters, set => make(set) with { WarmupEpochs = set.Real(WarmupParameter) });
}

/// <summary>How long a training is.</summary>
/// <param name="Epochs">E, passes over the training samples.</param>
/// <param name="UpdatesPerEpoch">U, batches of a pass, the last and shorter one included.</param>
public readonly record struct TrainingLength(int Epochs, int UpdatesPerEpoch);
