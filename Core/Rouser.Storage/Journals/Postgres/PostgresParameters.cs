using Npgsql;

namespace Rouser.Storage.Journals;

/// <summary>The values of a command, in the order of <c>$1</c>, <c>$2</c>, …, without boxing.</summary>
internal static class PostgresParameters
{
    /// <summary>Adds the next value.</summary>
    public static void AddValue<T>(this NpgsqlParameterCollection parameters, T value) =>
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
