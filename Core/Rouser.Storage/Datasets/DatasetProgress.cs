namespace Rouser.Storage.Datasets;

/// <summary>How far the reading or making of a data set is.</summary>
/// <param name="Work">What is being done: <c>decoding nmnist, train</c>.</param>
/// <param name="Done">Recordings or samples that are done.</param>
/// <param name="Total">Of so many.</param>
public readonly record struct DatasetProgress(string Work, int Done, int Total)
{
    /// <summary>What counts a piece of work for whoever looks on; null if nobody does.</summary>
    internal static Action<int>? Of(Action<DatasetProgress>? watch, string work, int total) =>
        watch is null ? null : done => watch(new(work, done, total));
}
