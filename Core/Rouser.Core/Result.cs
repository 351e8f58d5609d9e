namespace Rouser.Core;

/// <summary>
/// A user's mistake: where it is and what to do about it. It is a result, not an exception, and ends in one line on the
/// console and exit code 2.
/// </summary>
/// <param name="Location">A file with an optional line (<c>x.yaml:12</c>), a folder or an option; empty if there is
/// none.</param>
/// <param name="Message">What is wrong and the remedy, in one sentence without a full stop.</param>
public readonly record struct UserError(string Location, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Location.Length == 0 ? Message : $"{Location}: {Message}";
}

/// <summary>Either a value or the mistakes that kept it from being made.</summary>
/// <typeparam name="T">What a well-formed input becomes.</typeparam>
public sealed class Result<T>
{
    private readonly T? _value;

    private Result(T? value, IReadOnlyList<UserError> mistakes)
    {
        _value = value;
        Errors = mistakes;
    }

    /// <summary>What is wrong, in the order of the input; empty when there is a value.</summary>
    public IReadOnlyList<UserError> Errors { get; }

    /// <summary>Whether there is a value.</summary>
    public bool IsOk => Errors.Count == 0;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There are mistakes instead; ask <see cref="IsOk"/>
    /// first.</exception>
    public T Value =>
        IsOk ? _value! : throw new InvalidOperationException($"No value, but mistakes: {string.Join("; ", Errors)}");

    /// <summary>Wraps a value.</summary>
    public static implicit operator Result<T>(T value) => new(value, []);

    /// <summary>Wraps a single mistake.</summary>
    public static implicit operator Result<T>(UserError mistake) => new(default, [mistake]);

    /// <summary>Wraps a value whose type is an interface, which no operator converts from.</summary>
    public static Result<T> Of(T value) => new(value, []);

    /// <summary>Wraps mistakes, at least one.</summary>
    public static Result<T> Failed(IReadOnlyList<UserError> mistakes) =>
        mistakes.Count > 0
            ? new(default, mistakes)
            : throw new ArgumentException("A wrong result needs a mistake.", nameof(mistakes));

    /// <summary>Goes on with the value, or passes the mistakes along.</summary>
    public Result<TNext> Then<TNext>(Func<T, Result<TNext>> next) => IsOk ? next(_value!) : Result<TNext>.Failed(Errors);
}
