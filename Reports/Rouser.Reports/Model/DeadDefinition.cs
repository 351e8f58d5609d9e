namespace Rouser.Reports.Model;

/// <summary>The two ways to call a neuron dead. Both are recorded.</summary>
public enum DeadDefinition
{
    /// <summary>No spike over all training samples of the epoch.</summary>
    WholeEpoch,

    /// <summary>No spike on the first input of the epoch's last batch, as the paper's figure 10 takes it.</summary>
    FirstInput,
}
