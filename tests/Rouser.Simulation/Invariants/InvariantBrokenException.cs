using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rouser.Simulation.Invariants;

/// <summary>An invariant does not hold: the product has a defect, or the simulator has.</summary>
internal sealed class InvariantBrokenException(string message) : Exception(message);

/// <summary>States an invariant where it is checked.</summary>
internal static class Invariant
{
    /// <summary>Throws if it does not hold. The words are put together only then.</summary>
    /// <exception cref="InvariantBrokenException">It does not hold.</exception>
    public static void Demand(
        [DoesNotReturnIf(false)] bool holds,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref Otherwise otherwise
    )
    {
        if (!holds)
            throw new InvariantBrokenException(otherwise.ToString());
    }

    /// <summary>Text that is built only where an invariant does not hold: it is checked millions of times.</summary>
    [InterpolatedStringHandler]
    internal ref struct Otherwise
    {
        private DefaultInterpolatedStringHandler _text;

        public Otherwise(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

        public override string ToString() => _text.ToStringAndClear();
    }
}
