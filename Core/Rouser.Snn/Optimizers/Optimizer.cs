using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Optimizers;

/// <summary>
/// How parameters move against their gradient after a batch. Weights, trained thresholds and trained decays follow the
/// same optimiser, each with a learning rate of its own. Immutable and safe to share between threads.
/// </summary>
/// <remarks>
/// With all gradients of an update in one vector g (of the weights as the network uses them, and of what trained
/// thresholds and decays are made of), clipping by norm (Pascanu et al. 2013) replaces it before the update by
/// <code>
/// g ← g · min(1, c / ‖g‖)
/// </code>
/// The norms that an epoch reports are those before clipping.
/// </remarks>
/// <param name="LearningRate">lr, for weights.</param>
public abstract record Optimizer(double LearningRate)
{
    /// <summary>lr.</summary>
    public static Parameter LearningRateParameter { get; } =
        new("optimizer.learning_rate", ParameterType.Positive, 0.001, "Learning rate for weights, lr.");

    private static readonly Parameter ClipNormParameter = new(
        "optimizer.clip_norm",
        new ParameterType.Real(0, Above: true, OrNone: true),
        ParameterType.None,
        "Greatest Euclidean norm c of an update's gradient: a longer one is shortened to it before the update "
            + "(Pascanu et al. 2013)."
    )
    {
        SilentDefault = true,
    };

    /// <summary>All optimisers: a new one is its file and a line here.</summary>
    public static MethodFamily<Optimizer> Family { get; } =
        new(
            "optimizer.kind",
            "adam",
            "Optimiser.\n{0}",
            () => [AdamOptimizer.Method, AdamWOptimizer.Method, SgdOptimizer.Method, RmsPropOptimizer.Method]
        )
        {
            Common = [LearningRateParameter, ClipNormParameter],
            IsOpen = false,
        };

    /// <summary>c, the greatest norm of an update's gradient; null for none.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>
    /// Whether it moves a weight that never had a gradient: then rows without an event cannot be left out.
    /// </summary>
    internal virtual bool MovesWithoutGradient => false;

    /// <summary>The constants of an update of the weights.</summary>
    internal virtual UpdateConstants ForWeights(UpdateStep step) => ForNeurons(step, LearningRate);

    /// <summary>The constants of an update of what trained thresholds or decays are made of.</summary>
    /// <param name="learningRate">Their own.</param>
    internal abstract UpdateConstants ForNeurons(UpdateStep step, double learningRate);

    /// <summary>Its kernels for a vector width.</summary>
    internal abstract UpdateKernels Kernels<TS, TV>()
        where TS : ISimd<TV>
        where TV : unmanaged;

    /// <summary>The same in double precision for one tensor.</summary>
    /// <param name="length">The tensor's values.</param>
    internal abstract ReferenceOptimizer ForReference(int length);

    /// <summary>An optimiser's entry in the sweep file.</summary>
    /// <param name="parameters">The parameters that it alone uses.</param>
    /// <param name="make">Makes it from a trial's values.</param>
    private protected static Method<Optimizer> Named(
        string word,
        string doc,
        IReadOnlyList<Parameter> parameters,
        Func<ParameterSet, Optimizer> make
    ) =>
        new(
            word,
            doc,
            parameters,
            set => make(set) with { ClipNorm = set.ValueOf(ClipNormParameter) is ParameterValue.Real norm ? norm.Value : null }
        );
}
