namespace Rouser.Core.Parameters;

/// <summary>An enumeration's names as a sweep file writes them: <c>same_step</c> is SameStep.</summary>
internal static class EnumNames<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>The values by their words, in their order.</summary>
    public static IReadOnlyDictionary<string, TEnum> Values { get; } =
        new OrderedDictionary<string, TEnum>(Enum.GetValues<TEnum>().Select(value => KeyValuePair.Create(NameOf(value), value)));

    private static string NameOf(TEnum value) =>
        string.Concat(
            value
                .ToString()
                .Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")
        );
}
