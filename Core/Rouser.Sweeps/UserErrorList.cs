namespace Rouser.Sweeps;

/// <summary>Where something stands: <c>x.yaml:12</c> or <c>--set base.epochs=3</c>.</summary>
/// <param name="Text">As a <see cref="UserError"/> shows it.</param>
/// <param name="Order">The line; overrides come after all lines.</param>
internal readonly record struct SourceLocation(string Text, long Order);

/// <summary>Collects mistakes, so that a file's author sees all of them at once.</summary>
internal sealed class UserErrorList
{
    private readonly List<(SourceLocation Place, string Message)> _errors = [];

    public int Count => _errors.Count;

    public void Add(SourceLocation place, string message) => _errors.Add((place, message));

    /// <summary>In the order of the file, each once.</summary>
    public IReadOnlyList<UserError> InOrder() =>
        [.. _errors.OrderBy(m => m.Place.Order).Select(m => new UserError(m.Place.Text, m.Message)).Distinct()];
}
