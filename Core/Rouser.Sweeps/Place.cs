namespace Rouser.Sweeps;

/// <summary>Where something stands: <c>x.yaml:12</c> or <c>--set base.epochs=3</c>.</summary>
/// <param name="Text">As a <see cref="Mistake"/> shows it.</param>
/// <param name="Order">The line; overrides come after all lines.</param>
internal readonly record struct Place(string Text, long Order);

/// <summary>Collects mistakes, so that a file's author sees all of them at once.</summary>
internal sealed class MistakeList
{
    private readonly List<(Place Place, string Message)> _mistakes = [];

    public int Count => _mistakes.Count;

    public void Add(Place place, string message) => _mistakes.Add((place, message));

    /// <summary>In the order of the file, each once.</summary>
    public IReadOnlyList<Mistake> InOrder() =>
        [.. _mistakes.OrderBy(m => m.Place.Order).Select(m => new Mistake(m.Place.Text, m.Message)).Distinct()];
}
