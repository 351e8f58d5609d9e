using Rouser.Core.Parameters;
using Rouser.Snn.Fused.Thresholds;
using Rouser.Snn.Membranes;
using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// How a layer's firing thresholds come about and change. Each rule's file states its equations, once, with its form
/// in the reference and, where it acts within a sample, in the fused engine's kernels; every engine is held against
/// the reference.
/// </summary>
/// <param name="Init">Th_init, every neuron's threshold before training.</param>
public abstract record ThresholdRule(double Init)
{
    /// <summary>Th_init, which some rules look at.</summary>
    public static Parameter InitParameter { get; } =
        new(
            "threshold.init",
            ParameterType.NotNegative,
            1.25,
            "Initial threshold of every neuron, Th_init. For `ds_atgo`: the initial value of the running average."
        );

    /// <summary>All rules: a new one is its file and a line here.</summary>
    public static MethodFamily<ThresholdRule> Family { get; } =
        new(
            "threshold.rule",
            "fixed",
            "How thresholds are set and changed.\n{0}\nSee docs/reference/methods.md for equations and sources.",
            () =>
                [
                    FixedThreshold.Method,
                    LearnedThreshold.Method,
                    GainThreshold.Method,
                    LtmdThreshold.Method,
                    DietThreshold.Method,
                    TrsgThreshold.Method,
                    LeeThreshold.Method,
                    AnnealedThreshold.Method,
                    AdaptiveThreshold.Method,
                    DsAtgoThreshold.Method,
                ]
        )
        {
            Common = [InitParameter],
        };

    /// <summary>The range that an update keeps thresholds in.</summary>
    public ThresholdBounds Bounds { get; init; }

    /// <summary>
    /// Whether thresholds change while a batch is worked on, so that there is no one threshold of a neuron and a
    /// batch.
    /// </summary>
    public bool MovesWithinBatch => Form.IsPerStep || Form.HasState;

    /// <summary>Whether thresholds come from the potentials of the whole batch at each step.</summary>
    public bool NeedsWholeBatch => Form.IsPerStep;

    /// <summary>
    /// Whether the surrogate sees V/Th − 1 in place of V − Th, see <see cref="Surrogates.Surrogate"/>: its width then
    /// follows the threshold, which has to stay positive.
    /// </summary>
    public bool IsRelative => Form.IsRelative;

    /// <summary>Whether no threshold ever differs from Th_init.</summary>
    public virtual bool StaysFixed => false;

    /// <summary>
    /// The same of a trial's values: false for a rule that this program does not have, because a table may come from
    /// another version.
    /// </summary>
    public static bool StaysFixedIn(ParameterSet set) => Family.Find(set) is { } method && method.Build(set).StaysFixed;

    /// <summary>What the rule does within a sample.</summary>
    internal virtual ThresholdForm Form => ThresholdForm.Of<ConstantThreshold>();

    /// <summary>The numbers of its kernel.</summary>
    internal virtual ThresholdConstants Constants => default;

    /// <summary>
    /// The membrane of a trial with this rule: the one that the values name, unless the rule brings its own.
    /// </summary>
    public virtual Membrane MembraneFor(ParameterSet set) => Membrane.Family.Build(set);

    /// <summary>The surrogate likewise, in the units that the rule's kernels take it in.</summary>
    public virtual Surrogate SurrogateFor(ParameterSet set) => Surrogate.Family.Build(set);

    /// <summary>A layer's thresholds in the fused engine, and what a batch makes of them.</summary>
    internal virtual LayerThresholds ForLayer(TrainingSettings settings, int neurons) =>
        new ConstantThresholds(settings, neurons);

    /// <summary>The same in double precision, with what the rule does within a sample.</summary>
    internal virtual ReferenceThreshold ForReference(TrainingSettings settings, ReferenceLayer layer) => new(layer);

    /// <summary>What a rule asks whose surrogate divides by the threshold.</summary>
    private protected static Requirement IsPositive(string word) =>
        new(
            InitParameter.Name,
            set =>
                set.Real(InitParameter) <= 0
                    ? $"threshold.init (0) must be positive for threshold.rule {word}, whose surrogate divides by the threshold"
                    : null
        );
}
