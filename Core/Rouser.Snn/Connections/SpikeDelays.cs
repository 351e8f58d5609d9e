using Rouser.Core.Parameters;

namespace Rouser.Snn.Connections;

/// <summary>Trained delays of spikes, in steps. Each d starts from a draw and stays within 0 and a greatest delay.</summary>
/// <param name="Max">The greatest delay, steps.</param>
/// <param name="Init">The bound of the draw, steps.</param>
/// <param name="LearningRate">The learning rate of d.</param>
public abstract record SpikeDelays(int Max, double Init, double LearningRate)
{
    /// <summary>The tensor of a <see cref="LayerState"/> that has d.</summary>
    public const string Tensor = "delays.d";

    /// <summary>The greatest delay.</summary>
    protected static Parameter MaxParameter { get; } =
        new(
            "network.max_delay",
            new ParameterType.Integer(1, 10_000),
            64,
            "Greatest delay in steps; trained delays stay between 0 and it."
        );

    /// <summary>The bound of the draw.</summary>
    protected static Parameter InitParameter { get; } =
        new("network.delay_init", ParameterType.NotNegative, 1.0, "Delays start uniform between 0 and this, in steps.");

    /// <summary>The learning rate.</summary>
    protected static Parameter LearningRateParameter { get; } =
        new(
            "network.delay_learning_rate",
            ParameterType.NotNegative,
            0.1,
            "Learning rate for delays, in steps; 0 keeps them as drawn."
        );

    /// <summary>What a sweep file can name.</summary>
    public static MethodFamily<SpikeDelays?> Family { get; } =
        new(
            "network.delays",
            ParameterType.None,
            "Delays of spikes on their way to neurons.\n{0}",
            () => [new(ParameterType.None, "none.", [], _ => null), AxonalDelays.Method, SynapticDelays.Method]
        )
        {
            IsOpen = false,
            SilentDefault = true,
        };

    /// <summary>What a draw asks of the greatest delay.</summary>
    protected static Requirement InitWithinMax { get; } =
        new(
            InitParameter.Name,
            set =>
                set.Real(InitParameter) > set.Int32(MaxParameter)
                    ? $"network.delay_init ({set.ValueOf(InitParameter)}) is above network.max_delay "
                        + $"({set.ValueOf(MaxParameter)})"
                    : null
        );

    /// <summary>d of a layer before training.</summary>
    /// <param name="seed">The trial's.</param>
    /// <param name="layer">From 1.</param>
    /// <param name="count">Delays of the layer.</param>
    public double[] Draw(long seed, int layer, int count)
    {
        RandomStream random = new(seed, $"delays/{layer}");
        double[] d = new double[count];
        foreach (ref double value in d.AsSpan())
            value = random.NextDouble(0, Init);
        return d;
    }

    /// <summary>How many delays the state of a layer has.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="layers">Layers of the network.</param>
    /// <param name="below">Neurons below it.</param>
    /// <param name="neurons">Its own.</param>
    public abstract int CountOf(int layer, int layers, int below, int neurons);

    /// <summary>D of a layer, from the tensors of its state, in the order of d; null where it has none.</summary>
    public int[]? StepsOf(IReadOnlyDictionary<string, float[]> tensors) =>
        tensors.TryGetValue(Tensor, out float[]? d) ? [.. d.Select(x => Steps(x))] : null;

    /// <summary>d after an update, within its range.</summary>
    public double Bounded(double d) => Math.Clamp(d, 0, Max);

    /// <summary>D, the whole steps of a delay; 0 of one that is no number.</summary>
    public int Steps(double d) => double.IsNaN(d) ? 0 : (int)Math.Floor(Bounded(d) + 0.5);
}
