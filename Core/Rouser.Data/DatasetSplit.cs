namespace Rouser.Data;

/// <summary>Which part of a data set a sample belongs to.</summary>
public enum DatasetSplit
{
    /// <summary>Samples to train on.</summary>
    Train,

    /// <summary>Samples to test on.</summary>
    Test,
}
