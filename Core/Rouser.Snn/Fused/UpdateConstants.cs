namespace Rouser.Snn.Fused;

/// <summary>
/// The numbers of one update, as the kernel of its <see cref="Optimizers.Optimizer"/> takes them; which of them it
/// looks at stands in the optimiser's file.
/// </summary>
internal readonly record struct UpdateConstants()
{
    /// <summary>What is kept of the first moment, or of the momentum.</summary>
    public float First { get; init; }

    /// <summary>What the gradient adds to the first moment.</summary>
    public float OneMinusFirst { get; init; }

    /// <summary>What is kept of the second moment.</summary>
    public float Second { get; init; }

    /// <summary>What the squared gradient adds to the second moment.</summary>
    public float OneMinusSecond { get; init; }

    /// <summary>−lr, with the correction of the first moment's bias, if it has one.</summary>
    public float MinusRate { get; init; }

    /// <summary>The correction of the bias of the second moment's root.</summary>
    public float RootCorrection { get; init; } = 1;

    /// <summary>ε.</summary>
    public float Epsilon { get; init; }

    /// <summary>What weight decay leaves of a weight.</summary>
    public float Kept { get; init; } = 1;

    /// <summary>What clipping leaves of the gradient; looked at where the gradient was written down.</summary>
    public float GradientFactor { get; init; } = 1;
}

/// <summary>Which update it is, and what holds for all parameters in it.</summary>
/// <param name="Update">Its number, from 1.</param>
/// <param name="RateFactor">What the schedule makes of every learning rate.</param>
/// <param name="GradientFactor">What clipping leaves of the gradient.</param>
internal readonly record struct UpdateStep(long Update, double RateFactor, float GradientFactor = 1);
